import assert from 'node:assert/strict'

import { StoreError, type StoreErrorCode } from '../../../store-error.ts'
import type { OwnedQuery, OwnedStore } from '../../owned-store.ts'
import type { Owned } from '../../owned.ts'

/** A store as the suite opens it: empty, and the same items behind each that is connected. */
export interface OpenedOwnedStores<Item extends Owned> {
  /** One more opened store, as another process has it. */
  connect(): Promise<OwnedStore<Item>>
  /** Damages an item where it is kept. */
  damage?(id: string): Promise<void>
  /** Puts everything away. */
  close?(): Promise<void>
}

/** What the one who opens a store may be unable to do. */
export interface OwnedStoreAbilities {
  /** `damage` is there: what is kept has checksums. */
  readonly damage: boolean
}

/** What a case is run with: one store, opened twice, and things to keep in it. */
export interface StoreScene {
  readonly store: OwnedStore<Owned>
  readonly other: OwnedStore<Owned>
  readonly damage: (id: string) => Promise<void>
  /** A thing of ann's, named as its id. */
  readonly itemOf: (id: string, change?: SampleChange) => Owned
  /** Keeps it; it must be new. */
  readonly keep: (store: OwnedStore<Owned>, id: string, change?: SampleChange) => Promise<Owned>
}

interface SampleChange extends Partial<Omit<Owned, 'id'>> {
  readonly description?: string
}

export interface StoreCase {
  readonly name: string
  readonly needs?: readonly (keyof OwnedStoreAbilities)[]
  readonly check: (scene: StoreScene) => Promise<void>
}

export const MANY = { maxOfOwner: 1_000 }

/** Makes things of one kind: `contentOf` gives what only they have. */
export function samplesOf(contentOf: (description: string) => object): Pick<StoreScene, 'itemOf' | 'keep'> {
  const itemOf: StoreScene['itemOf'] = (id, { description = `What ${id} does`, ...change } = {}) => ({
    id,
    name: id,
    owner: 'ann',
    visibility: 'private',
    ...contentOf(description),
    version: 1,
    createdAtMs: 5,
    updatedAtMs: 6,
    ...change,
  })
  return {
    itemOf,
    async keep(store, id, change) {
      const item = itemOf(id, change)
      assert.equal(await store.create(item, MANY), 'created', `${id} is created`)
      return item
    },
  }
}

/** The ids that a query finds, all pages together. */
export async function idsOf(store: OwnedStore<Owned>, query: Partial<OwnedQuery> = {}): Promise<readonly string[]> {
  const { found, next } = await store.list({ limit: 1_000, ...query })
  assert.equal(next, undefined, 'a page that holds all has no next')
  return found.map(({ id }) => id)
}

export async function rejects(promise: Promise<unknown>, code: StoreErrorCode, what: string): Promise<StoreError> {
  const error: unknown = await promise.then(
    () => assert.fail(`${what} does not reject`),
    (thrown: unknown) => thrown,
  )
  assert.ok(StoreError.is(error), `${what} rejects with a StoreError, not with ${String(error)}`)
  assert.equal(error.code, code, what)
  return error
}

import assert from 'node:assert/strict'

import { StoreError, type StoreErrorCode } from '@executus/core/store-error'

import type { PersonaQuery, PersonaStore } from '../../persona-store.ts'
import type { Persona } from '../../persona.ts'

/** A store as the suite opens it: empty, and the same personas behind each that is connected. */
export interface OpenedPersonaStores {
  /** One more opened store, as another process has it. */
  connect(): Promise<PersonaStore>
  /** Damages a persona where it is kept. */
  damage?(id: string): Promise<void>
  /** Puts everything away. */
  close?(): Promise<void>
}

/** What the one who opens a store may be unable to do. */
export interface PersonaStoreAbilities {
  /** `damage` is there: what is kept has checksums. */
  readonly damage: boolean
}

/** What a case is run with: one store, opened twice. */
interface StoreScene {
  readonly store: PersonaStore
  readonly other: PersonaStore
  readonly damage: (id: string) => Promise<void>
}

export interface StoreCase {
  readonly name: string
  readonly needs?: readonly (keyof PersonaStoreAbilities)[]
  readonly check: (scene: StoreScene) => Promise<void>
}

export const MANY = { maxOfOwner: 1_000 }

/** A persona of ann's, named as its id. */
export function personaOf(id: string, change: Partial<Persona> = {}): Persona {
  return {
    id,
    name: id,
    owner: 'ann',
    visibility: 'private',
    agent: { description: `What ${id} does`, instructions: 'Be brief.', tools: ['look'], limits: { maxSteps: 3 } },
    version: 1,
    createdAtMs: 5,
    updatedAtMs: 6,
    ...change,
  }
}

/** Keeps it; it must be new. */
export async function keep(store: PersonaStore, id: string, change: Partial<Persona> = {}): Promise<Persona> {
  const persona = personaOf(id, change)
  assert.equal(await store.create(persona, MANY), 'created', `${id} is created`)
  return persona
}

/** The ids that a query finds, all pages together. */
export async function idsOf(store: PersonaStore, query: Partial<PersonaQuery> = {}): Promise<readonly string[]> {
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

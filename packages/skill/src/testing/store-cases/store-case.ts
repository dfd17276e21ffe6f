import assert from 'node:assert/strict'

import { StoreError, type StoreErrorCode } from '@executus/core/store-error'

import type { SkillQuery, SkillStore } from '../../skill-store.ts'
import type { Skill } from '../../skill.ts'

/** A store as the suite opens it: empty, and the same skills behind each that is connected. */
export interface OpenedSkillStores {
  /** One more opened store, as another process has it. */
  connect(): Promise<SkillStore>
  /** Damages a skill where it is kept. */
  damage?(id: string): Promise<void>
  /** Puts everything away. */
  close?(): Promise<void>
}

/** What the one who opens a store may be unable to do. */
export interface SkillStoreAbilities {
  /** `damage` is there: what is kept has checksums. */
  readonly damage: boolean
}

/** What a case is run with: one store, opened twice. */
interface StoreScene {
  readonly store: SkillStore
  readonly other: SkillStore
  readonly damage: (id: string) => Promise<void>
}

export interface StoreCase {
  readonly name: string
  readonly needs?: readonly (keyof SkillStoreAbilities)[]
  readonly check: (scene: StoreScene) => Promise<void>
}

export const MANY = { maxOfOwner: 1_000 }

/** A skill of ann's, named as its id. */
export function skillOf(id: string, change: Partial<Skill> = {}): Skill {
  return {
    id,
    name: id,
    owner: 'ann',
    visibility: 'private',
    description: `What ${id} does`,
    inputs: [{ name: 'city', type: 'string', maxLength: 9 }],
    prompt: 'Look at {{city}}.',
    agent: { instructions: 'Be brief.', tools: ['look'], limits: { maxSteps: 3 } },
    version: 1,
    createdAtMs: 5,
    updatedAtMs: 6,
    ...change,
  }
}

/** Keeps it; it must be new. */
export async function keep(store: SkillStore, id: string, change: Partial<Skill> = {}): Promise<Skill> {
  const skill = skillOf(id, change)
  assert.equal(await store.create(skill, MANY), 'created', `${id} is created`)
  return skill
}

/** The ids that a query finds, all pages together. */
export async function idsOf(store: SkillStore, query: Partial<SkillQuery> = {}): Promise<readonly string[]> {
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

import assert from 'node:assert/strict'

import { StoreError, type StoreErrorCode } from '@executus/core/store-error'

import { type FiringRecord, firingIdOf, type Job } from '../../job.ts'
import type { ScheduleStore } from '../../schedule-store.ts'

/** A store as the suite opens it: empty, and the same jobs behind each. */
export interface OpenedStores {
  /** Opens the same jobs once more, as another process. */
  connect(): Promise<ScheduleStore>
  /** Damages a job where it is kept. */
  damage?(jobId: string): Promise<void>
  /** Puts everything away. */
  close?(): Promise<void>
}

/** What a store, or the one who opens it, may be unable to do. */
export interface ScheduleStoreAbilities {
  /** `damage` is there: jobs have checksums. */
  readonly damage: boolean
}

/** What a case is run with: the same jobs, opened twice. */
interface StoreScene {
  readonly store: ScheduleStore
  readonly other: ScheduleStore
  readonly damage: (jobId: string) => Promise<void>
  /** How often a race is run. */
  readonly races: number
}

export interface StoreCase {
  readonly name: string
  readonly needs?: readonly (keyof ScheduleStoreAbilities)[]
  readonly check: (scene: StoreScene) => Promise<void>
}

/** A job that is due at 1_000. */
export function jobOf(id: string, change: Partial<Job> = {}): Job {
  return {
    id,
    trigger: { everyMs: 1_000, anchorMs: 0 },
    payload: null,
    missed: 'once',
    isEnabled: true,
    dueAtMs: 1_000,
    nextAtMs: 1_000,
    runs: 0,
    createdAtMs: 1,
    version: 1,
    revision: 1,
    ...change,
  }
}

/** A job without next times. */
export function idleJob(id: string, change: Partial<Job> = {}): Job {
  const { dueAtMs: _due, nextAtMs: _next, ...rest } = jobOf(id)
  return { ...rest, ...change }
}

export function firingOf(jobId: string, dueAtMs: number, change: Partial<FiringRecord> = {}): FiringRecord {
  return { id: firingIdOf(jobId, dueAtMs), dueAtMs, startedAtMs: dueAtMs, expiresAtMs: dueAtMs + 1, ...change }
}

/** Any strings, none of them harmless to a careless store. */
export const STRANGE_TEXTS: readonly string[] = [
  'it\u2019s "quoted" \\ `so`',
  "'; DROP TABLE jobs; --",
  'a\0b',
  'a',
  'x'.repeat(10_000),
  '\u{1f469}\u200d\u{1f680} \u00e9 e\u0301 \u202e',
  '100%_[^a-z]*?',
  '__proto__',
  '2026@1000',
  '../../etc',
]

export async function rejects(promise: Promise<unknown>, code: StoreErrorCode, what: string): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(StoreError.is(error), `${what} rejects with a StoreError, not with ${String(error)}`)
    assert.equal(error.code, code, what)
    return true
  })
}

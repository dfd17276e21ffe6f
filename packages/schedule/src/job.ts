import type { JsonValue } from '@executus/core'

import type { NewTrigger, Trigger } from './trigger.ts'

/** A job as it is kept: data alone. All times are milliseconds since the epoch. */
export interface Job {
  readonly id: string
  readonly name?: string
  /** Whose it is: `list` gives the jobs of one owner. */
  readonly owner?: string
  readonly trigger: Trigger
  /** What the host's handler is given. */
  readonly payload: JsonValue
  readonly missed: MissedPolicy
  readonly jitterMs?: number
  readonly timeoutMs?: number
  readonly mayOverlap?: boolean
  readonly isEnabled: boolean
  /** The next time that the trigger names; absent while the job is disabled, and when no more is to come. */
  readonly dueAtMs?: number
  /** When that is fired: `dueAtMs` and the jitter of this very firing. */
  readonly nextAtMs?: number
  /** The newest due time that was fired or skipped. */
  readonly lastAtMs?: number
  /** What became of it. As kept, absent while it is at work; a schedule tells `running` or `unknown` then. */
  readonly lastOutcome?: FiringOutcome
  /** How many firings were begun. */
  readonly runs: number
  /** A firing is at work, and is given up at this time; until then none is begun, unless they may overlap. */
  readonly busyUntilMs?: number
  /** It is enabled and has no more times: since when, for `sweep`. */
  readonly endedAtMs?: number
  readonly createdAtMs: number
  /** Counts what its owner changed. */
  readonly version: number
  /** Counts every change, firings included. */
  readonly revision: number
}

/**
 * What becomes of due times at which nobody looked:
 *
 * - `skip`: they pass; only the newest one is fired, and that while it is no later than `missedAfterMs`.
 * - `once`: the newest one is fired, however late, and stands for all of them.
 * - `all`: each is fired, oldest first; of more than `maxCatchUp` the oldest pass.
 */
export type MissedPolicy = 'skip' | 'once' | 'all'

/**
 * `ran` and `failed`: its handler ended. `skipped`: it was passed over. `running`: it is at work. `unknown`: it was begun, and
 * its process has told nothing since; it is not begun again.
 */
export type FiringOutcome = 'ran' | 'failed' | 'skipped' | 'running' | 'unknown'

/** What a host says of a new job. */
export interface NewJob {
  /** @default an id from the schedule's `ids` */
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly owner?: string | undefined
  readonly trigger: NewTrigger
  /** @default null */
  readonly payload?: JsonValue
  /** @default 'once' */
  readonly missed?: MissedPolicy | undefined
  /**
   * Each firing is put off by up to so much, never past the next due time. By how much is a matter of the job's id and the
   * due time, so all processes agree. @default 0
   */
  readonly jitterMs?: number | undefined
  /** @default the schedule's `timeoutMs` */
  readonly timeoutMs?: number | undefined
  /** Whether a firing may begin while another of this job is at work; otherwise it waits for the end of that. @default false */
  readonly mayOverlap?: boolean | undefined
  /** @default true */
  readonly isEnabled?: boolean | undefined
}

/** What is left out stays as it is; `undefined` takes a name, an owner, a jitter, a timeout or an overlap away. */
export type JobChange = Partial<Omit<NewJob, 'id' | 'isEnabled'>>

/** A due time that was fired or skipped, as it is kept. */
export interface FiringRecord {
  /** `<job id>@<due time>` */
  readonly id: string
  readonly dueAtMs: number
  /** It stands for all due times from this one on. */
  readonly sinceMs?: number
  /** Of skipped ones: all due times before this one, from `dueAtMs` on. Absent when no other is to come. */
  readonly untilMs?: number
  readonly startedAtMs: number
  /** When it is given up, should nothing be heard of it. */
  readonly expiresAtMs: number
  readonly endedAtMs?: number
  /** As kept, absent while it is at work; a schedule tells `running` or `unknown` then. */
  readonly outcome?: FiringOutcome
  /** Why it failed. */
  readonly error?: string
}

/** The id of a firing: the same whoever asks, so that what is begun under it is begun once. */
export function firingIdOf(jobId: string, dueAtMs: number): string {
  return `${jobId}@${dueAtMs}`
}

import { type FiringRecord, firingIdOf, type Job } from '../job.ts'
import { withTimes } from '../make-job.ts'
import type { NamedTriggers } from '../times/next-time.ts'
import type { FiringPlan } from '../times/plan-firing.ts'

/** What is to be written before anything of a plan is begun. */
export interface ClaimedJob {
  readonly job: Job
  readonly skipped?: FiringRecord
  readonly fired?: FiringRecord
}

interface ClaimTimes {
  readonly startedAtMs: number
  readonly expiresAtMs: number
}

/** A job of which a plan is carried out: its next time is the one after, so that a crash repeats nothing. */
export function claimedJob(
  job: Job,
  { skipped, fired, lastAtMs, nextDueAtMs }: FiringPlan,
  { startedAtMs, expiresAtMs }: ClaimTimes,
  triggers: NamedTriggers,
): ClaimedJob {
  const { lastOutcome: _, ...rest } = job
  const became =
    fired === undefined ? { lastOutcome: 'skipped' as const } : { runs: job.runs + 1, busyUntilMs: expiresAtMs }
  const claimed = { ...rest, ...became, lastAtMs, revision: job.revision + 1 }
  const over = { startedAtMs, expiresAtMs: startedAtMs, endedAtMs: startedAtMs, outcome: 'skipped' as const }
  return {
    job: withTimes(claimed, nextDueAtMs, { triggers }),
    ...(skipped && { skipped: { id: firingIdOf(job.id, skipped.dueAtMs), ...skipped, ...over } }),
    ...(fired && { fired: { id: firingIdOf(job.id, fired.dueAtMs), ...fired, startedAtMs, expiresAtMs } }),
  }
}

/** Whether a firing is of this very job: one may be removed while it is at work, and made anew under its id. */
export function isFiringOf({ lastAtMs = -1 }: Job, { dueAtMs }: FiringRecord): boolean {
  return dueAtMs <= lastAtMs
}

/** A job of which a firing has ended. A newer one may have begun, as they may overlap or this one was given up. */
export function freedJob(job: Job, { dueAtMs, outcome }: FiringRecord, triggers: NamedTriggers): Job {
  if (job.lastAtMs !== dueAtMs || outcome === undefined) return job
  const { busyUntilMs: _, ...rest } = job
  const freed = { ...rest, lastOutcome: outcome }
  return job.endedAtMs === undefined ? freed : withTimes(freed, undefined, { triggers })
}

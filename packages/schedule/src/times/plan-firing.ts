import type { Job } from '../job.ts'
import type { NextTime } from '../trigger.ts'
import { fireTime } from './jitter.ts'
import { newestTime, oldestOfNewest } from './newest-time.ts'

/** What is to be done about a job that is due. */
export interface FiringPlan {
  /** The due times from `dueAtMs` on pass, up to `untilMs`, which does not; all when that is absent. */
  readonly skipped?: { readonly dueAtMs: number; readonly untilMs?: number }
  /** This one is fired, and stands for all since `sinceMs`. */
  readonly fired?: { readonly dueAtMs: number; readonly sinceMs?: number }
  /** The newest due time that this settles. */
  readonly lastAtMs: number
  /** The due time after that. */
  readonly nextDueAtMs?: number
}

export interface MissedLimits {
  /** A firing that is later was missed. */
  readonly missedAfterMs: number
  /** So many at most are caught up with. */
  readonly maxCatchUp: number
}

type DueJob = Pick<Job, 'id' | 'jitterMs' | 'missed'> & { readonly dueAtMs: number }

/** What a job whose `nextAtMs` has come asks for at `nowMs`. Its cost does not grow with the times that were missed. */
export function planFiring(job: DueJob, next: NextTime, nowMs: number, limits: MissedLimits): FiringPlan {
  if (job.missed === 'all') return planEach(job, next, nowMs, limits.maxCatchUp)
  const { dueAtMs } = job
  const newest = newestDue(job, next, nowMs)
  const after = next(newest)
  const rest = { lastAtMs: newest, ...(after !== undefined && { nextDueAtMs: after }) }
  if (job.missed === 'once')
    return { fired: { dueAtMs: newest, ...(newest > dueAtMs && { sinceMs: dueAtMs }) }, ...rest }
  if (nowMs - fireTime(job, newest, next) > limits.missedAfterMs)
    return { skipped: { dueAtMs, ...(after !== undefined && { untilMs: after }) }, ...rest }
  return { fired: { dueAtMs: newest }, ...(newest > dueAtMs && { skipped: { dueAtMs, untilMs: newest } }), ...rest }
}

/** The newest due time that is to be fired by now. */
function newestDue(job: DueJob, next: NextTime, nowMs: number): number {
  const newest = newestTime(next, job.dueAtMs, nowMs)
  if (newest === job.dueAtMs || fireTime(job, newest, next) <= nowMs) return newest
  // It is put off; the one before it is put off to a time before it.
  return newestTime(next, job.dueAtMs, newest - 1)
}

function planEach(job: DueJob, next: NextTime, nowMs: number, maxCatchUp: number): FiringPlan {
  const oldest = isMoreDue(job, next, nowMs, maxCatchUp)
    ? oldestOfNewest(next, job.dueAtMs, newestDue(job, next, nowMs), maxCatchUp)
    : job.dueAtMs
  const after = next(oldest)
  return {
    ...(oldest > job.dueAtMs && { skipped: { dueAtMs: job.dueAtMs, untilMs: oldest } }),
    fired: { dueAtMs: oldest },
    lastAtMs: oldest,
    ...(after !== undefined && { nextDueAtMs: after }),
  }
}

/** Whether more than `most` times are to be fired by now. */
function isMoreDue(job: DueJob, next: NextTime, nowMs: number, most: number): boolean {
  let time = job.dueAtMs
  for (let count = 0; count < most; count++) {
    const after = next(time)
    if (after === undefined || after > nowMs) return false
    time = after
  }
  return fireTime(job, time, next) <= nowMs
}

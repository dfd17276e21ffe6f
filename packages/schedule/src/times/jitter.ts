import { createHash } from 'node:crypto'

import { firingIdOf, type Job } from '../job.ts'
import type { NextTime } from '../trigger.ts'

/**
 * When a due time of a job is fired: put off by a part of `jitterMs` that only the job and the time decide, and never as far
 * as the next due time, so that their order stays.
 */
export function fireTime(job: Pick<Job, 'id' | 'jitterMs'>, dueAtMs: number, next: NextTime): number {
  const { id, jitterMs = 0 } = job
  if (jitterMs === 0) return dueAtMs
  const mostMs = Math.min(jitterMs, (next(dueAtMs) ?? Number.POSITIVE_INFINITY) - dueAtMs)
  return dueAtMs + Math.floor(partOf(firingIdOf(id, dueAtMs)) * mostMs)
}

/** A number from 0 to below 1, evenly spread over texts. */
function partOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32
}

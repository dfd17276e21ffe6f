import { StoreError } from '@executus/core/store-error'

import type { FiringRecord, Job } from './job.ts'
import type { ScheduleStore } from './schedule-store.ts'

/** Each failure means that another came through, so this many mean that something is wrong. */
const TRIES = 100

/**
 * Changes a job as it is at one moment, whoever else is at it. Gives it as it is then; `undefined` when there is none.
 * Rejects with what `change` throws, and with `StoreError`.
 */
export async function changeJob(
  store: ScheduleStore,
  jobId: string,
  keep: number,
  change: (job: Job) => { readonly job: Job; readonly firings?: readonly FiringRecord[] },
): Promise<Job | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const job = await store.get(jobId)
    if (job === undefined) return undefined
    const changed = change(job)
    const next = { ...changed.job, revision: job.revision + 1 }
    if (await store.save(next, { expectRevision: job.revision, keep, firings: changed.firings ?? [] })) return next
  }
  throw new StoreError('busy', `The job ${jobId} was changed by others each time`)
}

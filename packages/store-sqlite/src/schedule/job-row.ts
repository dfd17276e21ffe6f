import { StoreError } from '@executus/core/store-error'
import type { FiringRecord, Job } from '@executus/schedule'

import { type Body, bodyOf, valueOf } from '../journal/body.ts'

/** A job as its row has it. */
export interface JobRow extends Body {
  readonly job_no: number
  readonly job_id: string
  readonly owner: string | null
  readonly next_at: number
  readonly busy_until: number
  readonly ended_at: number | null
}

export interface FiringRow extends Body {
  readonly due_at: number
}

export const JOB_COLUMNS = 'job_no, job_id, owner, next_at, busy_until, ended_at, crc, body'

/** `next_at` of a job without a next time. */
const NO_NEXT: number = Number.MAX_SAFE_INTEGER

/** What the columns beside the body say of a job. */
function columnsOf(job: Job): Omit<JobRow, 'job_no' | keyof Body> {
  return {
    job_id: job.id.toWellFormed(),
    owner: job.owner?.toWellFormed() ?? null,
    next_at: job.nextAtMs ?? NO_NEXT,
    busy_until: job.mayOverlap === true ? 0 : (job.busyUntilMs ?? 0),
    ended_at: job.endedAtMs ?? null,
  }
}

/** The values of a row, in the order of `JOB_COLUMNS` without the number. */
export function valuesOf(job: Job): (string | number | null)[] {
  const { body, crc } = bodyOf(job)
  return [...Object.values(columnsOf(job)), crc, body]
}

/** The job of a row; `undefined` when it is damaged. */
export function jobOf(row: JobRow): Job | undefined {
  const job = valueOf(row) as Job | undefined
  if (job === undefined) return undefined
  const columns = columnsOf(job)
  return Object.entries(columns).every(([name, value]) => row[name as keyof JobRow] === value) ? job : undefined
}

/** @throws StoreError `corrupt` when it is damaged */
export function soundJobOf(row: JobRow): Job {
  const job = jobOf(row)
  if (job === undefined) throw new StoreError('corrupt', `The job ${row.job_id} is damaged`)
  return job
}

/** The firing of a row; `undefined` when it is damaged. */
export function firingOf(row: FiringRow): FiringRecord | undefined {
  const firing = valueOf(row) as FiringRecord | undefined
  return firing?.dueAtMs === row.due_at ? firing : undefined
}

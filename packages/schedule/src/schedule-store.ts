import type { FiringRecord, Job } from './job.ts'

/**
 * Where jobs are kept. It knows no calendar: what is due when stands in the jobs.
 *
 * Contract for every method: it resolves only when its effect is durable, and is then seen by all who have opened the same
 * jobs; it rejects with a `StoreError` and leaves the store as it was. What is given out are copies, and what is taken in is
 * copied. Ids, names and texts are any strings, but that a half of a surrogate pair may come back well-formed. A job that is
 * damaged makes the calls that ask for it by its id reject with `corrupt`, but for `remove`; in a page it is named apart.
 */
export interface ScheduleStore {
  /** Keeps a new job. Rejects with `exists` when there is one of its id. */
  add(job: Job): Promise<void>

  /** A job, or `undefined` when there is none. */
  get(jobId: string): Promise<Job | undefined>

  /**
   * Puts `job` in the place of the one of its id, and `firings` into its history, in one step. Gives false, and does nothing,
   * when there is none or its `revision` is not `expectRevision`: of several that were at it, one comes through.
   */
  save(job: Job, options: SaveOptions): Promise<boolean>

  /** Forgets a job and its history; gives whether there was one. */
  remove(jobId: string): Promise<boolean>

  /**
   * Jobs by `nextAtMs`, those without one last; of the same time, in the order in which they were made. A page begins where
   * the one before it ended, whatever has gone since.
   */
  list(query: JobQuery): Promise<JobPage>

  /**
   * Jobs whose `nextAtMs` is `nowMs` or before, in that order; but not those whose `busyUntilMs` is after `nowMs`, unless
   * they may overlap.
   */
  due(query: DueQuery): Promise<JobPage>

  /** The first `nextAtMs` of any job that is after `afterMs`. */
  nextAt(afterMs: number): Promise<number | undefined>

  /** The newest `limit` firings of a job by due time, newest first; one that is damaged is left out. */
  history(jobId: string, query: { readonly limit: number }): Promise<readonly FiringRecord[]>

  /** Forgets at most `limit` jobs whose `endedAtMs` is before `endedBeforeMs`, oldest first; gives how many. */
  sweep(query: { readonly endedBeforeMs: number; readonly limit: number }): Promise<number>

  /** Closes. Every later call but another `close` rejects with `closed`. */
  close(): Promise<void>
}

export interface SaveOptions {
  /** The `revision` that the job had when it was read. */
  readonly expectRevision: number
  /** New ones, or others in the place of those of the same due time. */
  readonly firings?: readonly FiringRecord[]
  /** So many firings of the job are kept, the newest by due time. */
  readonly keep: number
}

export interface JobQuery {
  /** None for 0 or less; `Infinity` for all. */
  readonly limit: number
  readonly owner?: string
  /** The `next` of the page before; rejects with RangeError when it is none. */
  readonly after?: string
}

export interface DueQuery extends Pick<JobQuery, 'limit' | 'after'> {
  readonly nowMs: number
}

export interface JobPage {
  readonly jobs: readonly Job[]
  /** Ids of jobs that belong here and are damaged. */
  readonly damaged: readonly string[]
  /** There when more may follow. */
  readonly next?: string
}

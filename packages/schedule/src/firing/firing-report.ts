/** What came of a due time. */
export interface FiringReport {
  /** `<job id>@<due time>` */
  readonly id: string
  readonly jobId: string
  readonly dueAtMs: number
  /**
   * `ran` and `failed`: its handler ended. `skipped`: it passed. `taken`: another process had begun it, or the job was changed
   * just then.
   */
  readonly outcome: 'ran' | 'failed' | 'skipped' | 'taken'
  /** Why it failed. */
  readonly error?: string
  /** It stands for all due times from this one on. */
  readonly sinceMs?: number
  /** Of skipped ones: all due times before this one, from `dueAtMs` on. Absent when no other is to come. */
  readonly untilMs?: number
}

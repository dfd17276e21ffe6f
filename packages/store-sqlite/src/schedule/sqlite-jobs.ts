import { StoreError } from '@executus/core/store-error'
import type { DueQuery, FiringRecord, Job, JobPage, JobQuery, SaveOptions, ScheduleStore } from '@executus/schedule'

import { bodyOf } from '../journal/body.ts'
import type { SqliteDatabase } from '../sqlite-database.ts'
import { TableAccess } from '../table-access.ts'
import { firingOf, type FiringRow, JOB_COLUMNS, type JobRow, soundJobOf, valuesOf } from './job-row.ts'
import { dueJobs, listedJobs, mostOf } from './list-jobs.ts'

/** Each method is one transaction: what is expected of a job is looked at in the same one that writes. */
export class SqliteJobs implements ScheduleStore {
  readonly #tables: TableAccess

  constructor(db: SqliteDatabase, isDatabaseOurs: boolean) {
    this.#tables = new TableAccess(db, isDatabaseOurs)
  }

  add(job: Job): Promise<void> {
    return this.#tables.write(() => {
      if (this.#find(job.id) !== undefined) throw new StoreError('exists', `There is a job ${job.id} already`)
      const sql = `INSERT INTO jobs(job_id, owner, next_at, busy_until, ended_at, crc, body) VALUES (?, ?, ?, ?, ?, ?, ?)`
      this.#tables.prepare(sql).run(...valuesOf(job))
    })
  }

  get(jobId: string): Promise<Job | undefined> {
    return this.#tables.read(() => {
      const row = this.#find(jobId)
      return row && soundJobOf(row)
    })
  }

  save(job: Job, { expectRevision, firings = [], keep }: SaveOptions): Promise<boolean> {
    return this.#tables.write(() => {
      const row = this.#find(job.id)
      if (row === undefined || soundJobOf(row).revision !== expectRevision) return false
      const sql = `
        UPDATE jobs SET job_id = ?, owner = ?, next_at = ?, busy_until = ?, ended_at = ?, crc = ?, body = ? WHERE job_no = ?`
      this.#tables.prepare(sql).run(...valuesOf(job), row.job_no)
      this.#record(row.job_no, firings, keep)
      return true
    })
  }

  remove(jobId: string): Promise<boolean> {
    return this.#tables.writeOne(() => {
      const { changes } = this.#tables.prepare('DELETE FROM jobs WHERE job_id = ?').run(jobId.toWellFormed())
      return changes > 0
    })
  }

  list(query: JobQuery): Promise<JobPage> {
    return this.#tables.read(() => listedJobs(this.#tables, query))
  }

  due(query: DueQuery): Promise<JobPage> {
    return this.#tables.read(() => dueJobs(this.#tables, query))
  }

  nextAt(afterMs: number): Promise<number | undefined> {
    return this.#tables.read(() => {
      const sql = `SELECT next_at FROM jobs WHERE next_at > ? AND next_at < ${Number.MAX_SAFE_INTEGER} ORDER BY next_at LIMIT 1`
      return (this.#tables.prepare(sql).get(afterMs) as Pick<JobRow, 'next_at'> | undefined)?.next_at
    })
  }

  history(jobId: string, { limit }: { readonly limit: number }): Promise<readonly FiringRecord[]> {
    return this.#tables.read(() => {
      const sql = `
        SELECT due_at, crc, body FROM firings WHERE job_no = (SELECT job_no FROM jobs WHERE job_id = ?)
        ORDER BY due_at DESC LIMIT ?`
      const rows = this.#tables.prepare(sql).all(jobId.toWellFormed(), mostOf(limit)) as FiringRow[]
      return rows.map(firingOf).filter((firing) => firing !== undefined)
    })
  }

  sweep(query: { readonly endedBeforeMs: number; readonly limit: number }): Promise<number> {
    return this.#tables.writeOne(() => {
      const sql = `
        DELETE FROM jobs WHERE job_no IN (
          SELECT job_no FROM jobs WHERE ended_at IS NOT NULL AND ended_at < ? ORDER BY ended_at, job_no LIMIT ?)`
      return Number(this.#tables.prepare(sql).run(query.endedBeforeMs, mostOf(query.limit)).changes)
    })
  }

  close(): Promise<void> {
    return this.#tables.close()
  }

  #find(jobId: string): JobRow | undefined {
    const sql = `SELECT ${JOB_COLUMNS} FROM jobs WHERE job_id = ?`
    return this.#tables.prepare(sql).get(jobId.toWellFormed()) as JobRow | undefined
  }

  #record(jobNo: number, firings: readonly FiringRecord[], keep: number): void {
    const put = 'INSERT OR REPLACE INTO firings(job_no, due_at, crc, body) VALUES (?, ?, ?, ?)'
    for (const firing of firings) {
      const { body, crc } = bodyOf(firing)
      this.#tables.prepare(put).run(jobNo, firing.dueAtMs, crc, body)
    }
    const forget = `
      DELETE FROM firings WHERE job_no = ? AND due_at <= (
        SELECT due_at FROM firings WHERE job_no = ? ORDER BY due_at DESC LIMIT 1 OFFSET ?)`
    this.#tables.prepare(forget).run(jobNo, jobNo, mostOf(keep))
  }
}

import type { DueQuery, Job, JobPage, JobQuery } from '@executus/schedule'

import type { SqliteDatabase } from '../sqlite-database.ts'
import { JOB_COLUMNS, jobOf, type JobRow } from './job-row.ts'

/** SQLite's largest LIMIT that a number of JavaScript binds as an integer. */
const MOST = 2 ** 31 - 2

/** A limit that SQLite takes. */
export function mostOf(limit: number): number {
  return Math.max(0, Math.min(limit, MOST))
}

const LISTS = {
  all: `SELECT ${JOB_COLUMNS} FROM jobs WHERE (next_at, job_no) > (?, ?) ORDER BY next_at, job_no LIMIT ?`,
  owned: `
    SELECT ${JOB_COLUMNS} FROM jobs
    WHERE owner = ? AND (next_at, job_no) > (?, ?) ORDER BY next_at, job_no LIMIT ?`,
  due: `
    SELECT ${JOB_COLUMNS} FROM jobs
    WHERE next_at <= ? AND (next_at, job_no) > (?, ?) AND busy_until <= ? ORDER BY next_at, job_no LIMIT ?`,
} as const

export function listedJobs(db: Pick<SqliteDatabase, 'prepare'>, { limit, owner, after }: JobQuery): JobPage {
  const place = placeOf(after)
  return pageOf(limit, (most) =>
    owner === undefined
      ? db.prepare(LISTS.all).all(...place, most)
      : db.prepare(LISTS.owned).all(owner.toWellFormed(), ...place, most),
  )
}

export function dueJobs(db: Pick<SqliteDatabase, 'prepare'>, { limit, nowMs, after }: DueQuery): JobPage {
  const place = placeOf(after)
  // What has no next time has the largest, which no clock reaches.
  return pageOf(limit, (most) => db.prepare(LISTS.due).all(nowMs, ...place, nowMs, most))
}

/** One more than asked for is read, to know whether more may follow. */
function pageOf(limit: number, read: (most: number) => unknown[]): JobPage {
  const most = mostOf(limit)
  if (most === 0) return { jobs: [], damaged: [] }
  const rows = read(most + 1) as JobRow[]
  const page = rows.slice(0, most)
  const jobs: Job[] = []
  const damaged: string[] = []
  for (const row of page) {
    const job = jobOf(row)
    if (job === undefined) damaged.push(row.job_id)
    else jobs.push(job)
  }
  const last = page.at(-1)
  const isMore = last !== undefined && rows.length > page.length
  return { jobs, damaged, ...(isMore && { next: `${last.next_at} ${last.job_no}` }) }
}

function placeOf(after: string | undefined): readonly [nextAt: number, jobNo: number] {
  if (after === undefined) return [-1, 0]
  const [, nextAt, jobNo] = /^(\d+) (\d+)$/.exec(after) ?? []
  if (jobNo === undefined) throw new RangeError('Expected `query.after` to be the `next` of a page')
  return [Number(nextAt), Number(jobNo)]
}

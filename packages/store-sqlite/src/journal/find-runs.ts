import { type ClaimQuery, type ListQuery, type RecordStatus, restMs } from '@executus/checkpoint'
import { StoreError } from '@executus/core/store-error'

import { type Journal, nowOf } from './journal.ts'
import { RUN_COLUMNS, type RunRow } from './run-row.ts'

const STATUSES: readonly RecordStatus[] = [
  'running',
  'released',
  'waiting',
  'signalled',
  'settled',
  'poisoned',
  'quarantined',
]

/** SQLite's largest LIMIT that a number of JavaScript binds as an integer. */
const MOST = 2 ** 31 - 2

/** How many runs of a dead owner are looked at together; most of them may be resting. */
const PAGE = 100

export interface RunQuery extends Pick<ListQuery, 'status' | 'claimableOnly' | 'rootsOnly'> {
  /** At most so many, 0 or more. */
  readonly limit: number
  /** Only runs of a higher number. */
  readonly afterNo: number
}

/**
 * The run of this id.
 *
 * @throws StoreError `corrupt` when the index leads to another one, as a damaged index may
 */
export function findRun({ db }: Journal, runId: string): RunRow | undefined {
  // By its number: else the id would be taken from the index, and that of the row not be seen.
  const sql = `SELECT ${RUN_COLUMNS} FROM runs WHERE run_no = (SELECT run_no FROM runs WHERE run_id = ?)`
  const row = db.prepare(sql).get(runId) as RunRow | undefined
  if (row === undefined || row.run_id === runId.toWellFormed()) return row
  throw new StoreError('corrupt', `The row of ${runId} is damaged`)
}

/** The run, if it may be taken by its id: nobody works on it, and it is not set aside. */
export function findClaimableRun(
  journal: Journal,
  { runId, rootsOnly }: ClaimQuery & { readonly runId: string },
): RunRow[] {
  const row = findRun(journal, runId)
  if (row === undefined || (rootsOnly === true && row.parent_run_id !== null)) return []
  const isFree = row.status === 'released' || row.status === 'waiting' || row.status === 'signalled'
  return isFree || isAbandoned(journal, row) ? [row] : []
}

/** Whether its owner is gone without having given it back. */
export function isAbandoned({ lock }: Journal, { status, owner }: Pick<RunRow, 'status' | 'owner'>): boolean {
  return status === 'running' && (owner === null || lock.isDead(owner))
}

/** Runs by their numbers, of each status apart and then merged: each part comes from its index in order, and stops early. */
export function findRuns(journal: Journal, query: RunQuery): RunRow[] {
  const { status = STATUSES, claimableOnly = false, limit } = query
  const parts: Iterable<RunRow>[] = []
  if (claimableOnly) {
    for (const one of ['released', 'signalled'] as const)
      if (status.includes(one)) parts.push(ofStatus(journal, one, query))
    if (status.includes('running')) for (const owner of deadOwners(journal)) parts.push(rested(journal, owner, query))
  } else if (query.status === undefined) parts.push(some(journal, '1', [], query))
  else for (const one of STATUSES) if (status.includes(one)) parts.push(ofStatus(journal, one, query))
  const rows = parts.flatMap((part) => [...take(part, limit)])
  return rows.toSorted((a, b) => a.run_no - b.run_no).slice(0, limit)
}

function ofStatus(journal: Journal, status: RecordStatus, query: RunQuery): RunRow[] {
  // SQLite takes the index of open runs only where the condition of the index stands in so many words.
  const where = status === 'settled' ? `status = 'settled'` : `status = '${status}' AND status <> 'settled'`
  return some(journal, where, [], query)
}

/** What a dead owner held, and has rested since. */
function* rested(journal: Journal, owner: string, query: RunQuery): Iterable<RunRow> {
  const nowMs = nowOf(journal)
  const lastAt = journal.db.prepare('SELECT at FROM entries WHERE run_no = ? ORDER BY seq DESC LIMIT 1')
  const limit = Math.max(query.limit, PAGE)
  for (let { afterNo } = query; ;) {
    const page = some(journal, `owner = ? AND status = 'running'`, [owner], { ...query, afterNo, limit })
    for (const row of page) {
      const rest = restMs(row.crash_streak + 1)
      const last = rest === 0 ? undefined : (lastAt.get(row.run_no) as { readonly at: number } | undefined)
      const restedMs = nowMs - Math.max(row.claimed_at, last?.at ?? 0)
      // A clock that was set back must not let a run rest for as long again.
      if (rest === 0 || restedMs >= rest || restedMs < 0) yield row
    }
    if (page.length < limit) return
    afterNo = page.at(-1)?.run_no ?? MOST
  }
}

function some(
  { db }: Journal,
  where: string,
  values: readonly string[],
  { afterNo, rootsOnly = false, limit }: RunQuery,
): RunRow[] {
  const sql = `SELECT ${RUN_COLUMNS} FROM runs
    WHERE ${where} AND run_no > ? AND (? = 0 OR parent_no IS NULL) ORDER BY run_no LIMIT ?`
  return db.prepare(sql).all(...values, afterNo, rootsOnly ? 1 : 0, Math.min(limit, MOST)) as RunRow[]
}

/** From owner to owner through the index, which has an entry for each run that is at work. */
const OWNERS = `
  WITH RECURSIVE owners(owner) AS (
    SELECT min(owner) FROM runs WHERE owner IS NOT NULL
    UNION ALL
    SELECT (SELECT min(runs.owner) FROM runs WHERE runs.owner > owners.owner) FROM owners WHERE owners.owner IS NOT NULL
  )
  SELECT owner FROM owners WHERE owner IS NOT NULL`

function deadOwners({ db, lock }: Journal): string[] {
  const rows = db.prepare(OWNERS).all() as { readonly owner: string }[]
  return rows.map(({ owner }) => owner).filter((owner) => lock.isDead(owner))
}

function* take<T>(items: Iterable<T>, limit: number): Iterable<T> {
  let left = limit
  if (left <= 0) return
  for (const item of items) {
    yield item
    left -= 1
    if (left <= 0) return
  }
}

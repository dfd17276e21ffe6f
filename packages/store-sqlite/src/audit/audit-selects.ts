import { type AuditStoreQuery, placeOf } from '@executus/audit'

import type { SqliteValue } from '../sqlite-database.ts'
import { AUDIT_RUN_COLUMNS } from './run-rows.ts'

/** SQLite's largest LIMIT that a number of JavaScript binds as an integer. */
const MOST = 2 ** 31 - 2
const LARGEST = Number.MAX_SAFE_INTEGER

/** The conditions that have an index, those that leave the fewest runs first. */
const TEXTS = [
  ['parentRunId', 'parent_run_id'],
  ['rootRunId', 'root_run_id'],
  ['subject', 'subject'],
  ['caller', 'caller'],
  ['channel', 'channel'],
  ['guild', 'guild'],
  ['agent', 'agent'],
] as const

interface Select {
  readonly sql: string
  readonly values: readonly SqliteValue[]
}

/** One select, which goes along one index; or one for each status, as a list of them has no index in order. */
export function selectsOf(query: AuditStoreQuery): readonly Select[] {
  const texts = TEXTS.filter(([name]) => query[name] !== undefined)
  if (texts.length > 0 || query.status === undefined) return [selectOf(query, texts, query.status)]
  return [...new Set(query.status)].map((status) => selectOf(query, [], [status]))
}

function selectOf(
  query: AuditStoreQuery,
  texts: readonly (typeof TEXTS)[number][],
  status: AuditStoreQuery['status'],
): Select {
  // A plus keeps SQLite from taking the index of that column: it knows nothing of how many runs each leaves.
  const where = texts.map(([, column], index) => `${index === 0 ? '' : '+'}${column} = ?`)
  const values: SqliteValue[] = texts.map(([name]) => query[name]!.toWellFormed())
  if (status !== undefined) {
    where.push(`${texts.length > 0 ? '+' : ''}status IN (${status.map(() => '?').join(', ')})`)
    values.push(...status)
  }
  const { startedAtMs, number } = highest(query)
  where.push('(started_at, run_no) < (?, ?)', 'started_at >= ?')
  values.push(startedAtMs, number, whole(query.fromMs ?? -LARGEST))
  const sql = `SELECT ${AUDIT_RUN_COLUMNS} FROM audit_runs WHERE ${where.join(' AND ')}
    ORDER BY started_at DESC, run_no DESC LIMIT ?`
  return { sql, values: [...values, limitOf(query.limit) + 1] }
}

/** The place that all runs come after: that of the cursor, or the end of the time. */
function highest({ after, toMs }: AuditStoreQuery): ReturnType<typeof placeOf> {
  const cursor = after === undefined ? { startedAtMs: LARGEST, number: LARGEST } : placeOf(after)
  const end = toMs === undefined ? LARGEST : whole(toMs)
  return end <= cursor.startedAtMs && toMs !== undefined ? { startedAtMs: end, number: 0 } : cursor
}

/** Times are whole numbers, and so no run lies between a time and the next whole number. */
function whole(ms: number): number {
  return Math.min(Math.max(Math.ceil(ms), -LARGEST), LARGEST)
}

export function limitOf(limit: number): number {
  return Math.min(Math.max(Math.floor(limit), 0), MOST - 1)
}

import type { AuditChange, AuditRun, AuditWritten } from '@executus/audit'

import { bodyOf } from '../journal/body.ts'
import type { SqliteDatabase, SqliteValue } from '../sqlite-database.ts'

/** A change, made ready before the transaction: what cannot be written as JSON stops it before it begins. */
export interface PreparedChange {
  readonly runId: string
  readonly after: number
  readonly columns: readonly SqliteValue[]
  readonly bodies: readonly ReturnType<typeof bodyOf>[]
}

export function prepareChange({ run, after, entries }: AuditChange): PreparedChange {
  return {
    runId: run.runId.toWellFormed(),
    after,
    columns: columnsOf(run, after + entries.length),
    bodies: entries.map((entry) => bodyOf(entry)),
  }
}

/** In the order of `COLUMNS`. */
function columnsOf(run: AuditRun, head: number): readonly SqliteValue[] {
  const text = (value: string | undefined) => value?.toWellFormed() ?? null
  const { crc, body } = bodyOf(run)
  const { rootRunId, parentRunId, caller, channel, guild, agent, subject, status, startedAtMs, updatedAtMs } = run
  const texts = [rootRunId, parentRunId, caller, channel, guild, agent, subject, status].map(text)
  return [...texts, Math.trunc(startedAtMs), Math.trunc(updatedAtMs), head, crc, body]
}

const COLUMNS =
  'root_run_id, parent_run_id, caller, channel, guild, agent, subject, status, started_at, updated_at, head, crc, body'

/** Does one change, if its run is where it was thought to be. */
export function writeChange(
  db: Pick<SqliteDatabase, 'prepare'>,
  { runId, after, columns, bodies }: PreparedChange,
): AuditWritten {
  const find = 'SELECT run_no, head FROM audit_runs WHERE run_id = ?'
  const kept = db.prepare(find).get(runId) as { readonly run_no: number; readonly head: number } | undefined
  if (kept === undefined && after > 0) return 'gone'
  if (kept !== undefined && kept.head !== after) return 'moved'
  const runNo = kept?.run_no ?? makeRun(db, runId, columns)
  if (kept !== undefined)
    db.prepare(`UPDATE audit_runs SET (${COLUMNS}) = (${COLUMNS.replaceAll(/\w+/g, '?')}) WHERE run_no = ?`).run(
      ...columns,
      runNo,
    )
  const insert = db.prepare('INSERT INTO audit_entries(run_no, seq, crc, body) VALUES (?, ?, ?, ?)')
  for (const [index, { crc, body }] of bodies.entries()) insert.run(runNo, after + index + 1, crc, body)
  return 'written'
}

function makeRun(db: Pick<SqliteDatabase, 'prepare'>, runId: string, columns: readonly SqliteValue[]): number {
  const sql = `INSERT INTO audit_runs(run_id, ${COLUMNS}) VALUES (?, ${COLUMNS.replaceAll(/\w+/g, '?')})`
  return Number(db.prepare(sql).run(runId, ...columns).lastInsertRowid)
}

import type { StoredOutcome } from '@executus/checkpoint'

import { type Journal, nowOf } from './journal.ts'
import { HEAD } from './run-row.ts'

// A run and all below it.
const FAMILY = `
  WITH RECURSIVE family(run_no) AS (
    SELECT ?
    UNION ALL
    SELECT runs.run_no FROM runs JOIN family ON runs.parent_no = family.run_no
  )`

const CLOSED_WITH: StoredOutcome = { status: 'cancelled', stopReason: 'cancelled', output: '' }

/** Closes the record of a run, and those below it that are still open, as cancelled. */
export function settleFamily(journal: Journal, runNo: number, outcome: StoredOutcome): void {
  const { db } = journal
  const nowMs = nowOf(journal)
  const set = `UPDATE runs SET status = 'settled', owner = NULL, least_head = ${HEAD}, waits = NULL, outcome = ?, settled_at = ?`
  db.prepare(`${set} WHERE run_no = ?`).run(JSON.stringify(outcome), nowMs, runNo)
  db.prepare(`${FAMILY} ${set} WHERE run_no IN family AND status <> 'settled'`).run(
    runNo,
    JSON.stringify(CLOSED_WITH),
    nowMs,
  )
}

/** Tells a run and those below it that they are to end; who was told before keeps that reason. */
export function cancelFamily({ db }: Journal, runNo: number, reason: string): void {
  const sql = `${FAMILY} UPDATE runs SET cancel_reason = coalesce(cancel_reason, ?)
    WHERE run_no IN family AND status <> 'settled'`
  db.prepare(sql).run(runNo, reason)
}

export function forgetFamily({ db }: Journal, runNo: number): void {
  db.prepare(`${FAMILY} DELETE FROM runs WHERE run_no IN family`).run(runNo)
}

import type { StoredOutcome } from '@executus/checkpoint'

import { bodyOf } from './body.ts'
import { type Journal, nowOf } from './journal.ts'
import { HEAD } from './run-row.ts'

// A run and all below it.
const FAMILY = `
  WITH RECURSIVE family(run_no) AS (
    SELECT ?
    UNION ALL
    SELECT runs.run_no FROM runs JOIN family ON runs.parent_no = family.run_no
  )`

const CLOSED = bodyOf({ status: 'cancelled', stopReason: 'cancelled', output: '' } satisfies StoredOutcome)

/** Closes the record of a run, and those below it that are still open, as cancelled. */
export function settleFamily(journal: Journal, runNo: number, outcome: StoredOutcome): void {
  const { db } = journal
  const nowMs = nowOf(journal)
  const set = `UPDATE runs SET status = 'settled', owner = NULL, least_head = ${HEAD}, waits = NULL, outcome = ?, outcome_crc = ?, settled_at = ?`
  const own = bodyOf(outcome)
  db.prepare(`${set} WHERE run_no = ?`).run(own.body, own.crc, nowMs, runNo)
  const below = `${FAMILY} ${set} WHERE run_no IN family AND status <> 'settled'`
  db.prepare(below).run(runNo, CLOSED.body, CLOSED.crc, nowMs)
}

/** Tells a run and those below it that they are to end; who was told before keeps that reason. */
export function cancelFamily({ db }: Journal, runNo: number, reason: string): void {
  const sql = `${FAMILY} UPDATE runs SET cancel_reason = coalesce(cancel_reason, ?)
    WHERE run_no IN family AND status <> 'settled'`
  db.prepare(sql).run(runNo, reason)
}

/** How much a run and those below it say. */
export function bytesOfFamily({ db }: Journal, runNo: number): number {
  const sql = `${FAMILY} SELECT coalesce(sum(octet_length(body)), 0) AS bytes FROM entries WHERE run_no IN family`
  return (db.prepare(sql).get(runNo) as { readonly bytes: number }).bytes
}

/** Forgets a run and all below it, with their files. */
export function forgetFamily({ db }: Journal, runNo: number): void {
  const files = `DELETE FROM files WHERE run_id IN (SELECT run_id FROM runs WHERE run_no IN family)`
  db.prepare(`${FAMILY} ${files}`).run(runNo)
  db.prepare(`${FAMILY} DELETE FROM runs WHERE run_no IN family`).run(runNo)
}

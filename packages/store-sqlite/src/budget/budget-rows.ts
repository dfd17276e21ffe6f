import type { BudgetEntry, Charge, Counter, Counts, Grant, KeptCharge } from '@executus/budget'
import { StoreError } from '@executus/core/store-error'

import { type Body, bodyOf, valueOf } from '../journal/body.ts'
import type { SqliteDatabase } from '../sqlite-database.ts'

type Tables = Pick<SqliteDatabase, 'prepare'>

const COUNTER = 'SELECT crc, body FROM budget_counters WHERE account = ? AND window = ? AND start_at = ?'

/** @throws StoreError `corrupt` when its row is damaged: what is left cannot be told then */
export function readCounts(db: Tables, { account, window, startMs }: Counter): Counts {
  const row = db.prepare(COUNTER).get(account.toWellFormed(), window.toWellFormed(), startMs) as Body | undefined
  if (row === undefined) return { used: nothing(), reserved: nothing() }
  const counts = valueOf(row) as Counts | undefined
  if (counts !== undefined) return counts
  throw new StoreError('corrupt', `The counter of an account for ${window} is damaged`)
}

export function writeCounts(db: Tables, { account, window, startMs, endMs }: Counter, counts: Counts): void {
  const sql = `
    INSERT INTO budget_counters(account, window, start_at, end_at, crc, body) VALUES(?, ?, ?, ?, ?, ?)
    ON CONFLICT(account, window, start_at) DO UPDATE SET end_at = excluded.end_at, crc = excluded.crc, body = excluded.body`
  const { crc, body } = bodyOf(counts)
  db.prepare(sql).run(account.toWellFormed(), window.toWellFormed(), startMs, endMs, crc, body)
}

const CHARGE = 'SELECT crc, body FROM budget_charges WHERE run_id = ?'

/** @throws StoreError `corrupt` when its row is damaged */
export function readCharge(db: Tables, runId: string): KeptCharge | undefined {
  const row = db.prepare(CHARGE).get(runId.toWellFormed()) as Body | undefined
  if (row === undefined) return undefined
  const kept = valueOf(row) as { readonly epoch: number; readonly charge: Charge } | undefined
  if (kept !== undefined) return kept
  throw new StoreError('corrupt', `The charge of ${runId} is damaged`)
}

export function writeCharge(db: Tables, { runId, charge, keepUntilMs }: BudgetEntry, epoch: number): void {
  const sql = `
    INSERT INTO budget_charges(run_id, keep_until, crc, body) VALUES(?, ?, ?, ?)
    ON CONFLICT(run_id) DO UPDATE SET keep_until = excluded.keep_until, crc = excluded.crc, body = excluded.body`
  const { crc, body } = bodyOf({ epoch, charge })
  db.prepare(sql).run(runId.toWellFormed(), keepUntilMs, crc, body)
}

export function writeGrant(db: Tables, grant: Grant): boolean {
  const sql = `
    INSERT INTO budget_grants(grant_id, account, until_at, crc, body) VALUES(?, ?, ?, ?, ?)
    ON CONFLICT(grant_id) DO NOTHING`
  const { grantId, account, extra, untilMs } = grant
  const { crc, body } = bodyOf({ grantId, account, extra, untilMs })
  return db.prepare(sql).run(grantId.toWellFormed(), account.toWellFormed(), untilMs, crc, body).changes === 1
}

const GRANTS = 'SELECT grant_no, crc, body FROM budget_grants WHERE account = ? AND until_at > ?'

/** A damaged one counts as none: it would only give more. */
export function readGrants(db: Tables, accounts: readonly string[], nowMs: number): readonly Grant[] {
  const names = new Set(accounts.map((account) => account.toWellFormed()))
  const rows = [...names].flatMap(
    (account) => db.prepare(GRANTS).all(account, nowMs) as (Body & { readonly grant_no: number })[],
  )
  return rows.toSorted((a, b) => a.grant_no - b.grant_no).flatMap((row) => (valueOf(row) as Grant | undefined) ?? [])
}

/** What is over, table by table; the oldest first. */
export const SWEEPS: readonly string[] = [
  `DELETE FROM budget_charges WHERE charge_no IN (
     SELECT charge_no FROM budget_charges WHERE keep_until < ? ORDER BY keep_until LIMIT ?)`,
  `DELETE FROM budget_counters WHERE (account, window, start_at) IN (
     SELECT account, window, start_at FROM budget_counters WHERE end_at < ? ORDER BY end_at LIMIT ?)`,
  `DELETE FROM budget_grants WHERE grant_no IN (
     SELECT grant_no FROM budget_grants WHERE until_at < ? ORDER BY until_at LIMIT ?)`,
]

function nothing(): Counts['used'] {
  return { runs: 0, workMs: 0, tokens: 0, microUsd: 0 }
}

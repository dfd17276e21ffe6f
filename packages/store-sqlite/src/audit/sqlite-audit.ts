import {
  type AuditChange,
  type AuditEntry,
  type AuditPage,
  type AuditRun,
  type AuditStore,
  type AuditStoreQuery,
  type AuditWritten,
  cursorOf,
} from '@executus/audit'

import type { Body } from '../journal/body.ts'
import type { StoreGround } from '../open-store.ts'
import { TableAccess } from '../table-access.ts'
import { limitOf } from './audit-selects.ts'
import { findAudits } from './find-audits.ts'
import { forgetAudits, SWEEP_BATCH, sweepAudits } from './forget-audits.ts'
import { AUDIT_RUN_COLUMNS, type AuditRunRow, entryOfRow, listedRun, runOfRow } from './run-rows.ts'
import { prepareChange, writeChange } from './write-audits.ts'

/** The audit in a SQLite file. */
export class SqliteAudit implements AuditStore {
  readonly #tables: TableAccess

  constructor({ db, isDatabaseOurs }: StoreGround) {
    this.#tables = new TableAccess(db, isDatabaseOurs)
  }

  async write(changes: readonly AuditChange[]): Promise<readonly AuditWritten[]> {
    const prepared = changes.map(prepareChange)
    return this.#tables.write(() => prepared.map((change) => writeChange(this.#tables, change)))
  }

  async find(runId: string): Promise<AuditRun | undefined> {
    const sql = `SELECT ${AUDIT_RUN_COLUMNS} FROM audit_runs WHERE run_id = ?`
    const row = await this.#tables.read(
      () => this.#tables.prepare(sql).get(runId.toWellFormed()) as AuditRunRow | undefined,
    )
    return row && runOfRow(row)
  }

  async list(query: AuditStoreQuery): Promise<AuditPage> {
    const limit = limitOf(query.limit)
    const rows = await this.#tables.read(() => findAudits(this.#tables, query))
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      runs: page.map(listedRun),
      ...(last !== undefined && rows.length > limit && { next: cursorOf(last.started_at, last.run_no) }),
    }
  }

  async entries(
    runId: string,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<readonly AuditEntry[]> {
    const sql = `
      SELECT seq, crc, body FROM audit_entries
      WHERE run_no = (SELECT run_no FROM audit_runs WHERE run_id = ?) AND seq > ? ORDER BY seq LIMIT ?`
    const rows = await this.#tables.read(() =>
      this.#tables.prepare(sql).all(runId.toWellFormed(), Math.max(after, 0), limitOf(limit)),
    )
    return (rows as (Body & { readonly seq: number })[]).map((row) => entryOfRow(runId, row))
  }

  async forget(runId: string): Promise<number> {
    return this.#tables.write(() => forgetAudits(this.#tables, runId.toWellFormed()))
  }

  async sweep({ endedBeforeMs, limit }: { readonly endedBeforeMs: number; readonly limit: number }): Promise<number> {
    let count = 0
    for (let isMore = true; isMore;) {
      const left = limitOf(limit - count)
      const swept = await this.#tables.write(() => sweepAudits(this.#tables, endedBeforeMs, left))
      count += swept
      isMore = swept === SWEEP_BATCH && count < limit
    }
    return count
  }

  close(): Promise<void> {
    return this.#tables.close()
  }
}

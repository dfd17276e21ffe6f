import type { AuditStoreQuery } from '@executus/audit'

import type { SqliteDatabase } from '../sqlite-database.ts'
import { selectsOf } from './audit-selects.ts'
import type { AuditRunRow } from './run-rows.ts'

/** Runs that a query names, newest first, and one more than it asks for if there is one. */
export function findAudits(db: Pick<SqliteDatabase, 'prepare'>, query: AuditStoreQuery): readonly AuditRunRow[] {
  return selectsOf(query)
    .flatMap(({ sql, values }) => db.prepare(sql).all(...values) as AuditRunRow[])
    .toSorted((a, b) => b.started_at - a.started_at || b.run_no - a.run_no)
}

import type { AuditStore } from '@executus/audit'

import { openStore, type SqliteStoreOptions } from './open-store.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/**
 * A store of `@executus/audit` in a SQLite file; given its path, the file is opened for this store alone, with the options
 * of `openSqlite`, and closed with it. Any number of processes and stores may have the file open.
 *
 * A write is one transaction, of what the audit has gathered; it blocks the event loop for as long.
 *
 * Rejects as `openSqlite` does.
 *
 * @throws TypeError or RangeError that names the option
 */
export function sqliteAuditStore(
  pathOrDatabase: string | SqliteDatabase,
  options: SqliteStoreOptions = {},
): Promise<AuditStore> {
  return openStore(pathOrDatabase, options, async (ground) => {
    const { SqliteAudit } = await import('./audit/sqlite-audit.ts')
    return new SqliteAudit(ground)
  })
}

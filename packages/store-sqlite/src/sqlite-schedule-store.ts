import type { ScheduleStore } from '@executus/schedule'

import { openStore, type SqliteStoreOptions } from './open-store.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/**
 * A schedule store in a SQLite file; given its path, the file is opened for this store alone, with the options of
 * `openSqlite`, and closed with it. Any number of processes may have the file open: each firing is begun by one of them.
 *
 * Rejects as `openSqlite` does.
 *
 * @throws TypeError or RangeError that names the option
 */
export function sqliteScheduleStore(
  pathOrDatabase: string | SqliteDatabase,
  options: SqliteStoreOptions = {},
): Promise<ScheduleStore> {
  return openStore(pathOrDatabase, options, async ({ db, isDatabaseOurs }) => {
    const { SqliteJobs } = await import('./schedule/sqlite-jobs.ts')
    return new SqliteJobs(db, isDatabaseOurs)
  })
}

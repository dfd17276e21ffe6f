import type { JournalStore } from '@executus/checkpoint'

import { openStore, type SqliteStoreOptions } from './open-store.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/**
 * A journal store in a SQLite file; given its path, the file is opened for this store alone, with the options of
 * `openSqlite`, and closed with it. Any number of processes and stores may have the file open. Each store is one owner,
 * which lives as long as its process does, whatever the clocks say; it shows that by a lock in the folder `<path>.owners`.
 *
 * A method blocks the event loop while it reads or writes: for an append that is one fsync.
 *
 * Rejects as `openSqlite` does.
 *
 * @throws TypeError or RangeError that names the option
 */
export function sqliteJournalStore(
  pathOrDatabase: string | SqliteDatabase,
  options: SqliteStoreOptions = {},
): Promise<JournalStore> {
  return openStore(pathOrDatabase, options, async ({ db, clock, isDatabaseOurs }) => {
    const { openJournal } = await import('./journal/sqlite-journal.ts')
    return openJournal(db, clock, isDatabaseOurs)
  })
}

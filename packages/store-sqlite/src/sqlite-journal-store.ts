import type { JournalStore } from '@executus/checkpoint'
import { type Clock, systemClock } from '@executus/core'
import { checkKeys, checkPort } from '@executus/core/check-option'

import { openSqlite, type OpenSqliteOptions, SQLITE_OPTIONS } from './open-sqlite.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

export interface SqliteJournalStoreOptions extends OpenSqliteOptions {
  /** @default systemClock */
  readonly clock?: Clock
}

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
export async function sqliteJournalStore(
  pathOrDatabase: string | SqliteDatabase,
  options: SqliteJournalStoreOptions = {},
): Promise<JournalStore> {
  const isPath = typeof pathOrDatabase === 'string'
  // An open file has its settings.
  checkKeys('options', options, isPath ? [...SQLITE_OPTIONS, 'clock'] : ['clock'])
  const { clock = systemClock, ...settings } = options
  checkPort('options.clock', clock, ['now'])
  if (!isPath) checkPort('pathOrDatabase', pathOrDatabase, ['prepare', 'write', 'read', 'close'])
  const db = isPath ? await openSqlite(pathOrDatabase, settings) : pathOrDatabase
  try {
    const [{ openJournal }, { storeErrorOf }] = await Promise.all([
      import('./journal/sqlite-journal.ts'),
      import('./store-error-of.ts'),
    ])
    try {
      return openJournal(db, clock, isPath)
    } catch (error) {
      throw storeErrorOf(error)
    }
  } catch (error) {
    if (isPath) await db.close()
    throw error
  }
}

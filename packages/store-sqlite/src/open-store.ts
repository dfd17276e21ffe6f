import { type Clock, systemClock } from '@executus/core'
import { checkKeys, checkPort } from '@executus/core/check-option'

import { openSqlite, type OpenSqliteOptions, SQLITE_OPTIONS } from './open-sqlite.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

export interface SqliteStoreOptions extends OpenSqliteOptions {
  /** @default systemClock */
  readonly clock?: Clock
}

/** What a store is made on; with `isDatabaseOurs` it closes the file when it is closed. */
export interface StoreGround {
  readonly db: SqliteDatabase
  readonly isDatabaseOurs: boolean
  readonly clock: Clock
}

/**
 * Makes a store on a file of its own, opened with the options of `openSqlite`, or on one that is open already and has its
 * settings. What `make` rejects with closes a file of its own. Rejects with a `StoreError`.
 *
 * @throws TypeError or RangeError that names the option
 */
export async function openStore<Store>(
  pathOrDatabase: string | SqliteDatabase,
  options: SqliteStoreOptions,
  make: (ground: StoreGround) => Store | Promise<Store>,
): Promise<Store> {
  const isPath = typeof pathOrDatabase === 'string'
  checkKeys('options', options, isPath ? [...SQLITE_OPTIONS, 'clock'] : ['clock'])
  const { clock = systemClock, ...settings } = options
  checkPort('options.clock', clock, ['now'])
  if (!isPath) checkPort('pathOrDatabase', pathOrDatabase, ['prepare', 'write', 'writeOne', 'read', 'close'])
  const db = isPath ? await openSqlite(pathOrDatabase, settings) : pathOrDatabase
  try {
    return await make({ db, isDatabaseOurs: isPath, clock })
  } catch (error) {
    if (isPath) await db.close()
    const { storeErrorOf } = await import('./store-error-of.ts')
    throw storeErrorOf(error)
  }
}

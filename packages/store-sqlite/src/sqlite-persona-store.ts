import type { PersonaStore } from '@executus/persona'

import { openStore, type SqliteStoreOptions } from './open-store.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/**
 * A persona store in a SQLite file; given its path, the file is opened for this store alone, with the options of
 * `openSqlite`, and closed with it. Any number of processes and stores may have the file open.
 *
 * Rejects as `openSqlite` does.
 *
 * @throws TypeError or RangeError that names the option
 */
export function sqlitePersonaStore(
  pathOrDatabase: string | SqliteDatabase,
  options: SqliteStoreOptions = {},
): Promise<PersonaStore> {
  return openStore(pathOrDatabase, options, async ({ db, isDatabaseOurs }) => {
    const { openPersonas } = await import('./persona/sqlite-personas.ts')
    return openPersonas(db, isDatabaseOurs)
  })
}

import type { SkillStore } from '@executus/skill'

import { openStore, type SqliteStoreOptions } from './open-store.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/**
 * A skill store in a SQLite file; given its path, the file is opened for this store alone, with the options of
 * `openSqlite`, and closed with it. Any number of processes and stores may have the file open.
 *
 * Rejects as `openSqlite` does.
 *
 * @throws TypeError or RangeError that names the option
 */
export function sqliteSkillStore(
  pathOrDatabase: string | SqliteDatabase,
  options: SqliteStoreOptions = {},
): Promise<SkillStore> {
  return openStore(pathOrDatabase, options, async ({ db, isDatabaseOurs }) => {
    const { openSkills } = await import('./skill/sqlite-skills.ts')
    return openSkills(db, isDatabaseOurs)
  })
}

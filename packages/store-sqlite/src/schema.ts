import { basename } from 'node:path'

import { StoreError } from '@executus/core/store-error'

import { AUDIT_TABLES } from './audit/audit-tables.ts'
import { BUDGET_TABLES } from './budget/budget-tables.ts'
import { FILE_TABLES } from './files/file-tables.ts'
import { JOURNAL_TABLES } from './journal/journal-tables.ts'
import { RUN_SEALS } from './journal/run-seal.ts'
import { PERSONA_TABLES } from './persona/persona-tables.ts'
import { SCHEDULE_TABLES } from './schedule/schedule-tables.ts'
import { SKILL_TABLES } from './skill/skill-tables.ts'
import type { SqliteDriver } from './sqlite-database.ts'

/** `EXEC`: says that a file is one of ours. */
const APPLICATION_ID = 0x45584543

/**
 * What each version of the file adds. All stores come from this one package, so the file has one version (`user_version`):
 * it is judged before anything is touched, and one backup covers all tables. Those of stores that nobody uses are empty.
 * What is published stays as it is; what is new comes at the end.
 */
export const MIGRATIONS: readonly string[] = [
  JOURNAL_TABLES, // 1
  FILE_TABLES, // 2
  RUN_SEALS, // 3
  PERSONA_TABLES, // 4
  SKILL_TABLES, // 5
  SCHEDULE_TABLES, // 6
  AUDIT_TABLES, // 7
  BUDGET_TABLES, // 8
]

/**
 * The version of a file, 0 for one that is empty.
 *
 * @throws StoreError `not-a-store` for a file of another program; `newer-schema` for one of a newer version
 */
export function versionOf(driver: SqliteDriver, path: string, migrations: readonly string[] = MIGRATIONS): number {
  const { id, version, isEmpty } = driver.inTransaction ? headOf(driver) : atOneMoment(driver, () => headOf(driver))
  if (id !== APPLICATION_ID && !isEmpty)
    throw new StoreError('not-a-store', `${basename(path)} is the database of another program`)
  if (version > migrations.length)
    throw new StoreError(
      'newer-schema',
      `${basename(path)} has schema ${version}, and this version of @executus/store-sqlite knows ${migrations.length}; ` +
        'it was left as it is',
    )
  return version
}

function headOf(driver: SqliteDriver) {
  const id = numberOf(driver, 'PRAGMA application_id')
  const version = numberOf(driver, 'PRAGMA user_version')
  return {
    id,
    version,
    isEmpty: id === 0 && version === 0 && numberOf(driver, 'SELECT count(*) FROM sqlite_schema') === 0,
  }
}

/** Another process may make the file in this very moment: half of what was before and half of what is now is neither. */
function atOneMoment<T>(driver: SqliteDriver, look: () => T): T {
  driver.exec('BEGIN')
  try {
    return look()
  } finally {
    if (driver.inTransaction) driver.exec('ROLLBACK')
  }
}

/** Brings the file to the newest version, all or nothing. */
export function migrate(driver: SqliteDriver, path: string, migrations: readonly string[] = MIGRATIONS): void {
  driver.exec('BEGIN IMMEDIATE')
  try {
    const version = versionOf(driver, path, migrations) // another process may just have done it
    for (const sql of migrations.slice(version)) driver.exec(sql)
    if (version < migrations.length)
      driver.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`)
    driver.exec('COMMIT')
  } catch (error) {
    if (driver.inTransaction) driver.exec('ROLLBACK')
    throw error
  }
}

/** The first column of a statement's only row. */
function numberOf(driver: SqliteDriver, sql: string): number {
  return Number(Object.values(driver.prepare(sql).get() as object)[0])
}

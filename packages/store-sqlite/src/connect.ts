import { StoreError } from '@executus/core/store-error'
import Database from 'better-sqlite3'

import { backUp } from './back-up.ts'
import { Connection } from './connection.ts'
import { prepareFile } from './prepare-file.ts'
import { BLOCKING_MS, retryWhileBusy } from './retry-while-busy.ts'
import { migrate, MIGRATIONS, versionOf } from './schema.ts'
import type { SqliteDatabase, SqliteDriver } from './sqlite-database.ts'
import { codeOf } from './store-error-of.ts'

export interface ConnectionConfig {
  readonly synchronous: 'normal' | 'full' | 'extra'
  readonly busyTimeoutMs: number
  /** @default 'refuse' */
  readonly networkDisk?: 'refuse' | 'allow'
}

/** Opens the file, made or brought to the newest version where needed. Rejects with a `StoreError`. */
export async function connect(
  path: string,
  config: ConnectionConfig,
  migrations: readonly string[] = MIGRATIONS,
): Promise<SqliteDatabase> {
  const driver = await retryWhileBusy(config.busyTimeoutMs, () => openDriver(path, config, migrations))
  return new Connection(path, driver, config.busyTimeoutMs)
}

/** A plain connection, with nothing set. */
export function driverFor(
  path: string,
  options: { readonly readonly?: boolean; readonly timeout: number },
): SqliteDriver {
  // Its types bind what a statement is given to how it was prepared.
  return new Database(path, { ...options, fileMustExist: true }) as unknown as SqliteDriver
}

function openDriver(path: string, config: ConnectionConfig, migrations: readonly string[]): SqliteDriver {
  const timeout = Math.min(config.busyTimeoutMs, BLOCKING_MS)
  prepareFile(path, config.networkDisk)
  peek(path, timeout, migrations)
  const driver = driverFor(path, { timeout })
  try {
    const version = versionOf(driver, path, migrations)
    const mode = driver.prepare('PRAGMA journal_mode = WAL').get() as { readonly journal_mode: string }
    if (mode.journal_mode !== 'wal') throw new StoreError('io', `The file system allows no write-ahead log`)
    driver.exec(pragmas(config))
    if (version > 0 && version < migrations.length) backUp(driver, path, version)
    migrate(driver, path, migrations)
    return driver
  } catch (error) {
    driver.close()
    throw error
  }
}

/** Looks at the file without a right to write it: one that is not ours, or newer than we are, stays as it is. */
function peek(path: string, timeout: number, migrations: readonly string[]): void {
  const driver = driverFor(path, { readonly: true, timeout })
  try {
    versionOf(driver, path, migrations)
  } catch (error) {
    // A crash while the file was made: what it left must be rolled back before anything can be seen.
    if (codeOf(error)?.startsWith('SQLITE_READONLY_') !== true) throw error
  } finally {
    driver.close()
  }
}

function pragmas({ synchronous }: ConnectionConfig): string {
  return `
    PRAGMA synchronous = ${synchronous};
    PRAGMA foreign_keys = ON;
    PRAGMA journal_size_limit = ${64 * 2 ** 20};
    PRAGMA secure_delete = ON; -- what is forgotten is overwritten
    PRAGMA temp_store = MEMORY; -- no transcripts in temporary files
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;`
}

import { checkCount } from '@executus/core/check-option'

import type { SqliteFileStore } from './files/file-store.ts'
import { openStore, type SqliteStoreOptions } from './open-store.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

export interface SqliteFileStoreOptions extends SqliteStoreOptions {
  /** A larger file is refused; each is in memory while it is saved or read. @default 64 MiB */
  readonly maxFileBytes?: number
}

// Files that come with messages are smaller, and a few at once still fit into a small process.
const MAX_FILE_BYTES = 64 * 1024 * 1024

/**
 * A file store in a SQLite file; given its path, the file is opened for this store alone, with the options of `openSqlite`,
 * and closed with it. Each content is kept once: up to 1 MiB in the file, larger ones beside it in the folder
 * `<path>.blobs`. When the same file holds the runs, their files are forgotten with them.
 *
 * Rejects as `openSqlite` does.
 *
 * @throws TypeError or RangeError that names the option
 */
export async function sqliteFileStore(
  pathOrDatabase: string | SqliteDatabase,
  options: SqliteFileStoreOptions = {},
): Promise<SqliteFileStore> {
  const { maxFileBytes = MAX_FILE_BYTES, ...settings } = options
  checkCount('options.maxFileBytes', maxFileBytes, 0)
  return openStore(pathOrDatabase, settings, async (ground) => {
    const { SqliteFiles } = await import('./files/sqlite-files.ts')
    return new SqliteFiles({ ...ground, maxFileBytes })
  })
}

import { writeFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { driverFor } from './connect.ts'
import { migrate, MIGRATIONS, versionOf } from './schema.ts'
import type { SqliteDriver } from './sqlite-database.ts'
import { tempFile } from './temp-folder.test-kit.ts'

test.each(['PRAGMA user_version', 'SELECT count(*) FROM sqlite_schema'])(
  'a file that another process makes before `%s` is what it was or what it is',
  (sql) => {
    const path = tempFile()
    writeFileSync(path, '', { mode: 0o600 })
    const other = driverFor(path, { timeout: 0 })
    other.exec('PRAGMA journal_mode = WAL')
    const driver = driverFor(path, { timeout: 0 })
    let isMade = false
    const late: SqliteDriver = {
      get inTransaction() {
        return driver.inTransaction
      },
      prepare(wanted) {
        if (wanted === sql && !isMade) {
          isMade = true
          migrate(other, path)
        }
        return driver.prepare(wanted)
      },
      exec: (wanted) => driver.exec(wanted),
      close: () => driver.close(),
    }
    expect(versionOf(late, path)).toBe(0)
    expect([isMade, versionOf(late, path)]).toEqual([true, MIGRATIONS.length])
    driver.close()
    other.close()
  },
)

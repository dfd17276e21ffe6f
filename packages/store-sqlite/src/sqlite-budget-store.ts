import type { BudgetStore } from '@executus/budget'

import { openStore, type SqliteStoreOptions } from './open-store.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/**
 * A budget store in a SQLite file; given its path, the file is opened for this store alone, with the options of
 * `openSqlite`, and closed with it. Any number of processes may bound their runs by one file: what one sets aside, the
 * others cannot. A counter that is damaged rejects with `corrupt`, until its window is over; the others stand.
 *
 * Rejects as `openSqlite` does.
 *
 * @throws TypeError or RangeError that names the option
 */
export function sqliteBudgetStore(
  pathOrDatabase: string | SqliteDatabase,
  options: SqliteStoreOptions = {},
): Promise<BudgetStore> {
  return openStore(pathOrDatabase, options, async ({ db, isDatabaseOurs }) => {
    const [{ SqliteBudget }, { TableAccess }] = await Promise.all([
      import('./budget/sqlite-budget.ts'),
      import('./table-access.ts'),
    ])
    return new SqliteBudget(new TableAccess(db, isDatabaseOurs))
  })
}

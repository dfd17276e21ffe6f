import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'better-sqlite3'

import type { SqliteStoreOptions } from '../open-store.ts'

interface Closable {
  close(): Promise<void>
}

export interface OpenedOwnedStores<Store> {
  connect(): Promise<Store>
  damage(id: string): Promise<void>
  close(): Promise<void>
}

/** Stores on one new file, for a conformance suite. */
export async function openOwnedStores<Store extends Closable>(
  open: (path: string, options: SqliteStoreOptions) => Promise<Store>,
  table: 'personas' | 'skills',
): Promise<OpenedOwnedStores<Store>> {
  const folder = await mkdtemp(join(tmpdir(), 'store-sqlite-'))
  const path = join(folder, 'owned.db')
  const opened: Store[] = []
  return {
    async connect() {
      // What the disk does is tested elsewhere.
      const store = await open(path, { synchronous: 'normal' })
      opened.push(store)
      return store
    },
    damage(id) {
      change(path, `UPDATE ${table} SET body = replace(body, '"owner":"ann"', '"owner":"anm"') WHERE id = '${id}'`)
      return Promise.resolve()
    },
    async close() {
      for (const store of opened) await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Runs SQL on a connection of its own. */
export function change(path: string, sql: string): void {
  const driver = new Database(path, { timeout: 5_000 })
  driver.exec(sql)
  driver.close()
}

/** How SQLite would find the rows of a statement. */
export function planOf(path: string, sql: string, values: readonly unknown[]): string {
  const driver = new Database(path, { timeout: 5_000 })
  const rows = driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { readonly detail: string }[]
  driver.close()
  return rows.map(({ detail }) => detail).join('; ')
}

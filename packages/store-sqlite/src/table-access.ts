import { StoreError } from '@executus/core/store-error'

import type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts'

/** A store's way to its tables, until it is closed; then every call rejects with `closed`. */
export class TableAccess implements Pick<SqliteDatabase, 'prepare' | 'write' | 'writeOne' | 'read'> {
  readonly #db: SqliteDatabase
  readonly #isDatabaseOurs: boolean
  #closing: Promise<void> | undefined

  /** With `isDatabaseOurs` the file is closed with the store. */
  constructor(db: SqliteDatabase, isDatabaseOurs: boolean) {
    this.#db = db
    this.#isDatabaseOurs = isDatabaseOurs
  }

  prepare(sql: string): SqliteStatement {
    return this.#db.prepare(sql)
  }

  write<T>(work: () => T): Promise<T> {
    return this.#db.write(() => this.#whenOpen(work))
  }

  writeOne<T>(work: () => T): Promise<T> {
    return this.#db.writeOne(() => this.#whenOpen(work))
  }

  read<T>(work: () => T): Promise<T> {
    return this.#db.read(() => this.#whenOpen(work))
  }

  close(): Promise<void> {
    this.#closing ??= this.#isDatabaseOurs ? this.#db.close() : Promise.resolve()
    return this.#closing
  }

  #whenOpen<T>(work: () => T): T {
    if (this.#closing !== undefined) throw new StoreError('closed', 'The store is closed')
    return work()
  }
}

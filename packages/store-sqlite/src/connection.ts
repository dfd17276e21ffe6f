import { StoreError } from '@executus/core/store-error'

import { retryWhileBusy } from './retry-while-busy.ts'
import type { SqliteDatabase, SqliteDriver, SqliteStatement } from './sqlite-database.ts'
import { codeOf } from './store-error-of.ts'

// A write that failed in fsync may be lost though the next fsync says that all is well.
const LOST_WRITE = /^SQLITE_IOERR_(DIR_)?FSYNC$/

/** An open file with its settings made. */
export class Connection implements SqliteDatabase {
  readonly path: string
  readonly #driver: SqliteDriver
  readonly #busyTimeoutMs: number
  readonly #statements = new Map<string, SqliteStatement>()
  #isClosed = false
  #lostWrite: unknown

  constructor(path: string, driver: SqliteDriver, busyTimeoutMs: number) {
    this.path = path
    this.#driver = driver
    this.#busyTimeoutMs = busyTimeoutMs
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#driver.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  write<T>(work: () => T): Promise<T> {
    // Immediate: one that reads first and writes then would be refused when another has written in between.
    return this.#transact('BEGIN IMMEDIATE', work)
  }

  writeOne<T>(work: () => T): Promise<T> {
    return this.#attempt(work)
  }

  read<T>(work: () => T): Promise<T> {
    return this.#transact('BEGIN', work)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    try {
      this.#driver.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // What is in the log is as durable as what is not; the next to open reads it.
    }
    this.#driver.close()
  }

  #transact<T>(begin: string, work: () => T): Promise<T> {
    return this.#attempt(() => {
      this.prepare(begin).run()
      const value = work()
      if (value instanceof Promise) throw new TypeError('Expected `work` to give a value, got a promise')
      this.prepare('COMMIT').run()
      return value
    })
  }

  #attempt<T>(work: () => T): Promise<T> {
    return retryWhileBusy(this.#busyTimeoutMs, () => {
      this.#checkUsable()
      try {
        return work()
      } catch (error) {
        if (LOST_WRITE.test(codeOf(error) ?? '')) this.#lostWrite = error
        this.#rollBack()
        throw error
      }
    })
  }

  #checkUsable(): void {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed')
    if (this.#lostWrite !== undefined)
      throw new StoreError('io', 'The disk lost a write; open the store anew', { cause: this.#lostWrite })
  }

  #rollBack(): void {
    try {
      if (this.#driver.inTransaction) this.prepare('ROLLBACK').run()
    } catch {
      // SQLite has done so itself, or does when the file is opened next.
    }
  }
}

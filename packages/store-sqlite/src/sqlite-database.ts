/** One file that is open, shared by every store that keeps its tables there. */
export interface SqliteDatabase {
  /** Absolute. */
  readonly path: string

  /** A statement that is compiled once and kept. Meant for use within `write` and `read`, where errors are mapped. */
  prepare(sql: string): SqliteStatement

  /**
   * Does `work` as one transaction, durable when it resolves; it must not wait for anything. While another process
   * writes, it is tried again, so `work` may be called more than once. What it throws undoes all of it.
   * Rejects with a `StoreError`: `busy`, `full`, `read-only`, `io`, `corrupt`, `closed`.
   */
  write<T>(work: () => T): Promise<T>

  /** As `write`, for work that is one statement: a transaction by itself, and cheaper. */
  writeOne<T>(work: () => T): Promise<T>

  /** As `write`, for reading: `work` sees the file as it is at one moment. */
  read<T>(work: () => T): Promise<T>

  /** Closes the file; a second time does nothing. Stores that were opened on it are closed before. */
  close(): Promise<void>
}

/** A compiled statement: what we use of better-sqlite3's. */
export interface SqliteStatement {
  run(...values: readonly SqliteValue[]): {
    readonly changes: number | bigint
    readonly lastInsertRowid: number | bigint
  }
  get(...values: readonly SqliteValue[]): unknown
  all(...values: readonly SqliteValue[]): unknown[]
}

export type SqliteValue = string | number | Uint8Array | null

/** A connection: what we use of better-sqlite3's. */
export interface SqliteDriver {
  readonly inTransaction: boolean
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
  close(): unknown
}

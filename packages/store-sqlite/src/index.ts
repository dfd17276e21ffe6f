// Keep durable runs in a SQLite file.
export { sqliteJournalStore } from './sqlite-journal-store.ts'

// Open one file for several stores.
export { openSqlite, type OpenSqliteOptions, type SynchronousLevel } from './open-sqlite.ts'
export type { SqliteStoreOptions } from './open-store.ts'
export type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-database.ts'

// Keep durable runs in a SQLite file.
export { sqliteJournalStore } from './sqlite-journal-store.ts'

// Keep files of runs there, too.
export { sqliteFileStore, type SqliteFileStoreOptions } from './sqlite-file-store.ts'
export type { SavedContent, SavedFile, SqliteFileStore } from './files/file-store.ts'

// Keep personas and skills.
export { sqlitePersonaStore } from './sqlite-persona-store.ts'
export { sqliteSkillStore } from './sqlite-skill-store.ts'

// Keep jobs and their times.
export { sqliteScheduleStore } from './sqlite-schedule-store.ts'

// Keep the audit there.
export { sqliteAuditStore } from './sqlite-audit-store.ts'

// Keep budgets there, for several processes.
export { sqliteBudgetStore } from './sqlite-budget-store.ts'

// Open one file for several stores.
export { openSqlite, type OpenSqliteOptions, type SynchronousLevel } from './open-sqlite.ts'
export type { SqliteStoreOptions } from './open-store.ts'
export type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-database.ts'

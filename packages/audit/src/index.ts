// Keep a record of what runs did.
export { type AuditOptions, createAudit } from './create-audit.ts'
export type { AuditLog, AuditNote, AuditQuery, AuditStats, EntriesQuery, SweepQuery } from './audit-log.ts'
export { memoryAuditStore, type MemoryAuditStore, type MemoryAuditStoreOptions } from './memory-store.ts'

// What is kept.
export type { AuditError, AuditOutcome, AuditRun, AuditStatus } from './audit-run.ts'
export type { AuditedDecision, AuditedRequest, AuditEntry, AuditEntryBody, AuditEntryPlace } from './audit-entry.ts'
export type { AuditBreak, AuditVerdict } from './chain.ts'

// Take secrets out of your own logs as well.
export { createRedactor, type Redactor, type RedactorOptions } from './redact/redactor.ts'
export { redactLogger } from './redact/redact-logger.ts'

// What a store must be able to do.
export {
  type AuditChange,
  type AuditFilter,
  type AuditPage,
  type AuditStore,
  type AuditStoreQuery,
  type AuditWritten,
  cursorOf,
  placeOf,
} from './audit-store.ts'

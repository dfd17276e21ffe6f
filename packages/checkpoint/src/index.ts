// Make runs durable.
export { type Checkpoints, type CheckpointsOptions, createCheckpoints } from './checkpoints.ts'
export { type MemoryJournalStore, memoryJournalStore, type MemoryJournalStoreOptions } from './memory-store.ts'

// Take up what was interrupted.
export {
  type RecoverOptions,
  recoverRuns,
  type RecoveryProgress,
  type RecoveryReport,
  watchRecords,
  type WatchRecordsOptions,
} from './recover-runs.ts'

// What a store must be able to do.
export type {
  Appended,
  Claim,
  ClaimQuery,
  ClaimRef,
  Delivered,
  JournalStore,
  ListQuery,
  NewRun,
  RecordStatus,
  RunRecord,
  RunSummary,
  Signal,
  StoredOutcome,
} from './journal-store.ts'
export { isProgress, restMs } from './crash-rules.ts'

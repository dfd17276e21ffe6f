/** The contract of `JournalStore`, as test cases. */
export { journalStoreConformance, type StoreConformanceCase, type StoreConformanceOptions } from './conformance.ts'
export type { JournalStoreAbilities, OpenedStores } from './store-cases/store-case.ts'

/** Memory stores in a test's hands. */
export { killOwner, openMemoryStores } from './memory-stores.ts'

/** What becomes of a run that crashes, at each of its writes. */
export { type CrashedHost, crashPoints, type CrashPointsOptions, type CrashPointsReport } from './crash-points.ts'

/** The contract of `ScheduleStore`, as test cases. */
export { scheduleStoreConformance, type StoreConformanceCase, type StoreConformanceOptions } from './conformance.ts'
export type { OpenedStores, ScheduleStoreAbilities } from './store-cases/store-case.ts'

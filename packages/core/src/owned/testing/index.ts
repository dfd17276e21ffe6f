/** The contract of `OwnedStore`, as test cases. */
export { type OwnedConformanceCase, type OwnedConformanceOptions, ownedStoreConformance } from './conformance.ts'
export type { OpenedOwnedStores, OwnedStoreAbilities } from './store-cases/store-case.ts'

/** The contract of `BudgetStore`, as test cases. */
export { budgetStoreConformance, type StoreConformanceCase, type StoreConformanceOptions } from './conformance.ts'
export type { OpenedStores } from './store-cases/store-case.ts'

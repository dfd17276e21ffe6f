/** The contract of `AuditStore`, as test cases. */
export {
  auditStoreConformance,
  type AuditStoreConformanceCase,
  type AuditStoreConformanceOptions,
} from './conformance.ts'
export type { AuditStoreAbilities, OpenedAuditStores } from './store-cases/store-case.ts'

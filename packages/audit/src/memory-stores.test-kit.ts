import { memoryAuditStore } from './memory-store.ts'
import type { OpenedAuditStores } from './testing/store-cases/store-case.ts'

/** Empty memories for the conformance suite. */
export function openMemoryStores(): OpenedAuditStores {
  const memory = memoryAuditStore()
  return { connect: () => Promise.resolve(memory.connect()) }
}

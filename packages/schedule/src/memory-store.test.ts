import { test } from 'vitest'

import { memoryScheduleStore } from './memory-store.ts'
import { scheduleStoreConformance } from './testing/conformance.ts'
import type { OpenedStores } from './testing/store-cases/store-case.ts'

function openMemoryStores(): OpenedStores {
  const memory = memoryScheduleStore()
  return { connect: () => Promise.resolve(memory.connect()) }
}

for (const { name, skip, run } of scheduleStoreConformance(openMemoryStores, { supports: { damage: false } }))
  test(name, { skip: skip !== undefined }, run)

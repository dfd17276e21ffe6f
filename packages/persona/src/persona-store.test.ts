import { test } from 'vitest'

import { memoryPersonaStore } from './persona-store.ts'
import { personaStoreConformance } from './testing/index.ts'

const open = () => {
  const memory = memoryPersonaStore()
  return { connect: () => Promise.resolve(memory.connect()) }
}

for (const { name, skip, run } of personaStoreConformance(open, { supports: { damage: false } }))
  test(name, { skip: skip !== undefined }, run)

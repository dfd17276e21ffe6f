import { test } from 'vitest'

import { memorySkillStore } from './skill-store.ts'
import { skillStoreConformance } from './testing/index.ts'

const open = () => {
  const memory = memorySkillStore()
  return { connect: () => Promise.resolve(memory.connect()) }
}

for (const { name, skip, run } of skillStoreConformance(open, { supports: { damage: false } }))
  test(name, { skip: skip !== undefined }, run)

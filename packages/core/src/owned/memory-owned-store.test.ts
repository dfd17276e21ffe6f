import { test } from 'vitest'

import { memoryOwnedStore } from './memory-owned-store.ts'
import { type Note, noteContent, noteKind } from './note.test-kit.ts'
import { ownedStoreConformance } from './testing/index.ts'

const open = () => {
  const memory = memoryOwnedStore<Note>(noteKind)
  return { connect: () => Promise.resolve(memory.connect()) }
}

for (const { name, skip, run } of ownedStoreConformance(open, noteContent, { supports: { damage: false } }))
  test(name, { skip: skip !== undefined }, run)

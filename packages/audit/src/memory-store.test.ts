import { expect, test } from 'vitest'

import { memoryAuditStore } from './memory-store.ts'
import { openMemoryStores } from './memory-stores.test-kit.ts'
import { auditStoreConformance } from './testing/conformance.ts'
import { idsOf, write } from './testing/store-cases/store-case.ts'

const supports = { damage: false } // what is in memory has no checksums

for (const { name, skip, run } of auditStoreConformance(openMemoryStores, { supports }))
  test(name, { skip: skip !== undefined }, run)

test('memoryAuditStore() forgets the trees that were begun first beyond maxRoots', async () => {
  const store = memoryAuditStore({ maxRoots: 2 })
  await write(store, 'a')
  await write(store, 'a/1', { parentRunId: 'a' })
  await write(store, 'b')
  await write(store, 'c')
  expect(await idsOf(store)).toEqual(['c', 'b'])
  expect(await write(store, 'a', {}, { after: 1 })).toBe('gone')
})

test.each([
  [{ maxRoots: 0 }, 'Expected `options.maxRoots` to be an integer of 1 or more, got `0`'],
  [{ size: 1 }, 'Expected `options` to have no option `size`'],
])('memoryAuditStore(%o) is refused', (options, message) => {
  expect(() => memoryAuditStore(options as object)).toThrow(message)
})

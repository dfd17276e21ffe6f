import { expect, test } from 'vitest'

import { memoryBudgetStore } from './memory-store.ts'
import { budgetStoreConformance } from './testing/conformance.ts'
import { apply, CHARGE, entry, SETTLED } from './testing/store-cases/store-case.ts'

const open = () => {
  const memory = memoryBudgetStore()
  return { connect: () => Promise.resolve(memory.connect()) }
}
for (const { name, run } of budgetStoreConformance(open)) test(name, run)

test('memoryBudgetStore() forgets the runs that were settled longest ago beyond maxSettled, and none that hold something', async () => {
  const store = memoryBudgetStore({ maxSettled: 2 })
  await apply(store, entry('held', [], { charge: CHARGE }))
  const again = await apply(store, entry('again', [], { charge: SETTLED }))
  await apply(store, entry('again', [], { charge: CHARGE, expectEpoch: again }))
  for (const runId of ['a', 'b', 'c']) await apply(store, entry(runId, [], { charge: SETTLED }))
  const found = await Promise.all(
    ['held', 'again', 'a', 'b', 'c'].map(async (runId) => (await store.find(runId)) !== undefined),
  )
  expect(found).toEqual([true, true, false, true, true])
})

test.each([
  [{ maxSettled: -1 }, 'Expected `options.maxSettled` to be an integer of 0 or more, got `-1`'],
  [{ size: 1 }, 'Expected `options` to have no option `size`'],
])('memoryBudgetStore(%o) is refused', (options, message) => {
  expect(() => memoryBudgetStore(options as object)).toThrow(message)
})

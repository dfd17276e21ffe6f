import { expect, test } from 'vitest'

import { memoryJournalStore } from './memory-store.ts'
import { journalStoreConformance } from './testing/conformance.ts'
import { openMemoryStores } from './testing/memory-stores.ts'
import { begin, OUTCOME } from './testing/store-cases/store-case.ts'

for (const { name, run } of journalStoreConformance(openMemoryStores, { races: 10_000 })) test(name, run)

test('memoryJournalStore() forgets the oldest settled roots beyond maxSettled, with the runs below them', async () => {
  const store = memoryJournalStore({ maxSettled: 2 })
  const waiting = await begin(store, 'waiting')
  await store.park(waiting, ['yes'])
  for (const id of ['a', 'b', 'c']) {
    const claim = await begin(store, id)
    await begin(store, `${id}/c`, { parentRunId: id })
    await store.settle(claim, OUTCOME)
  }
  const { runs } = await store.list({ limit: 9 })
  expect(runs.map(({ runId }) => runId)).toEqual(['waiting', 'b', 'b/c', 'c', 'c/c'])
})

test.each([
  [{ maxSettled: -1 }, 'Expected `options.maxSettled` to be an integer of 0 or more, got `-1`'],
  [{ clock: 7 }, 'Expected `options.clock` to be an object with a method `now`, got `7`'],
  [{ size: 1 }, 'Expected `options` to have no option `size`'],
])('memoryJournalStore(%o) is refused', (options, message) => {
  expect(() => memoryJournalStore(options as object)).toThrow(message)
})

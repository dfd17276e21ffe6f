// The suite is held to its own purpose: it lets a sound store pass, and each of these fail.
import { expect, test } from 'vitest'

import type { Applied, BudgetStore, CounterChange } from '../budget-store.ts'
import { memoryBudgetStore } from '../memory-store.ts'
import { budgetStoreConformance } from './conformance.ts'
import type { OpenedStores } from './store-cases/store-case.ts'

/** Memory stores of which something is broken. */
function openBroken(breakIt: (store: BudgetStore) => Partial<BudgetStore>): OpenedStores {
  const memory = memoryBudgetStore()
  return {
    connect() {
      const store = memory.connect()
      const methods = (['count', 'find', 'apply', 'addGrant', 'grants', 'sweep', 'close'] as const).map(
        (name) => [name, store[name].bind(store)] as const,
      )
      const sound = Object.fromEntries(methods) as unknown as BudgetStore
      return Promise.resolve({ ...sound, ...breakIt(sound) })
    },
  }
}

function unlimited(changes: readonly CounterChange[]): readonly CounterChange[] {
  return changes.map(({ counter, used, reserved }) => ({ counter, used, reserved }))
}

async function failuresOf(open: () => OpenedStores): Promise<readonly string[]> {
  const failed: string[] = []
  for (const { name, run } of budgetStoreConformance(open, { races: 20 }))
    try {
      await run()
    } catch {
      failed.push(name)
    }
  return failed
}

const FLAWS: Readonly<Record<string, (store: BudgetStore) => Partial<BudgetStore>>> = {
  'knows no limits': (store) => ({
    apply: (entry) => store.apply({ ...entry, changes: unlimited(entry.changes) }),
  }),
  'looks, and takes a moment later': (store) => ({
    async apply(entry) {
      const counts = await store.count(entry.changes.map(({ counter }) => counter))
      const isOver = entry.changes.some(
        ({ reserved, limit }, index) =>
          limit?.tokens !== undefined && counts[index]!.reserved.tokens + reserved.tokens > limit.tokens,
      )
      if (isOver) return { ok: false, counts }
      return store.apply({ ...entry, changes: unlimited(entry.changes) })
    },
  }),
  'changes the first counter though the second is refused': (store) => ({
    async apply(entry): Promise<Applied> {
      const [first, ...others] = entry.changes
      const applied = await store.apply({ ...entry, changes: first === undefined ? [] : [first] })
      if (!applied.ok || others.length === 0) return applied
      return store.apply({ ...entry, expectEpoch: applied.epoch, changes: others })
    },
  }),
  'fences nobody': (store) => ({
    apply: async (entry) => store.apply({ ...entry, expectEpoch: (await store.find(entry.runId))?.epoch ?? 0 }),
  }),
  'does not keep the charge': (store) => ({ find: async () => void (await store.count([])) }),
  'takes windows of one account for one': (store) => ({
    apply: (entry) =>
      store.apply({
        ...entry,
        changes: entry.changes.map((change) => ({ ...change, counter: { ...change.counter, startMs: 0 } })),
      }),
  }),
  'gives counts in an order of its own': (store) => ({
    count: (counters) => store.count(counters).then((counts) => counts.toReversed()),
  }),
  'grants twice': (store) => ({
    addGrant: (grant) => store.addGrant(grant).then(() => true),
  }),
  'grants for ever': (store) => ({ grants: (accounts) => store.grants(accounts, Number.NEGATIVE_INFINITY) }),
  'sweeps without bound': (store) => ({ sweep: ({ beforeMs }) => store.sweep({ beforeMs, limit: 99 }) }),
  'sweeps nothing': () => ({ sweep: () => Promise.resolve(0) }),
  'does not close': () => ({ close: () => Promise.resolve() }),
}

test('a sound store fails no case', async () => {
  expect(await failuresOf(() => openBroken(() => ({})))).toEqual([])
})

test.each(Object.keys(FLAWS))('a store that %s fails', async (flaw) => {
  expect(await failuresOf(() => openBroken(FLAWS[flaw]!))).not.toEqual([])
})

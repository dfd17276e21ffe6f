// The suite is held to its own purpose: it lets a sound store pass, and each of these fail.
import { expect, test } from 'vitest'

import type { Claim, JournalStore, NewRun } from '../journal-store.ts'
import { journalStoreConformance } from './conformance.ts'
import { openMemoryStores } from './memory-stores.ts'
import type { OpenedStores } from './store-cases/store-case.ts'

/** Memory stores of which something is broken. */
function openBroken(breakIt: (store: JournalStore) => Partial<JournalStore>): OpenedStores {
  const sound = openMemoryStores()
  const owners = new Map<JournalStore, JournalStore>()
  return {
    ...sound,
    async connect() {
      const owner = await sound.connect()
      const names = Object.getOwnPropertyNames(Object.getPrototypeOf(owner)) as (keyof JournalStore)[]
      const methods = names
        .filter((name) => typeof owner[name] === 'function')
        .map((name) => [name, owner[name].bind(owner)])
      const store = Object.fromEntries(methods) as unknown as JournalStore
      const broken = { ...store, ...breakIt(store) }
      owners.set(broken, owner)
      return broken
    },
    kill: (store) => sound.kill!(owners.get(store)!),
  }
}

async function failuresOf(open: () => OpenedStores): Promise<readonly string[]> {
  const failed: string[] = []
  for (const { name, run } of journalStoreConformance(open, { races: 20 }))
    try {
      await run()
    } catch {
      failed.push(name)
    }
  return failed
}

const FLAWS: Readonly<Record<string, (store: JournalStore) => Partial<JournalStore>>> = {
  'makes a run twice': (store) => ({
    async create(run: NewRun) {
      const made = await store.create(run)
      if (made.created) return made
      const { info, head, epoch } = (await store.find(run.runId))!
      const claim: Claim = { runId: run.runId, info, head, epoch, signals: [], crashStreak: 0, crashes: 0 }
      return { created: true, claim }
    },
  }),
  'does not refuse an old claim': (store) => ({
    append: (...args) => store.append(...args).catch(() => ({ head: 1 })),
  }),
  'appends again what is there': (store) => ({
    append: async (claim, entries) =>
      store.append(claim, entries, { expectHead: (await store.find(claim.runId))!.head }),
  }),
  'appends only the first of several': (store) => ({
    append: (claim, entries, options) => store.append(claim, entries.slice(0, 1), options),
  }),
  'gives out what it holds': (store) => {
    const held = new Map<string, Awaited<ReturnType<JournalStore['read']>>>()
    return {
      async read(runId) {
        const entries = held.get(runId) ?? (await store.read(runId))
        held.set(runId, entries)
        return entries
      },
    }
  },
  'waits although the signal has come': (store) => ({
    async park(claim) {
      await store.park(claim, [])
      return 'parked'
    },
  }),
  'takes a signal twice': (store) => ({
    deliver: (runId, signal) =>
      store.deliver(runId, signal).then((delivered) => (delivered === 'duplicate' ? 'accepted' : delivered)),
  }),
  'takes signals for settled runs': (store) => ({
    deliver: (runId, signal) =>
      store.deliver(runId, signal).then((delivered) => (delivered === 'closed' ? 'accepted' : delivered)),
  }),
  'claims newest first': (store) => ({ claim: (query) => store.claim(query).then((claims) => claims.toReversed()) }),
  'claims runs below as well': (store) => ({ claim: (query) => store.claim({ ...query, rootsOnly: false }) }),
  'does not tell signals at a claim': (store) => ({
    claim: (query) => store.claim(query).then((claims) => claims.map((claim) => ({ ...claim, signals: [] }))),
  }),
  'counts no crashes': (store) => ({
    claim: (query) =>
      store.claim(query).then((claims) => claims.map((claim) => ({ ...claim, crashes: 0, crashStreak: 0 }))),
  }),
  'does not tell that a run is cancelled': (store) => ({
    append: (...args) => store.append(...args).then(({ head }) => ({ head })),
  }),
  'cancels nothing that waits': (store) => ({
    cancel: async (runId, reason) =>
      (await store.find(runId))?.status === 'running' ? store.cancel(runId, reason) : true,
  }),
  'keeps the parent of a fork': (store) => ({
    fork: async (runId, _upTo, newRunId) => {
      const made = await store.create({ runId: newRunId, info: (await store.find(runId))!.info })
      if (made.created) await store.release(made.claim)
    },
  }),
  'does not revive': () => ({ revive: () => Promise.resolve(true) }),
  'sweeps nothing': () => ({ sweep: () => Promise.resolve(0) }),
  'pages with gaps': (store) => ({
    list: (query) =>
      store
        .list(query)
        .then((page) => (page.next === undefined ? page : { ...page, next: String(Number(page.next) + 1) })),
  }),
  'lists everything as claimable': (store) => ({ list: (query) => store.list({ ...query, claimableOnly: false }) }),
  'holds what it closes with': () => ({ close: () => Promise.resolve() }),
  'loses the outcome': (store) => ({
    settle: (claim) => store.settle(claim, { status: 'ok', stopReason: 'answered', output: '' }),
  }),
  'releases instead of poisoning': (store) => ({ poison: (claim) => store.release(claim) }),
  'sets aside a settled run that is damaged': (store) => ({
    async find(runId) {
      const found = await store.find(runId)
      const isDamaged = found !== undefined && (await store.read(runId).catch(() => undefined)) === undefined
      return isDamaged ? { ...found, status: 'quarantined' } : found
    },
  }),
  'reads nothing of what is not there': (store) => ({ read: (runId) => store.read(runId).catch(() => []) }),
}

test('a sound store fails no case', async () => {
  expect(await failuresOf(openMemoryStores)).toEqual([])
})

test.each(Object.keys(FLAWS))('a store that %s fails', async (flaw) => {
  expect(await failuresOf(() => openBroken(FLAWS[flaw]!))).not.toEqual([])
})

test('cases that a store has no means for are left out, with the reason', () => {
  const cases = journalStoreConformance(openMemoryStores, { supports: { kill: false, damage: false } })
  const skipped = cases.filter(({ skip }) => skip !== undefined)
  expect(new Set(skipped.map(({ skip }) => skip))).toEqual(new Set(['not supported: kill', 'not supported: damage']))
  expect(cases.length).toBeGreaterThan(40)
  expect(skipped.length).toBe(10)
})

// The suite is held to its own purpose: it lets a sound store pass, and each of these fail.
import { expect, test } from 'vitest'

import type { Job } from '../job.ts'
import { memoryScheduleStore } from '../memory-store.ts'
import type { ScheduleStore } from '../schedule-store.ts'
import { scheduleStoreConformance } from './conformance.ts'
import type { OpenedStores } from './store-cases/store-case.ts'

type Flaw = (store: ScheduleStore) => Partial<ScheduleStore>

function openStores(flaw: Flaw = () => ({})): OpenedStores {
  const memory = memoryScheduleStore()
  return {
    async connect() {
      const owner = memory.connect()
      const names = Object.getOwnPropertyNames(Object.getPrototypeOf(owner)) as (keyof ScheduleStore)[]
      const methods = names
        .filter((name) => typeof owner[name] === 'function')
        .map((name) => [name, owner[name].bind(owner)])
      const store = Object.fromEntries(methods) as unknown as ScheduleStore
      return { ...store, ...flaw(store) }
    },
  }
}

async function failuresOf(flaw?: Flaw): Promise<readonly string[]> {
  const failed: string[] = []
  for (const { name, skip, run } of scheduleStoreConformance(() => openStores(flaw), {
    supports: { damage: false },
    races: 20,
  })) {
    if (skip !== undefined) continue
    await run().catch(() => failed.push(name))
  }
  return failed
}

const FLAWS: Readonly<Record<string, Flaw>> = {
  'takes a second job of an id': (store) => ({
    add: async (job) => {
      await store.remove(job.id)
      await store.add(job)
    },
  }),
  'saves whatever the revision': (store) => ({
    save: async (job, options) => {
      const kept = await store.get(job.id)
      return kept !== undefined && store.save(job, { ...options, expectRevision: kept.revision })
    },
  }),
  'looks first and saves then': (store) => ({
    save: async (job, options) => {
      if ((await store.get(job.id))?.revision !== options.expectRevision) return false
      await Promise.resolve()
      const kept = await store.get(job.id)
      await store.save(job, { ...options, expectRevision: kept?.revision ?? 0 })
      return true
    },
  }),
  'makes a job that was to be changed': (store) => ({
    save: async (job, options) => {
      if ((await store.get(job.id)) === undefined) await store.add(job)
      return store.save(job, options)
    },
  }),
  'forgets the firings': (store) => ({ save: (job, options) => store.save(job, { ...options, firings: [] }) }),
  'keeps the whole history': (store) => ({ save: (job, options) => store.save(job, { ...options, keep: 1_000 }) }),
  'loses the payload': (store) => ({ add: (job) => store.add({ ...job, payload: null }) }),
  'gives out what it holds': (store) => {
    const held = new Map<string, Job | undefined>()
    return {
      async get(jobId) {
        const job = held.get(jobId) ?? (await store.get(jobId))
        held.set(jobId, job)
        return job
      },
    }
  },
  'lists in the order of making alone': (store) => ({
    list: async (query) => {
      const page = await store.list(query)
      return { ...page, jobs: page.jobs.toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1)) }
    },
  }),
  'lists the jobs of all owners': (store) => ({
    list: ({ limit, after }) => store.list({ limit, ...(after !== undefined && { after }) }),
  }),
  'pages from the beginning': (store) => ({
    list: ({ limit, owner }) => store.list({ limit, ...(owner !== undefined && { owner }) }),
  }),
  'never says that more may follow': (store) => ({
    due: async (query) => {
      const { next: _, ...page } = await store.due(query)
      return page
    },
  }),
  'takes any cursor': (store) => ({
    list: ({ after, ...query }) =>
      store.list({ ...query, ...(after !== undefined && /^\d+ \d+$/.test(after) && { after }) }),
  }),
  'gives busy jobs as due': (store) => ({ due: (query) => store.due({ ...query, nowMs: query.nowMs + 5_000 }) }),
  'gives what is due now as next': (store) => ({ nextAt: (afterMs) => store.nextAt(afterMs - 1) }),
  'removes nothing': () => ({ remove: () => Promise.resolve(true) }),
  'sweeps what ended just then': (store) => ({
    sweep: (query) => store.sweep({ ...query, endedBeforeMs: query.endedBeforeMs + 1 }),
  }),
  'gives the history oldest first': (store) => ({
    history: async (jobId, query) => (await store.history(jobId, query)).toReversed(),
  }),
  'answers when it is closed': () => ({ close: () => Promise.resolve() }),
}

test('a sound store fails no case', async () => {
  expect(await failuresOf()).toEqual([])
})

test.each(Object.keys(FLAWS))('a store that %s fails', async (flaw) => {
  expect(await failuresOf(FLAWS[flaw])).not.toEqual([])
})

test('cases that a store has no means for are left out, with the reason', () => {
  const cases = scheduleStoreConformance(openStores, { supports: { damage: false } })
  expect(cases.flatMap(({ skip }) => skip ?? [])).toEqual(['not supported: damage'])
})

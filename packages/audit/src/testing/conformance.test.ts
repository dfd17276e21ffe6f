// The suite is held to its own purpose: it lets a sound store pass, and each of these fail.
import { expect, test } from 'vitest'

import type { AuditStore } from '../audit-store.ts'
import { openMemoryStores } from '../memory-stores.test-kit.ts'
import { auditStoreConformance } from './conformance.ts'
import type { OpenedAuditStores } from './store-cases/store-case.ts'

const METHODS = ['write', 'find', 'list', 'entries', 'forget', 'sweep', 'close'] as const

function openBroken(breakIt: (store: AuditStore) => Partial<AuditStore>): OpenedAuditStores {
  const sound = openMemoryStores()
  return {
    async connect() {
      const store = await sound.connect()
      const methods = METHODS.map((name) => [name, store[name].bind(store)])
      return { ...(Object.fromEntries(methods) as unknown as AuditStore), ...breakIt(store) }
    },
  }
}

async function failuresOf(open: () => OpenedAuditStores): Promise<readonly string[]> {
  const failed: string[] = []
  for (const { name, skip, run } of auditStoreConformance(open, { supports: { damage: false } }))
    if (skip === undefined) await run().catch(() => failed.push(name))
  return failed
}

const FLAWS: Readonly<Record<string, (store: AuditStore) => Partial<AuditStore>>> = {
  'writes over what others wrote': (store) => ({
    async write(changes) {
      for (const { run } of changes) await store.forget(run.runId)
      return store.write(changes.map((change) => ({ ...change, after: 0 })))
    },
  }),
  'makes what is gone anew': (store) => ({
    async write(changes) {
      const became = await store.write(changes)
      if (!became.includes('gone')) return became
      await store.write(changes.map((change) => ({ ...change, after: 0 })))
      return became.map(() => 'written' as const)
    },
  }),
  'loses entries': (store) => ({
    write: (changes) => store.write(changes.map((change) => ({ ...change, entries: change.entries.slice(0, 1) }))),
  }),
  'keeps the first record': (store) => ({
    async write(changes) {
      const first = await store.find(changes[0]?.run.runId ?? '')
      return store.write(changes.map((change) => ({ ...change, run: first ?? change.run })))
    },
  }),
  'gives out what it holds': (store) => {
    const held = new Map<string, Awaited<ReturnType<AuditStore['find']>>>()
    return {
      async find(runId) {
        const run = held.get(runId) ?? (await store.find(runId))
        held.set(runId, run)
        return run
      },
    }
  },
  'lists oldest first': (store) => ({
    list: (query) => store.list(query).then((page) => ({ ...page, runs: page.runs.toReversed() })),
  }),
  'lists what begins alike': (store) => ({
    list: ({ subject, ...query }) =>
      store.list({ ...query, limit: 99 }).then(({ runs }) => ({
        runs: runs.filter((run) => subject === undefined || run.subject?.startsWith(subject) === true),
      })),
  }),
  'pages by number': (store) => ({
    async list({ after = '0', limit, ...query }) {
      const { runs } = await store.list({ ...query, limit: Number.POSITIVE_INFINITY })
      const from = Number(after)
      const page = runs.slice(from, from + limit)
      return { runs: page, ...(from + limit < runs.length && { next: String(from + limit) }) }
    },
  }),
  'takes any cursor': (store) => ({ list: (query) => store.list(query).catch(() => ({ runs: [] })) }),
  'ignores a condition': (store) => ({ list: ({ channel: _channel, ...query }) => store.list(query) }),
  'ignores the end of the time': (store) => ({ list: ({ toMs: _toMs, ...query }) => store.list(query) }),
  'gives entries from `after` on': (store) => ({
    entries: (runId, { after, limit }) => store.entries(runId, { after: Math.max(after - 1, 0), limit }),
  }),
  'forgets the run alone': (store) => ({
    async forget(runId) {
      const below = (await store.list({ parentRunId: runId, limit: 99 })).runs
      const count = await store.forget(runId)
      await store.write(below.map((run) => ({ run: { ...run, entries: 0 }, after: 0, entries: [] })))
      return count - below.length
    },
  }),
  'sweeps trees that are alive': (store) => ({
    async sweep(query) {
      const { runs } = await store.list({ limit: 99 })
      for (const run of runs) if (run.updatedAtMs < query.endedBeforeMs) await store.forget(run.runId)
      return store.sweep(query)
    },
  }),
  'sweeps nothing': () => ({ sweep: () => Promise.resolve(0) }),
  'goes on when closed': (store) => ({ close: () => Promise.resolve(void store) }),
}

test('a sound store fails no case', async () => {
  expect(await failuresOf(openMemoryStores)).toEqual([])
})

test.each(Object.keys(FLAWS))('a store that %s fails', async (flaw) => {
  expect(await failuresOf(() => openBroken(FLAWS[flaw]!))).not.toEqual([])
})

test('cases that a store has no means for are left out, with the reason', () => {
  const skipped = auditStoreConformance(openMemoryStores, { supports: { damage: false } }).filter(
    ({ skip }) => skip !== undefined,
  )
  expect(skipped.map(({ skip }) => skip)).toEqual(['not supported: damage'])
})

import assert from 'node:assert/strict'

import type { JournalStore, ListQuery, RunSummary } from '../../journal-store.ts'
import { begin, OUTCOME, signal, type StoreCase } from './store-case.ts'

async function pagesOf(store: JournalStore, query: ListQuery, between?: () => Promise<unknown>): Promise<RunSummary[]> {
  const found: RunSummary[] = []
  for (let after: string | undefined, page = 0; page < 100; page++) {
    const { runs, next } = await store.list({ ...query, ...(after !== undefined && { after }) })
    assert.ok(runs.length <= query.limit, 'a page is no longer than asked for')
    found.push(...runs)
    if (next === undefined) return found
    after = next
    await between?.()
  }
  throw new assert.AssertionError({ message: 'a list ends' })
}

const idsOf = (runs: readonly RunSummary[]) => runs.map(({ runId }) => runId)

async function oneOfEach(store: JournalStore): Promise<void> {
  await begin(store, 'running')
  await store.release(await begin(store, 'released'))
  await store.park(await begin(store, 'waiting'), ['yes'])
  await store.park(await begin(store, 'signalled'), ['yes'])
  await store.deliver('signalled', signal('yes'))
  await store.settle(await begin(store, 'settled'), OUTCOME)
  await store.poison(await begin(store, 'poisoned'), 'crashes')
  await store.release(await begin(store, 'running/c', { parentRunId: 'running' }))
}

export const listCases: readonly StoreCase[] = [
  {
    name: 'list gives summaries of all runs, in the order of making',
    async check({ store, other }) {
      await oneOfEach(store)
      const { runs, next } = await other.list({ limit: 100 })
      assert.equal(next, undefined)
      assert.deepEqual(
        runs.map(({ status }) => status),
        ['running', 'released', 'waiting', 'signalled', 'settled', 'poisoned', 'released'],
      )
      for (const summary of runs) {
        const { info: _, ...found } = (await other.find(summary.runId))!
        assert.deepEqual(summary, found)
      }
      const child = runs.at(-1)!
      assert.deepEqual([child.runId, child.parentRunId, child.rootRunId], ['running/c', 'running', 'running'])
    },
  },
  {
    name: 'list gives those of some statuses, those that can be claimed, and roots',
    async check({ store, other }) {
      await oneOfEach(store)
      const ids = async (query: Partial<ListQuery>) => idsOf((await other.list({ limit: 100, ...query })).runs)
      assert.deepEqual(await ids({ status: ['waiting', 'settled'] }), ['waiting', 'settled'])
      assert.deepEqual(await ids({ status: [] }), [])
      assert.deepEqual(await ids({ claimableOnly: true }), ['released', 'signalled', 'running/c'])
      assert.deepEqual(await ids({ claimableOnly: true, rootsOnly: true }), ['released', 'signalled'])
      assert.deepEqual(await ids({ claimableOnly: true, status: ['signalled'] }), ['signalled'])
      assert.equal((await ids({ rootsOnly: true })).includes('running/c'), false)
    },
  },
  {
    name: 'pages of a list follow each other without a gap and without a repetition, also while runs come and go',
    async check({ store, other }) {
      const ids = Array.from({ length: 25 }, (_, index) => `r${index}`)
      for (const id of ids) await store.release(await begin(store, id))
      for (const limit of [1, 7, 25, 26]) assert.deepEqual(idsOf(await pagesOf(other, { limit })), ids, `by ${limit}`)

      let made = 0
      const seen = await pagesOf(other, { limit: 5, status: ['released'] }, async () => {
        await begin(store, `new ${made++}`)
        const [claim] = await store.claim({ limit: 1 })
        if (claim !== undefined) await store.settle(claim, OUTCOME)
      })
      assert.deepEqual(idsOf(seen), ids)
    },
  },
]

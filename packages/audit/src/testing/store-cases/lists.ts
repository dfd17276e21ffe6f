import assert from 'node:assert/strict'

import type { AuditStore } from '../../audit-store.ts'
import { idsOf, rejects, type StoreCase, write } from './store-case.ts'

async function family(store: AuditStore): Promise<void> {
  await write(store, 'a', { caller: 'eve', channel: 'c1', startedAtMs: 10, status: 'ok' })
  await write(store, 'a/1', { caller: 'eve', parentRunId: 'a', startedAtMs: 11, agent: 'below' })
  await write(store, 'a/1/1', { parentRunId: 'a/1', rootRunId: 'a', startedAtMs: 12, guild: 'g' })
  await write(store, 'b', { caller: 'bob', channel: 'c1', startedAtMs: 20, status: 'error', subject: 'tea' })
  await write(store, 'c', { caller: 'eve', channel: 'c2', startedAtMs: 30, status: 'suspended' })
}

export const listCases: readonly StoreCase[] = [
  {
    name: 'a list gives the records of all runs, newest first; of one moment the last made comes first',
    async check({ store, other }) {
      assert.deepEqual(await other.list({ limit: 10 }), { runs: [] })
      await write(store, 'second', { startedAtMs: 20 })
      await write(store, 'first', { startedAtMs: 10 })
      await write(store, 'twin', { startedAtMs: 20 })
      await write(store, 'negative', { startedAtMs: -5 })
      const { runs, next } = await other.list({ limit: 10 })
      assert.deepEqual(
        runs.map(({ runId }) => runId),
        ['twin', 'second', 'first', 'negative'],
      )
      assert.equal(next, undefined)
      for (const run of runs) assert.deepEqual(run, await other.find(run.runId))
    },
  },
  {
    name: 'a list is narrowed by each condition, and by several',
    async check({ store, other }) {
      await family(store)
      assert.deepEqual(await idsOf(other, { rootRunId: 'a' }), ['a/1/1', 'a/1', 'a'])
      assert.deepEqual(await idsOf(other, { parentRunId: 'a' }), ['a/1'])
      assert.deepEqual(await idsOf(other, { caller: 'eve' }), ['c', 'a/1', 'a'])
      assert.deepEqual(await idsOf(other, { channel: 'c1' }), ['b', 'a'])
      assert.deepEqual(await idsOf(other, { guild: 'g' }), ['a/1/1'])
      assert.deepEqual(await idsOf(other, { agent: 'below' }), ['a/1'])
      assert.deepEqual(await idsOf(other, { subject: 'tea' }), ['b'])
      assert.deepEqual(await idsOf(other, { subject: 'te' }), [])
      assert.deepEqual(await idsOf(other, { status: ['suspended', 'ok'] }), ['c', 'a'])
      assert.deepEqual(await idsOf(other, { status: [] }), [])
      assert.deepEqual(await idsOf(other, { fromMs: 12, toMs: 30 }), ['b', 'a/1/1'])
      assert.deepEqual(await idsOf(other, { fromMs: 30.5 }), [])
      assert.deepEqual(await idsOf(other, { toMs: 10.5 }), ['a'])
      const wide = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY }
      assert.equal((await idsOf(other, wide)).length, 5)
      assert.equal((await idsOf(other, { fromMs: -1e300, toMs: 1e300 })).length, 5)
      assert.deepEqual(await idsOf(other, { caller: 'eve', status: ['ok', 'running'], toMs: 11 }), ['a'])
      assert.deepEqual(await idsOf(other, { caller: 'eve', channel: 'c2', rootRunId: 'c' }), ['c'])
      assert.deepEqual(await idsOf(other, { caller: 'nobody' }), [])
    },
  },
  {
    name: 'a list follows what changes in a record',
    async check({ store, other }) {
      await write(store, 'r', { status: 'running', caller: 'eve' })
      await write(store, 'r', { status: 'ok', caller: 'bob' }, { after: 1 })
      assert.deepEqual(await idsOf(other, { status: ['running'] }), [])
      assert.deepEqual(await idsOf(other, { caller: 'eve' }), [])
      assert.deepEqual(await idsOf(other, { status: ['ok'], caller: 'bob' }), ['r'])
    },
  },
  {
    name: 'pages follow each other without a gap and without a repetition, while runs come and go',
    async check({ store, other }) {
      const ids = Array.from({ length: 23 }, (_, index) => `r${index}`)
      for (const [index, id] of ids.entries())
        await write(store, id, { startedAtMs: Math.floor(index / 3), caller: 'eve' })
      for (const limit of [1, 7, 23, 24]) {
        assert.deepEqual(await idsOf(other, { limit }), ids.toReversed(), `by ${limit}`)
        assert.deepEqual(await idsOf(other, { limit, caller: 'eve' }), ids.toReversed())
        assert.deepEqual(await idsOf(other, { limit, status: ['running', 'ok'] }), ids.toReversed())
      }
      const seen = await idsOf(other, { limit: 5, caller: 'eve' }, async (page) => {
        await write(store, `new ${page}`, { startedAtMs: 1_000, caller: 'eve' })
        await store.forget(ids.toReversed()[page * 5 + 4]!) // the last of that page: the cursor's own place
      })
      assert.deepEqual(seen, ids.toReversed())
    },
  },
  {
    name: 'a page of nothing, and a cursor that is none',
    async check({ store }) {
      await family(store)
      assert.deepEqual((await store.list({ limit: 0 })).runs, [])
      assert.equal((await store.list({ limit: Number.POSITIVE_INFINITY })).runs.length, 5)
      for (const after of ['', 'x', '1', '1/x', '1/2/3', `1/2'; --`])
        await assert.rejects(store.list({ limit: 1, after }), RangeError)
    },
  },
  {
    name: 'what is damaged shows itself and hides nothing else',
    needs: ['damage'],
    async check({ store, other, damage }) {
      await write(store, 'r', { caller: 'eve', startedAtMs: 1 }, { count: 3 })
      await write(store, 's', { caller: 'eve', startedAtMs: 2 })
      await damage('r', 2)
      const entries = await other.entries('r', { after: 0, limit: 9 })
      assert.deepEqual(
        entries.map(({ type, seq, runId }) => [type, seq, runId]),
        [
          ['steer', 1, 'r'],
          ['damaged', 2, 'r'],
          ['steer', 3, 'r'],
        ],
      )
      await damage('r', 0)
      await rejects(other.find('r'), 'corrupt', 'find')
      const { runs } = await other.list({ limit: 9, caller: 'eve' })
      assert.deepEqual(
        runs.map(({ runId, isDamaged }) => [runId, isDamaged]),
        [
          ['s', undefined],
          ['r', true],
        ],
      )
      assert.equal((await other.find('s'))?.runId, 's')
      assert.equal(await other.forget('r'), 1)
    },
  },
]

import assert from 'node:assert/strict'

import { idsOf, type StoreCase, write } from './store-case.ts'

export const forgettingCases: readonly StoreCase[] = [
  {
    name: 'a run is forgotten with all below it, and nothing else',
    async check({ store, other }) {
      await write(store, 'a')
      await write(store, 'a/1', { parentRunId: 'a' })
      await write(store, 'a/1/1', { parentRunId: 'a/1', rootRunId: 'a' })
      await write(store, 'a/2', { parentRunId: 'a' })
      await write(store, 'b')
      assert.equal(await other.forget('a/1'), 2)
      assert.deepEqual(await idsOf(store), ['b', 'a/2', 'a'])
      assert.deepEqual(await store.entries('a/1', { after: 0, limit: 9 }), [])
      assert.equal(await other.forget('a/1'), 0)
      assert.equal(await other.forget('a'), 2)
      assert.deepEqual(await idsOf(store), ['b'])
    },
  },
  {
    name: 'runs below one that is not there are forgotten with it',
    async check({ store }) {
      await write(store, 'a/1', { parentRunId: 'a' })
      assert.equal(await store.forget('a'), 1)
      assert.deepEqual(await idsOf(store), [])
    },
  },
  {
    name: 'a run that was forgotten is gone to who wrote it, and can be made anew',
    async check({ store, other }) {
      await write(store, 'r', {}, { count: 2 })
      await other.forget('r')
      assert.equal(await write(store, 'r', {}, { after: 2 }), 'gone')
      assert.equal(await write(store, 'r', { caller: 'eve' }), 'written')
      assert.equal((await store.entries('r', { after: 0, limit: 9 })).length, 1)
    },
  },
  {
    name: 'a sweep forgets trees that have been silent, the longest silence first',
    async check({ store, other }) {
      await write(store, 'old', { updatedAtMs: 20 })
      await write(store, 'old/1', { parentRunId: 'old', updatedAtMs: 25 })
      await write(store, 'oldest', { updatedAtMs: 10, status: 'ok' })
      await write(store, 'lively', { updatedAtMs: 5 })
      await write(store, 'lively/1', { parentRunId: 'lively', updatedAtMs: 99 })
      await write(store, 'orphan/1', { parentRunId: 'orphan', updatedAtMs: 27 })
      await write(store, 'new', { updatedAtMs: 30 })
      const sweep = (endedBeforeMs: number, limit: number) => other.sweep({ endedBeforeMs, limit })
      assert.equal(await sweep(10, 9), 0)
      assert.equal(await sweep(30, 0), 0)
      assert.equal(await sweep(30, 1), 1)
      assert.equal(await store.find('oldest'), undefined)
      assert.equal(await sweep(30, 1), 1)
      assert.equal(await store.find('old'), undefined)
      assert.equal(await store.find('old/1'), undefined)
      assert.deepEqual(await store.entries('old/1', { after: 0, limit: 9 }), [])
      assert.equal(await sweep(30, Number.POSITIVE_INFINITY), 1)
      assert.deepEqual((await idsOf(store)).toSorted(), ['lively', 'lively/1', 'new'])
      assert.equal(await sweep(Number.NEGATIVE_INFINITY, 9), 0)
      assert.equal(await sweep(Number.POSITIVE_INFINITY, 9), 2)
      assert.deepEqual(await idsOf(store), [])
    },
  },
  {
    name: 'two runs of one tree that fell silent at one moment are one tree',
    async check({ store }) {
      await write(store, 'a', { updatedAtMs: 10 })
      await write(store, 'a/1', { parentRunId: 'a', updatedAtMs: 10 })
      await write(store, 'b', { updatedAtMs: 11 })
      assert.equal(await store.sweep({ endedBeforeMs: 100, limit: 2 }), 2)
      assert.deepEqual(await idsOf(store), [])
    },
  },
]

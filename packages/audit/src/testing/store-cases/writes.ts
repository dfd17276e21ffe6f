import assert from 'node:assert/strict'

import { entriesOf, ODD_TEXTS, rejects, runOf, type StoreCase, write } from './store-case.ts'

export const writeCases: readonly StoreCase[] = [
  {
    name: 'a run that was written is found by every opening, with its entries',
    async check({ store, other }) {
      const run = runOf('r', { caller: 'eve', entries: 2, error: { name: 'E', message: 'm', causes: ['c'] } })
      const entries = entriesOf('r', 0, 2)
      assert.deepEqual(await store.write([{ run, after: 0, entries }]), ['written'])
      assert.deepEqual(await other.find('r'), run)
      assert.deepEqual(await other.entries('r', { after: 0, limit: 10 }), entries)
    },
  },
  {
    name: 'of a run that is not there nothing is found',
    async check({ store }) {
      assert.equal(await store.find('r'), undefined)
      assert.deepEqual(await store.entries('r', { after: 0, limit: 10 }), [])
      assert.equal(await store.forget('r'), 0)
      assert.equal(await write(store, 'r', {}, { after: 1 }), 'gone')
      assert.equal(await store.find('r'), undefined)
    },
  },
  {
    name: 'a later change replaces the record and adds its entries',
    async check({ store, other }) {
      await write(store, 'r', { caller: 'eve' }, { count: 2 })
      assert.equal(await write(other, 'r', { status: 'ok', output: 'done' }, { after: 2, count: 3 }), 'written')
      assert.deepEqual(await store.find('r'), runOf('r', { status: 'ok', output: 'done', entries: 5 }))
      assert.deepEqual(
        (await store.entries('r', { after: 0, limit: 10 })).map(({ seq }) => seq),
        [1, 2, 3, 4, 5],
      )
    },
  },
  {
    name: 'a change without entries replaces the record',
    async check({ store }) {
      await write(store, 'r', {}, { count: 1 })
      assert.equal(await write(store, 'r', { status: 'ok' }, { after: 1, count: 0 }), 'written')
      assert.equal((await store.find('r'))?.status, 'ok')
    },
  },
  {
    name: 'a change of a run that has moved leaves it as it is',
    async check({ store, other }) {
      await write(store, 'r', {}, { count: 2 })
      for (const after of [0, 1, 3]) assert.equal(await write(other, 'r', { status: 'ok' }, { after }), 'moved')
      assert.deepEqual(await store.find('r'), runOf('r', { entries: 2 }))
      assert.equal((await store.entries('r', { after: 0, limit: 10 })).length, 2)
    },
  },
  {
    name: 'of several changes each is told by itself, in order',
    async check({ store }) {
      await write(store, 'moved', {}, { count: 2 })
      const change = (runId: string, after: number) => ({
        run: runOf(runId, { entries: after + 1 }),
        after,
        entries: entriesOf(runId, after, 1),
      })
      const became = await store.write([change('new', 0), change('moved', 0), change('gone', 4), change('new', 1)])
      assert.deepEqual(became, ['written', 'moved', 'gone', 'written'])
      assert.equal((await store.find('new'))?.entries, 2)
      assert.deepEqual(await store.write([]), [])
    },
  },
  {
    name: 'of two openings that write at once to one run, one is told that it has moved',
    async check({ store, other }) {
      for (let round = 0; round < 20; round++) {
        const runId = `r${round}`
        const became = await Promise.all([write(store, runId), write(other, runId)])
        assert.deepEqual(became.toSorted(), ['moved', 'written'])
        assert.equal((await store.entries(runId, { after: 0, limit: 10 })).length, 1)
      }
    },
  },
  {
    name: 'entries come in pages, oldest first',
    async check({ store }) {
      await write(store, 'r', {}, { count: 7 })
      const seqs = async (after: number, limit: number) =>
        (await store.entries('r', { after, limit })).map(({ seq }) => seq)
      assert.deepEqual(await seqs(0, 3), [1, 2, 3])
      assert.deepEqual(await seqs(3, 3), [4, 5, 6])
      assert.deepEqual(await seqs(6, 3), [7])
      assert.deepEqual(await seqs(7, 3), [])
      assert.deepEqual(await seqs(0, 0), [])
      assert.deepEqual(await seqs(-5, Number.POSITIVE_INFINITY), [1, 2, 3, 4, 5, 6, 7])
      assert.deepEqual(await seqs(Number.MAX_SAFE_INTEGER, 3), [])
    },
  },
  {
    name: 'what is given out and what is taken in are copies',
    async check({ store }) {
      const run = { ...runOf('r', { entries: 1 }), limits: { maxSteps: 1 } }
      const entries = [...entriesOf('r', 0, 1)]
      const writing = store.write([{ run, after: 0, entries }])
      run.limits.maxSteps = 99
      entries.pop()
      await writing
      const change = async () => {
        const found = (await store.find('r'))!
        ;(found.limits as { maxSteps: number }).maxSteps = 98
        const [listed] = (await store.list({ limit: 1 })).runs
        ;(listed!.limits as { maxSteps: number }).maxSteps = 97
        const [entry] = await store.entries('r', { after: 0, limit: 1 })
        ;(entry as { runId: string }).runId = 'other'
      }
      await change()
      assert.deepEqual((await store.find('r'))?.limits, { maxSteps: 1 })
      assert.deepEqual(await store.entries('r', { after: 0, limit: 10 }), entriesOf('r', 0, 1))
    },
  },
  {
    name: 'ids and texts are any strings',
    async check({ store, other }) {
      for (const text of ODD_TEXTS) {
        const change = { caller: text, channel: text, guild: text, agent: text, subject: text, input: text }
        assert.equal(await write(store, text, change, { text }), 'written')
      }
      for (const text of ODD_TEXTS) {
        assert.equal((await other.find(text))?.caller, text)
        assert.deepEqual(await other.entries(text, { after: 0, limit: 9 }), entriesOf(text, 0, 1, text))
        for (const name of ['caller', 'channel', 'guild', 'agent', 'subject', 'rootRunId'] as const)
          assert.deepEqual(
            (await other.list({ limit: 99, [name]: text })).runs.map(({ runId }) => runId),
            [text],
            `by ${name}`,
          )
      }
      const half = 'a\uD83D'
      await write(store, half, { caller: half }, { text: half })
      assert.ok([half, half.toWellFormed()].includes((await other.find(half))!.caller!))
      assert.equal((await other.list({ limit: 9, caller: half })).runs.length, 1)
    },
  },
  {
    name: 'a store that is closed does nothing, and the others go on',
    async check({ store, other }) {
      await write(store, 'r')
      await store.close()
      await store.close()
      await rejects(write(store, 's'), 'closed', 'write')
      await rejects(store.find('r'), 'closed', 'find')
      await rejects(store.list({ limit: 1 }), 'closed', 'list')
      await rejects(store.entries('r', { after: 0, limit: 1 }), 'closed', 'entries')
      await rejects(store.forget('r'), 'closed', 'forget')
      await rejects(store.sweep({ endedBeforeMs: 1, limit: 1 }), 'closed', 'sweep')
      assert.equal((await other.find('r'))?.runId, 'r')
      assert.equal(await other.find('s'), undefined)
    },
  },
]

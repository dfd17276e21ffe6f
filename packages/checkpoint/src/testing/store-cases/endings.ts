import assert from 'node:assert/strict'

import { begin, claimOne, OUTCOME, rejects, said, signal, statusOf, type StoreCase } from './store-case.ts'

export const endingCases: readonly StoreCase[] = [
  {
    name: 'settle closes a record, which tells how the run ended',
    async check({ store, other }) {
      const claim = await begin(store, 'r')
      await store.append(claim, [said('a')], { expectHead: 0 })
      const outcome = { status: 'error', stopReason: 'fault', output: 'half', error: 'it broke' }
      await store.settle(claim, outcome)
      const found = await other.find('r')
      assert.deepEqual([found?.status, found?.outcome], ['settled', outcome])
      assert.equal(typeof found?.settledAtMs, 'number')
      assert.deepEqual(await other.read('r'), [said('a')])
      assert.deepEqual(await other.claim({ limit: 1, runId: 'r' }), [])
    },
  },
  {
    name: 'settle closes the runs below that are open, whoever holds them',
    async check({ store, other }) {
      const root = await begin(store, 'r')
      const done = await begin(store, 'r/a', { parentRunId: 'r' })
      await store.settle(done, OUTCOME)
      await store.release(await begin(store, 'r/b', { parentRunId: 'r' }))
      const below = await begin(store, 'r/b/c', { parentRunId: 'r/b', rootRunId: 'r' })
      await store.settle(root, OUTCOME)
      assert.deepEqual((await other.find('r/a'))?.outcome, OUTCOME)
      for (const id of ['r/b', 'r/b/c']) {
        const found = await other.find(id)
        assert.deepEqual([found?.status, found?.outcome?.status], ['settled', 'cancelled'], id)
      }
      await rejects(store.append(below, [said('late')], { expectHead: 0 }), 'fenced', 'append')
    },
  },
  {
    name: 'a poisoned run is kept with the reason until it is revived, its counts at nought',
    async check({ store, other }) {
      const claim = await begin(store, 'r')
      await store.append(claim, [said('a')], { expectHead: 0 })
      await store.poison(claim, 'it crashed')
      const found = await other.find('r')
      assert.deepEqual([found?.status, found?.reason], ['poisoned', 'it crashed'])
      assert.equal(await other.revive('r'), true)
      assert.equal(await other.revive('r'), false)
      assert.equal(await other.revive('nobody'), false)
      assert.equal((await other.find('r'))?.reason, undefined)
      const again = await claimOne(other, 'r')
      assert.deepEqual([again.head, again.crashes, again.crashStreak], [1, 0, 0])
      assert.equal(await other.revive('r'), false)
    },
  },
  {
    name: 'cancel ends at once what nobody works on, with the runs below',
    async check({ store, other }) {
      await store.release(await begin(store, 'released'))
      await store.release(await begin(store, 'released/c', { parentRunId: 'released' }))
      await store.park(await begin(store, 'waiting'), ['yes'])
      await store.park(await begin(store, 'signalled'), ['yes'])
      await store.deliver('signalled', signal('yes'))
      await store.poison(await begin(store, 'poisoned'), 'crashes')
      for (const id of ['released', 'waiting', 'signalled', 'poisoned']) {
        assert.equal(await other.cancel(id, 'enough'), true, id)
        const found = await store.find(id)
        const { status, stopReason, error } = found!.outcome!
        assert.deepEqual(
          [found?.status, status, stopReason, error],
          ['settled', 'cancelled', 'cancelled', 'enough'],
          id,
        )
        assert.equal(await other.cancel(id, 'enough'), false, id)
      }
      assert.equal(await statusOf(store, 'released/c'), 'settled')
      assert.equal(await other.cancel('nobody', 'enough'), false)
      assert.deepEqual(await store.claim({ limit: 9 }), [])
    },
  },
  {
    name: 'cancel of a run that is at work is told to its owner, to those below, and to the next who claims it',
    async check({ store, other }) {
      const claim = await begin(store, 'r')
      const child = await begin(store, 'r/c', { parentRunId: 'r' })
      assert.equal(await other.cancel('r', 'enough'), true)
      assert.equal(await statusOf(other, 'r'), 'running')
      const told = { head: 1, cancelReason: 'enough' }
      assert.deepEqual(await store.append(child, [said('a')], { expectHead: 0 }), told)
      assert.deepEqual(await store.append(claim, [said('a')], { expectHead: 0 }), told)
      assert.equal((await begin(store, 'r/d', { parentRunId: 'r' })).cancelReason, 'enough')
      await store.release(claim)
      const next = await claimOne(other, 'r')
      assert.equal(next.cancelReason, 'enough')
      await other.settle(next, { ...OUTCOME, status: 'cancelled' })
      assert.equal(await other.cancel('r', 'enough'), false)
    },
  },
  {
    name: 'fork makes a root of the first entries of another run, and leaves that as it is',
    async check({ store, other }) {
      const claim = await begin(store, 'r/c', { parentRunId: 'r', subject: 'tea' })
      await store.append(claim, [said('a'), said('b'), said('c')], { expectHead: 0 })
      await store.deliver('r/c', signal('yes'))
      await other.fork('r/c', 2, 'f')
      const fork = await claimOne(other, 'f')
      const { parentRunId, rootRunId, subject } = fork.info
      assert.deepEqual([parentRunId, rootRunId, subject, fork.info.runId], [undefined, 'f', 'tea', 'f'])
      assert.deepEqual([fork.head, fork.signals, fork.crashes], [2, [], 0])
      assert.deepEqual(await other.read('f'), [said('a'), said('b')])
      await other.append(fork, [said('d')], { expectHead: 2 })
      assert.deepEqual(await store.read('r/c'), [said('a'), said('b'), said('c')])
      await other.fork('r/c', 0, 'empty')
      await other.fork('r/c', 99, 'whole')
      assert.deepEqual([(await other.read('empty')).length, (await other.read('whole')).length], [0, 3])
      await rejects(other.fork('r/c', 1, 'f'), 'exists', 'fork')
      await rejects(other.fork('nobody', 1, 'g'), 'not-found', 'fork')
      assert.equal(await other.find('g'), undefined)
    },
  },
  {
    name: 'sweep forgets roots that were settled long ago with the runs below, oldest first, and no others',
    needs: ['clock'],
    async check({ store, other, advance }) {
      for (const id of ['a', 'b', 'c']) {
        const claim = await begin(store, id)
        const child = await begin(store, `${id}/c`, { parentRunId: id })
        await store.append(child, [said('a')], { expectHead: 0 })
        await store.settle(child, OUTCOME)
        await store.settle(claim, OUTCOME)
        await advance(1_000)
      }
      const open = await begin(store, 'open')
      await store.settle(await begin(store, 'open/c', { parentRunId: 'open' }), OUTCOME)
      await advance(1_000)
      const settledBeforeMs = (await store.find('c'))!.settledAtMs!
      assert.equal(await other.sweep({ settledBeforeMs, limit: 1 }), 1)
      assert.deepEqual([await statusOf(store, 'a'), await statusOf(store, 'a/c')], [undefined, undefined])
      assert.equal(await statusOf(store, 'b'), 'settled')
      assert.equal(await other.sweep({ settledBeforeMs, limit: 9 }), 1)
      assert.equal(await other.sweep({ settledBeforeMs, limit: 9 }), 0)
      const { runs } = await other.list({ limit: 9 })
      assert.deepEqual(
        runs.map(({ runId }) => runId),
        ['c', 'c/c', 'open', 'open/c'],
      )
      await rejects(store.read('a/c'), 'not-found', 'read')
      assert.deepEqual(await store.append(open, [said('a')], { expectHead: 0 }), { head: 1 })
      await begin(store, 'a') // its id is free
    },
  },
]

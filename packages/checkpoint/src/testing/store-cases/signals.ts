import assert from 'node:assert/strict'

import { begin, claimOne, OUTCOME, signal, statusOf, type StoreCase } from './store-case.ts'

export const signalCases: readonly StoreCase[] = [
  {
    name: 'a run that waits is nobody\u2019s until its signal comes, which the next claim brings',
    async check({ store, other }) {
      assert.equal(await store.park(await begin(store, 'r'), ['yes', 'no']), 'parked')
      assert.deepEqual(await other.claim({ limit: 9 }), [])
      const found = await other.find('r')
      assert.deepEqual([found?.status, found?.waits], ['waiting', ['yes', 'no']])
      assert.equal(await other.deliver('r', signal('no')), 'accepted')
      assert.equal(await statusOf(store, 'r'), 'signalled')
      assert.equal((await store.find('r'))?.waits, undefined)
      const [claim] = await other.claim({ limit: 9 })
      assert.deepEqual([claim?.runId, claim?.signals, claim?.crashes], ['r', [signal('no')], 0])
    },
  },
  {
    name: 'a signal of another name does not wake a run, but is kept',
    async check({ store, other }) {
      await store.park(await begin(store, 'r'), ['yes'])
      assert.equal(await other.deliver('r', signal('other')), 'accepted')
      assert.equal(await statusOf(store, 'r'), 'waiting')
      assert.deepEqual(await store.claim({ limit: 9 }), [])
      await other.deliver('r', signal('yes'))
      const [claim] = await store.claim({ limit: 9 })
      assert.deepEqual(claim?.signals, [signal('other'), signal('yes')])
    },
  },
  {
    name: 'park of a run that is to be cancelled leaves the claim, and its next append tells why',
    async check({ store, other }) {
      const claim = await begin(store, 'r')
      await other.cancel('r', 'enough')
      assert.deepEqual(await store.park(claim, ['yes']), [])
      assert.deepEqual(await store.append(claim, [], { expectHead: 0 }), { head: 0, cancelReason: 'enough' })
    },
  },
  {
    name: 'park gives the signals of its names that have come before, and the claim stays',
    async check({ store, other }) {
      const claim = await begin(store, 'r')
      await other.deliver('r', signal('other'))
      await other.deliver('r', signal('yes'))
      await other.deliver('r', signal('no'))
      assert.deepEqual(await store.park(claim, ['no', 'yes']), [signal('yes'), signal('no')])
      assert.equal(await statusOf(store, 'r'), 'running')
      assert.deepEqual(await store.append(claim, [], { expectHead: 0 }), { head: 0 })
      assert.equal(await store.park(claim, ['never']), 'parked')
    },
  },
  {
    name: 'a signal comes once: a second of its name or of its id is a duplicate, and the first stays',
    async check({ store, other }) {
      const claim = await begin(store, 'r')
      assert.equal(await store.deliver('r', signal('yes')), 'accepted')
      assert.equal(await other.deliver('r', signal('yes')), 'duplicate')
      assert.equal(await other.deliver('r', signal('yes', { id: 'another', value: false })), 'duplicate')
      assert.equal(await other.deliver('r', signal('no', { id: 'id of yes' })), 'duplicate')
      assert.deepEqual(await store.park(claim, ['yes', 'no']), [signal('yes')])
    },
  },
  {
    name: 'a signal to a settled run is closed, and to one that is not there no-such-run',
    async check({ store, other }) {
      await store.settle(await begin(store, 'r'), OUTCOME)
      assert.equal(await other.deliver('r', signal('yes')), 'closed')
      assert.equal(await other.deliver('nobody', signal('yes')), 'no-such-run')
    },
  },
  {
    name: 'a signal to a run that is at work, released or set aside is kept for its next claim',
    async check({ store, other }) {
      const running = await begin(store, 'running')
      await store.release(await begin(store, 'released'))
      await store.poison(await begin(store, 'poisoned'), 'crashes')
      for (const id of ['running', 'released', 'poisoned']) {
        const before = await statusOf(store, id)
        assert.equal(await other.deliver(id, signal('yes')), 'accepted', id)
        assert.equal(await statusOf(store, id), before, id)
      }
      await store.release(running)
      await store.revive('poisoned')
      for (const { runId, signals } of await other.claim({ limit: 9 }))
        assert.deepEqual(signals, [signal('yes')], runId)
    },
  },
  {
    name: 'signals stay with a run through all its claims',
    async check({ store, other }) {
      await store.park(await begin(store, 'r'), ['a'])
      await other.deliver('r', signal('a'))
      await store.park(await claimOne(store, 'r'), ['b'])
      await other.deliver('r', signal('b'))
      const claim = await claimOne(other, 'r')
      assert.deepEqual(claim.signals, [signal('a'), signal('b')])
      assert.deepEqual(await other.park(claim, ['a']), [signal('a')])
    },
  },
  {
    name: 'what a signal says is copied',
    async check({ store }) {
      const value = { list: [1] }
      const claim = await begin(store, 'r')
      await store.deliver('r', signal('yes', { value }))
      value.list.push(2)
      assert.deepEqual(await store.park(claim, ['yes']), [signal('yes', { value: { list: [1] } })])
    },
  },
  {
    name: 'no signal is lost between the look and the waiting',
    async check({ store, other, races }) {
      for (let index = 0; index < races; index++) {
        const runId = `r${index}`
        const claim = await begin(store, runId)
        const deliver = () => other.deliver(runId, signal('yes'))
        const park = () => store.park(claim, ['yes'])
        const [first, second] = await Promise.all(index % 2 === 0 ? [deliver(), park()] : [park(), deliver()])
        const parked = index % 2 === 0 ? second : first
        if (parked === 'parked') assert.equal((await other.claim({ limit: 1 }))[0]?.runId, runId, 'it was woken')
        else assert.deepEqual(parked, [signal('yes')])
        await (parked === 'parked' ? other : store).settle((await other.find(runId))!, OUTCOME)
      }
    },
  },
  {
    name: 'of deliveries that race, one is accepted',
    async check({ store, other }) {
      for (let index = 0; index < 50; index++) {
        await begin(store, `r${index}`)
        const delivered = await Promise.all(
          [store, other, store, other].map((one, sender) =>
            one.deliver(`r${index}`, signal('yes', { id: `sender ${sender}` })),
          ),
        )
        assert.deepEqual(delivered.toSorted(), ['accepted', 'duplicate', 'duplicate', 'duplicate'])
      }
    },
  },
]

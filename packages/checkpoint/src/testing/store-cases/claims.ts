import assert from 'node:assert/strict'

import { begin, claimOne, infoOf, OUTCOME, rejects, said, signal, statusOf, type StoreCase } from './store-case.ts'

export const claimCases: readonly StoreCase[] = [
  {
    name: 'create makes an empty record and claims it, and find tells of it',
    async check({ store, other }) {
      const { epoch, ...claim } = await begin(store, 'r', { subject: 'tea' })
      const info = infoOf('r', { subject: 'tea' })
      assert.deepEqual(claim, { runId: 'r', info, head: 0, signals: [], crashStreak: 0, crashes: 0 })
      const found = await other.find('r')
      assert.deepEqual(
        { ...found, createdAtMs: 0 },
        {
          ...{ runId: 'r', rootRunId: 'r', agent: 'agent', status: 'running', head: 0 },
          ...{ epoch, crashes: 0, crashStreak: 0, createdAtMs: 0, info },
        },
      )
      assert.deepEqual(await other.read('r'), [])
      assert.equal(await other.find('nobody'), undefined)
    },
  },
  {
    name: 'create leaves a record of this id as it is',
    async check({ store, other }) {
      const claim = await begin(store, 'r', { subject: 'first' })
      for (const one of [store, other])
        assert.deepEqual(await one.create({ runId: 'r', info: infoOf('r', { subject: 'second' }) }), { created: false })
      assert.equal((await store.find('r'))?.info.subject, 'first')
      await store.append(claim, [said('a')], { expectHead: 0 })
      await store.settle(claim, OUTCOME)
      assert.deepEqual(await other.create({ runId: 'r', info: infoOf('r') }), { created: false })
    },
  },
  {
    name: 'two owners that create one run at once make it once',
    async check({ store, other }) {
      const info = infoOf('r')
      const made = await Promise.all([store, other].map((one) => one.create({ runId: 'r', info })))
      assert.equal(made.filter(({ created }) => created).length, 1)
    },
  },
  {
    name: 'claim takes released runs, oldest first, at most as many as asked for',
    async check({ store, other }) {
      for (const id of ['b', 'a', 'c', 'd']) await store.release(await begin(store, id))
      const first = await other.claim({ limit: 3 })
      assert.deepEqual(
        first.map(({ runId }) => runId),
        ['b', 'a', 'c'],
      )
      assert.deepEqual(
        (await other.claim({ limit: 3 })).map(({ runId }) => runId),
        ['d'],
      )
      assert.deepEqual(await other.claim({ limit: 3 }), [])
    },
  },
  {
    name: 'claim with an id takes that run alone, also one that waits',
    async check({ store, other }) {
      await store.release(await begin(store, 'a'))
      await store.park(await begin(store, 'b'), ['yes'])
      assert.deepEqual(await other.claim({ limit: 5, runId: 'nobody' }), [])
      assert.equal((await claimOne(other, 'b')).runId, 'b')
      assert.equal(await statusOf(store, 'b'), 'running')
      assert.equal(await statusOf(store, 'a'), 'released')
    },
  },
  {
    name: 'claim never takes what a living owner holds, itself included, nor what is settled, waiting or poisoned',
    async check({ store, other }) {
      await begin(store, 'held')
      await store.settle(await begin(store, 'settled'), OUTCOME)
      await store.poison(await begin(store, 'poisoned'), 'crashes')
      await store.park(await begin(store, 'waiting'), ['yes'])
      for (const one of [store, other]) {
        assert.deepEqual(await one.claim({ limit: 9 }), [])
        for (const runId of ['held', 'settled', 'poisoned'])
          assert.deepEqual(await one.claim({ limit: 9, runId }), [], runId)
      }
    },
  },
  {
    name: 'claim with rootsOnly passes over runs that another run began',
    async check({ store, other }) {
      await store.release(await begin(store, 'r'))
      await store.release(await begin(store, 'r/c', { parentRunId: 'r' }))
      const claims = await other.claim({ limit: 9, rootsOnly: true })
      assert.deepEqual(
        claims.map(({ runId }) => runId),
        ['r'],
      )
      assert.deepEqual(
        (await other.claim({ limit: 9 })).map(({ runId }) => runId),
        ['r/c'],
      )
    },
  },
  {
    name: 'each claim raises the epoch, and an older claim can do nothing any more',
    async check({ store, other }) {
      const old = await begin(store, 'r')
      await store.release(old)
      const claim = await claimOne(other, 'r')
      assert.ok(claim.epoch > old.epoch, 'the epoch is higher')
      await rejects(store.append(old, [said('late')], { expectHead: 0 }), 'fenced', 'append')
      await rejects(store.park(old, ['yes']), 'fenced', 'park')
      await rejects(store.release(old), 'fenced', 'release')
      await rejects(store.settle(old, OUTCOME), 'fenced', 'settle')
      await rejects(store.poison(old, 'crashes'), 'fenced', 'poison')
      assert.equal(await statusOf(other, 'r'), 'running')
      assert.deepEqual(await other.append(claim, [said('a')], { expectHead: 0 }), { head: 1 })
    },
  },
  {
    name: 'a claim that was given back can do nothing, also when nobody has claimed the run since',
    async check({ store }) {
      const released = await begin(store, 'released')
      await store.release(released)
      const parked = await begin(store, 'parked')
      await store.park(parked, ['yes'])
      const settled = await begin(store, 'settled')
      await store.settle(settled, OUTCOME)
      for (const claim of [released, parked, settled])
        await rejects(store.append(claim, [said('late')], { expectHead: 0 }), 'fenced', claim.runId)
      await rejects(store.settle(settled, OUTCOME), 'fenced', 'settle')
    },
  },
  {
    name: 'two owners that look for work at once share it: each run is claimed once',
    async check({ store, other }) {
      for (let index = 0; index < 60; index++) await store.release(await begin(store, `r${index}`))
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? store : other).claim({ limit: 5 })),
      )
      const ids = claims.flat().map(({ runId }) => runId)
      assert.equal(ids.length, 60)
      assert.equal(new Set(ids).size, 60)
    },
  },
  {
    name: 'two owners that claim one run at once: one has it',
    async check({ store, other, races }) {
      for (let index = 0; index < Math.min(races, 500); index++) {
        const runId = `r${index}`
        await store.release(await begin(store, runId))
        const claims = await Promise.all([store, other].map((one) => one.claim({ limit: 1, runId })))
        assert.equal(claims.flat().length, 1, runId)
      }
    },
  },
  {
    name: 'close gives back what it holds, is no crash, and leaves the other owners alone',
    async check({ store, other }) {
      await begin(store, 'mine')
      const theirs = await begin(other, 'theirs')
      await store.close()
      await store.close()
      const claim = await claimOne(other, 'mine')
      assert.deepEqual([claim.crashes, claim.crashStreak], [0, 0])
      assert.deepEqual(await other.append(theirs, [said('a')], { expectHead: 0 }), { head: 1 })
    },
  },
  {
    name: 'every call to a closed store rejects with closed',
    async check({ store }) {
      const claim = await begin(store, 'r')
      await store.close()
      const calls: Readonly<Record<string, () => Promise<unknown>>> = {
        create: () => store.create({ runId: 's', info: infoOf('s') }),
        claim: () => store.claim({ limit: 1 }),
        append: () => store.append(claim, [said('a')], { expectHead: 0 }),
        read: () => store.read('r'),
        park: () => store.park(claim, ['yes']),
        release: () => store.release(claim),
        settle: () => store.settle(claim, OUTCOME),
        poison: () => store.poison(claim, 'crashes'),
        deliver: () => store.deliver('r', signal('yes')),
        cancel: () => store.cancel('r', 'enough'),
        find: () => store.find('r'),
        list: () => store.list({ limit: 1 }),
        fork: () => store.fork('r', 0, 's'),
        revive: () => store.revive('r'),
        sweep: () => store.sweep({ settledBeforeMs: 0, limit: 1 }),
      }
      for (const [name, call] of Object.entries(calls)) await rejects(call(), 'closed', name)
    },
  },
]

import assert from 'node:assert/strict'

import {
  begin,
  claimOne,
  intent,
  OUTCOME,
  rejects,
  said,
  signal,
  statusOf,
  type StoreCase,
  type StoreScene,
} from './store-case.ts'

/** An owner that claims the run, and dies. */
async function crash({ connect, kill }: StoreScene, runId: string): Promise<void> {
  const owner = await connect()
  await claimOne(owner, runId)
  await kill(owner)
}

const DAY_MS = 86_400_000

export const crashCases: readonly StoreCase[] = [
  {
    name: 'what a dead owner held can be claimed, and counts as a crash',
    needs: ['kill'],
    async check({ store, other, kill }) {
      await begin(store, 'r')
      await begin(other, 'theirs')
      await kill(store)
      assert.equal(await statusOf(other, 'r'), 'running')
      const [claim, ...more] = await other.claim({ limit: 9 })
      assert.deepEqual(more, [])
      assert.deepEqual([claim?.runId, claim?.crashes, claim?.crashStreak], ['r', 1, 1])
      assert.deepEqual(await other.claim({ limit: 9 }), [])
    },
  },
  {
    name: 'an owner that was taken for dead is fenced once its run is claimed, and not before',
    needs: ['kill'],
    async check({ store, other, kill }) {
      const old = await begin(store, 'r')
      await kill(store)
      const claim = await claimOne(other, 'r')
      await rejects(store.append(old, [said('late')], { expectHead: 0 }), 'fenced', 'append')
      await rejects(store.release(old), 'fenced', 'release')
      assert.deepEqual(await other.append(claim, [said('a')], { expectHead: 0 }), { head: 1 })
      assert.deepEqual(await other.read('r'), [said('a')])
    },
  },
  {
    name: 'crashes in a row are counted until there is progress, or a clean release; all are counted in total',
    needs: ['kill', 'clock'],
    async check(scene) {
      const { store, advance } = scene
      await store.release(await begin(store, 'r'))
      await crash(scene, 'r')
      await advance(3_600_000)
      await crash(scene, 'r')
      const third = await claimOne(store, 'r')
      assert.deepEqual([third.crashStreak, third.crashes], [2, 2])
      await store.append(third, [intent('tool:a'), { type: 'segment', atMs: 1 }], { expectHead: 0 })
      assert.equal((await store.find('r'))?.crashStreak, 2)
      await store.append(third, [intent('tool:b'), said('a')], { expectHead: 2 })
      assert.equal((await store.find('r'))?.crashStreak, 0)
      await store.release(third)
      await crash(scene, 'r')
      const fifth = await claimOne(store, 'r')
      assert.deepEqual([fifth.crashStreak, fifth.crashes], [1, 3])
      await store.release(fifth)
      const sixth = await claimOne(store, 'r')
      assert.deepEqual([sixth.crashStreak, sixth.crashes], [0, 3])
    },
  },
  {
    name: 'the progress of a run below is progress of the root',
    needs: ['kill'],
    async check(scene) {
      const { store } = scene
      await store.release(await begin(store, 'r'))
      await crash(scene, 'r')
      await claimOne(store, 'r')
      assert.equal((await store.find('r'))?.crashStreak, 1)
      const child = await begin(store, 'r/c', { parentRunId: 'r' })
      await store.append(child, [said('a')], { expectHead: 0 })
      assert.equal((await store.find('r'))?.crashStreak, 0)
    },
  },
  {
    name: 'a run rests after a crash, the longer the more there were in a row; by its id it is taken all the same',
    needs: ['kill', 'clock'],
    async check(scene) {
      const { store, advance } = scene
      await store.release(await begin(store, 'r'))
      for (const restMs of [0, 5_000, 30_000, 120_000, 600_000, 600_000]) {
        await crash(scene, 'r')
        if (restMs > 0) {
          await advance(restMs - 1)
          assert.deepEqual(await store.claim({ limit: 1 }), [], `it rests for ${restMs} ms`)
          assert.deepEqual((await store.list({ limit: 1, claimableOnly: true })).runs, [])
          await advance(1)
        }
        assert.equal((await store.list({ limit: 1, claimableOnly: true })).runs.length, 1, `after ${restMs} ms`)
      }
      assert.equal((await claimOne(store, 'r')).crashes, 6)
    },
  },
  {
    name: 'a clock that is set back or forth lets no run rest for longer',
    needs: ['kill', 'clock'],
    async check(scene) {
      const { store, advance } = scene
      await store.release(await begin(store, 'r'))
      await crash(scene, 'r')
      // Ten minutes are the longest rest; one may begin anew where the clock is set forth.
      for (const jumpMs of [-DAY_MS, DAY_MS + 600_000, -1]) {
        await crash(scene, 'r')
        await advance(jumpMs)
        assert.equal((await store.list({ limit: 1, claimableOnly: true })).runs.length, 1, `after ${jumpMs} ms`)
      }
      assert.deepEqual((await store.claim({ limit: 1 }))[0]?.crashes, 4)
    },
  },
  {
    name: 'two owners that find a dead one at once share what it held',
    needs: ['kill'],
    async check({ store, other, connect, kill }) {
      const dead = await connect()
      for (let index = 0; index < 30; index++) await begin(dead, `r${index}`)
      await kill(dead)
      const claims = await Promise.all(
        Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? store : other).claim({ limit: 4 })),
      )
      const ids = claims.flat().map(({ runId }) => runId)
      assert.equal(ids.length, 30)
      assert.equal(new Set(ids).size, 30)
      for (const { crashes } of claims.flat()) assert.equal(crashes, 1)
    },
  },
  {
    name: 'what a dead owner held and nobody has claimed is cancelled at once',
    needs: ['kill'],
    async check({ store, other, kill }) {
      await begin(store, 'r')
      await kill(store)
      assert.equal(await other.cancel('r', 'enough'), true)
      assert.equal((await other.find('r'))?.outcome?.status, 'cancelled')
    },
  },
  {
    name: 'a damaged entry sets its run aside, and no other',
    needs: ['damage'],
    async check({ store, other, damage }) {
      const claim = await begin(store, 'r')
      await store.append(claim, [said('a'), said('b'), said('c')], { expectHead: 0 })
      await store.append(await begin(store, 'well'), [said('a')], { expectHead: 0 })
      await damage('r', 1)
      await rejects(other.read('r'), 'corrupt', 'read')
      const found = await other.find('r')
      assert.equal(found?.status, 'quarantined')
      assert.ok(found.reason, 'why is told')
      await rejects(store.append(claim, [said('d')], { expectHead: 3 }), 'fenced', 'append')
      assert.deepEqual(await other.claim({ limit: 9, runId: 'r' }), [])
      assert.deepEqual(await other.read('well'), [said('a')])
      await other.fork('r', 1, 'saved')
      assert.deepEqual(await other.read('saved'), [said('a')])
      await rejects(other.fork('r', 2, 'not saved'), 'corrupt', 'fork')
      assert.equal(await other.find('not saved'), undefined)
      assert.equal(await other.revive('r'), true)
      assert.equal(await statusOf(store, 'r'), 'released')
    },
  },
  {
    name: 'a settled run of which an entry is damaged stays settled, and tells how it ended',
    needs: ['damage'],
    async check({ store, other, damage }) {
      const claim = await begin(store, 'r')
      await store.append(claim, [said('a'), said('b')], { expectHead: 0 })
      await store.settle(claim, OUTCOME)
      await damage('r', 1)
      await rejects(other.read('r'), 'corrupt', 'read')
      const found = await other.find('r')
      assert.deepEqual([found?.status, found?.outcome, found?.reason], ['settled', OUTCOME, undefined])
      assert.equal(await other.revive('r'), false)
      assert.deepEqual(await other.claim({ limit: 9, runId: 'r' }), [])
      assert.equal(await other.deliver('r', signal('yes')), 'closed')
      await rejects(other.read('r'), 'corrupt', 'read again')
      await other.fork('r', 1, 'saved')
      assert.deepEqual(await other.read('saved'), [said('a')])
    },
  },
]

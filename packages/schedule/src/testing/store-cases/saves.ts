import assert from 'node:assert/strict'

import { firingOf, jobOf, type StoreCase } from './store-case.ts'

export const saveCases: readonly StoreCase[] = [
  {
    name: 'a job is put in the place of the one that was read, and the others stay as they are',
    async check({ store, other }) {
      await store.add(jobOf('a'))
      await store.add(jobOf('b'))
      const moved = jobOf('a', { dueAtMs: 2_000, nextAtMs: 2_000, owner: 'eve', revision: 2 })
      assert.equal(await other.save(moved, { expectRevision: 1, keep: 9 }), true)
      assert.deepEqual(await store.get('a'), moved)
      assert.deepEqual(await store.get('b'), jobOf('b'))
      assert.deepEqual((await store.list({ limit: 9, owner: 'eve' })).jobs, [moved])
      const { owner: _, ...free } = { ...moved, revision: 3 }
      assert.equal(await store.save(free, { expectRevision: 2, keep: 9 }), true)
      assert.deepEqual((await other.list({ limit: 9, owner: 'eve' })).jobs, [])
    },
  },
  {
    name: 'a job of another revision is left as it is, with its history',
    async check({ store, other }) {
      await store.add(jobOf('a', { revision: 5 }))
      const firings = [firingOf('a', 1_000)]
      for (const expectRevision of [4, 6, 0, -1, Number.NaN])
        assert.equal(await other.save(jobOf('a', { revision: 9 }), { expectRevision, firings, keep: 9 }), false)
      assert.deepEqual(await store.get('a'), jobOf('a', { revision: 5 }))
      assert.deepEqual(await store.history('a', { limit: 9 }), [])
    },
  },
  {
    name: 'of several that take one firing, one comes through',
    async check({ store, other, races }) {
      await store.add(jobOf('a'))
      let taken = 0
      for (let revision = 1; revision <= races; revision++) {
        const claim = (who: string, index: number) =>
          (index % 2 === 0 ? store : other).save(jobOf('a', { revision: revision + 1, name: who }), {
            expectRevision: revision,
            firings: [firingOf('a', revision * 1_000, { error: who })],
            keep: 1,
          })
        const whos = ['one', 'two', 'three', 'four']
        const answers = await Promise.all(whos.map(claim))
        assert.equal(answers.filter(Boolean).length, 1, `race ${revision}`)
        const winner = whos[answers.indexOf(true)]
        assert.equal((await other.get('a'))?.name, winner)
        assert.equal((await store.history('a', { limit: 1 }))[0]?.error, winner)
        taken += 1
      }
      assert.equal((await store.get('a'))?.revision, taken + 1)
    },
  },
  {
    name: 'times from 1970 to the year 9999 are kept to the millisecond',
    async check({ store, other }) {
      const times = [0, 1, 999, 1_700_000_000_123, 253_402_300_799_999]
      for (const atMs of times) {
        const job = jobOf(`at ${atMs}`, { dueAtMs: atMs, nextAtMs: atMs, lastAtMs: atMs, createdAtMs: atMs })
        await store.add(job)
        assert.deepEqual(await other.get(job.id), job)
        const firing = firingOf(job.id, atMs)
        await store.save({ ...job, revision: 2 }, { expectRevision: 1, firings: [firing], keep: 9 })
        assert.deepEqual(await other.history(job.id, { limit: 9 }), [firing])
      }
      assert.deepEqual(
        (await store.list({ limit: 9 })).jobs.map(({ nextAtMs }) => nextAtMs),
        times,
      )
    },
  },
]

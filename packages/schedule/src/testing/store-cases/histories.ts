import assert from 'node:assert/strict'

import { firingOf, jobOf, type StoreCase } from './store-case.ts'

export const historyCases: readonly StoreCase[] = [
  {
    name: 'a history gives the newest firings, newest first, all fields of them, of its job alone',
    async check({ store, other }) {
      await store.add(jobOf('a'))
      await store.add(jobOf('b'))
      const full = firingOf('a', 3_000, {
        sinceMs: 1,
        untilMs: 2,
        startedAtMs: 4,
        expiresAtMs: 5,
        endedAtMs: 6,
        outcome: 'failed',
        error: 'it rained',
      })
      const firings = [firingOf('a', 1_000), full, firingOf('a', 2_000)]
      await store.save(jobOf('a', { revision: 2 }), { expectRevision: 1, firings, keep: 9 })
      assert.deepEqual(await other.history('a', { limit: 9 }), [full, firings[2], firings[0]])
      assert.deepEqual(await other.history('a', { limit: 2 }), [full, firings[2]])
      assert.deepEqual(await other.history('a', { limit: Number.POSITIVE_INFINITY }), [full, firings[2], firings[0]])
      assert.deepEqual(await other.history('b', { limit: 9 }), [])
    },
  },
  {
    name: 'a firing of the same due time takes the place of the one before',
    async check({ store, other }) {
      await store.add(jobOf('a'))
      const [first, second] = [firingOf('a', 1_000), firingOf('a', 2_000)]
      await store.save(jobOf('a', { revision: 2 }), { expectRevision: 1, firings: [first, second], keep: 9 })
      const ended = { ...first, endedAtMs: 5_000, outcome: 'ran' as const }
      await other.save(jobOf('a', { revision: 3 }), { expectRevision: 2, firings: [ended], keep: 9 })
      assert.deepEqual(await store.history('a', { limit: 9 }), [second, ended])
    },
  },
  {
    name: 'a history keeps the newest by due time, so many as each save says, and others keep theirs',
    async check({ store }) {
      await store.add(jobOf('a'))
      await store.add(jobOf('b'))
      await store.save(jobOf('b', { revision: 2 }), { expectRevision: 1, firings: [firingOf('b', 1)], keep: 9 })
      for (let index = 1; index <= 20; index++)
        await store.save(jobOf('a', { revision: index + 1 }), {
          expectRevision: index,
          firings: [firingOf('a', index * 1_000)],
          keep: 5,
        })
      const dueTimes = async () => (await store.history('a', { limit: 99 })).map(({ dueAtMs }) => dueAtMs / 1_000)
      assert.deepEqual(await dueTimes(), [20, 19, 18, 17, 16])
      const late = { expectRevision: 21, firings: [firingOf('a', 3_000)], keep: 5 }
      assert.equal(await store.save(jobOf('a', { revision: 22 }), late), true)
      assert.deepEqual(await dueTimes(), [20, 19, 18, 17, 16])
      await store.save(jobOf('a', { revision: 23 }), { expectRevision: 22, keep: 2 })
      assert.deepEqual(await dueTimes(), [20, 19])
      assert.equal((await store.history('b', { limit: 9 })).length, 1)
    },
  },
  {
    name: 'what a history gives is a copy',
    async check({ store }) {
      await store.add(jobOf('a'))
      const firing: { error?: string } & ReturnType<typeof firingOf> = firingOf('a', 1_000, { error: 'a' })
      await store.save(jobOf('a', { revision: 2 }), { expectRevision: 1, firings: [firing], keep: 9 })
      ;(firing as { error: string }).error = 'b'
      const [given] = await store.history('a', { limit: 1 })
      assert.equal(given?.error, 'a')
      ;(given as { error: string }).error = 'c'
      assert.equal((await store.history('a', { limit: 1 }))[0]?.error, 'a')
    },
  },
]

import assert from 'node:assert/strict'

import type { Grant } from '../../budget-store.ts'
import {
  amounts,
  apply,
  counter,
  DAY_MS,
  entry,
  hold,
  NO_COUNTS,
  ODD_STRINGS,
  SETTLED,
  type StoreCase,
} from './store-case.ts'

const grant = (grantId: string, change: Partial<Grant> = {}): Grant => ({
  grantId,
  account: 'ann',
  extra: amounts({ runs: 1, microUsd: 5 }),
  untilMs: 100,
  ...change,
})

export const grantCases: readonly StoreCase[] = [
  {
    name: 'grants of the accounts asked for are given until they end, oldest first',
    async check({ store, other }) {
      const all = [
        grant('z'),
        grant('b', { account: 'bob' }),
        grant('a', { untilMs: 200 }),
        grant('c', { account: 'cy' }),
      ]
      for (const one of all) assert.equal(await store.addGrant(one), true)
      assert.deepEqual(await other.grants(['cy', 'ann'], 99), [all[0], all[2], all[3]])
      assert.deepEqual(await other.grants(['ann'], 100), [all[2]])
      assert.deepEqual(await other.grants(['ann'], 200), [])
      assert.deepEqual(await other.grants([], 0), [])
    },
  },
  {
    name: 'a grant of an id that is there already is not kept',
    async check({ store, other, races }) {
      assert.equal(await store.addGrant(grant('g')), true)
      assert.equal(await other.addGrant(grant('g', { account: 'bob' })), false)
      assert.deepEqual(await store.grants(['ann', 'bob'], 0), [grant('g')])
      for (let index = 0; index < Math.min(races, 50); index++) {
        const made = await Promise.all([store, other].map((one) => one.addGrant(grant(`g${index}`))))
        assert.equal(made.filter(Boolean).length, 1)
      }
    },
  },
  {
    name: 'ids and accounts of grants are any strings, and what is given out are copies',
    async check({ store }) {
      for (const text of ODD_STRINGS) await store.addGrant(grant(text, { account: text }))
      const found = await store.grants(ODD_STRINGS, 0)
      assert.deepEqual(
        found.map(({ account }) => account),
        ODD_STRINGS,
      )
      ;(found[0]!.extra as { runs: number }).runs = 99
      assert.equal((await store.grants([ODD_STRINGS[0]!], 0))[0]?.extra.runs, 1)
    },
  },
  {
    name: 'sweep forgets what is over, the oldest first and so many of each at most',
    async check({ store, other }) {
      for (const [index, day] of [3, 1, 2, 5].entries()) {
        const end = day * DAY_MS
        const one = counter('ann', { startMs: end - DAY_MS, endMs: end })
        const given = entry(`r${day}`, [hold({ tokens: day }, { counter: one })], { charge: SETTLED, keepUntilMs: end })
        await apply(store, given)
        await store.addGrant(grant(`g${index}`, { untilMs: end }))
      }
      const days = (kept: readonly number[]) =>
        kept.map((day) => counter('ann', { startMs: (day - 1) * DAY_MS, endMs: day * DAY_MS }))
      assert.equal(await other.sweep({ beforeMs: DAY_MS, limit: 9 }), 0)
      assert.equal(await other.sweep({ beforeMs: 4 * DAY_MS, limit: 2 }), 6)
      assert.deepEqual(await store.count(days([1, 2])), [NO_COUNTS, NO_COUNTS])
      assert.equal((await store.count(days([3])))[0]?.reserved.tokens, 3)
      assert.deepEqual(await Promise.all(['r1', 'r2'].map((runId) => store.find(runId))), [undefined, undefined])
      assert.ok(await store.find('r3'))
      assert.deepEqual(
        (await store.grants(['ann'], 0)).map(({ grantId }) => grantId),
        ['g0', 'g3'],
      )
      assert.equal(await store.sweep({ beforeMs: 4 * DAY_MS, limit: 2 }), 3)
      assert.equal(await store.sweep({ beforeMs: 4 * DAY_MS, limit: 2 }), 0)
      assert.ok(await store.find('r5'))
      assert.equal((await store.count(days([5])))[0]?.reserved.tokens, 5)
    },
  },
  {
    name: 'a run that was forgotten begins anew, and what it gives back of a forgotten counter is not owed',
    async check({ store }) {
      const epoch = await apply(store, entry('r', [hold({ tokens: 5 })], { keepUntilMs: 1 }))
      await store.sweep({ beforeMs: 9 * DAY_MS, limit: 9 })
      assert.notEqual(epoch, 0)
      await apply(store, entry('r', [hold({ tokens: -5 })]))
      assert.deepEqual(await store.count([counter()]), [NO_COUNTS])
    },
  },
]

import assert from 'node:assert/strict'

import { NOTHING } from '../../amounts.ts'
import { amounts, apply, counter, DAY_MS, entry, hold, NO_COUNTS, ODD_STRINGS, type StoreCase } from './store-case.ts'

export const counterCases: readonly StoreCase[] = [
  {
    name: 'a counter that nobody has changed holds nothing',
    async check({ store }) {
      assert.deepEqual(await store.count([counter(), counter('b')]), [NO_COUNTS, NO_COUNTS])
      assert.deepEqual(await store.count([]), [])
    },
  },
  {
    name: 'apply adds to counters, gives how they stand, and every opening sees it, in the order asked for',
    async check({ store, other }) {
      const used = amounts({ runs: 1, workMs: 20, tokens: 300, microUsd: 4_000 })
      const changes = [hold({ tokens: 5 }), hold({}, { counter: counter('b'), used })]
      const applied = await store.apply(entry('r', changes))
      const [ann, b] = [
        { used: NOTHING, reserved: amounts({ tokens: 5 }) },
        { used, reserved: NOTHING },
      ]
      assert.deepEqual(applied, { ok: true, epoch: applied.ok ? applied.epoch : 0, counts: [ann, b] })
      assert.deepEqual(await other.count([counter('b'), counter('c'), counter()]), [b, NO_COUNTS, ann])
      await apply(other, entry('s', [hold({ tokens: -2, runs: 1 })]))
      assert.deepEqual(await store.count([counter()]), [{ used: NOTHING, reserved: amounts({ tokens: 3, runs: 1 }) }])
    },
  },
  {
    name: 'counters are told apart by account, window and start',
    async check({ store }) {
      const all = [
        counter(),
        counter('Ann'),
        counter('ann', { window: 'week@UTC' }),
        counter('ann', { startMs: DAY_MS, endMs: 2 * DAY_MS }),
        counter('ann', { startMs: -DAY_MS, endMs: 0 }),
      ]
      for (const [index, one] of all.entries())
        await apply(store, entry(`r${index}`, [hold({ tokens: index + 1 }, { counter: one })]))
      const counts = await store.count(all)
      assert.deepEqual(
        counts.map(({ reserved }) => reserved.tokens),
        [1, 2, 3, 4, 5],
      )
    },
  },
  {
    name: 'accounts and windows are any strings',
    async check({ store, other }) {
      for (const [index, text] of ODD_STRINGS.entries()) {
        const odd = counter(text, { window: `${text}@` })
        await apply(store, entry(`r${index}`, [hold({ tokens: index + 1 }, { counter: odd })]))
      }
      const counts = await other.count(ODD_STRINGS.map((text) => counter(text, { window: `${text}@` })))
      assert.deepEqual(
        counts.map(({ reserved }) => reserved.tokens),
        ODD_STRINGS.map((_, index) => index + 1),
      )
    },
  },
  {
    name: 'half a surrogate pair in a name is no fault',
    async check({ store }) {
      await apply(store, entry('r\uD83E', [hold({ tokens: 3 }, { counter: counter('a\uD83E') })]))
      const [counts] = await store.count([counter('a\uD83E')])
      assert.equal(counts?.reserved.tokens, 3)
      assert.ok(await store.find('r\uD83E'))
    },
  },
  {
    name: 'what grows past its limit is refused: nothing is changed, and the counts are told',
    async check({ store, other }) {
      await apply(store, entry('r', [hold({ tokens: 7 }, { used: amounts({ tokens: 2 }) })]))
      const before = await store.count([counter(), counter('b')])
      const refused = await other.apply(
        entry('s', [
          hold({ runs: 1 }, { counter: counter('b'), limit: { runs: 5 } }),
          hold({ tokens: 2 }, { limit: { tokens: 10 } }),
        ]),
      )
      assert.deepEqual(refused, { ok: false, counts: [before[1], before[0]] })
      assert.deepEqual(await store.count([counter(), counter('b')]), before)
      assert.equal(await store.find('s'), undefined)
      await apply(store, entry('s', [hold({ tokens: 1 }, { limit: { tokens: 10 } })]))
    },
  },
  {
    name: 'a limit bounds its own unit only, and what does not grow is never refused',
    async check({ store }) {
      await apply(store, entry('r', [hold({ tokens: 20, runs: 1 })]))
      await apply(store, entry('s', [hold({ runs: 1 }, { limit: { tokens: 10, runs: 2 } })]))
      await apply(store, entry('t', [hold({ tokens: -5 }, { limit: { tokens: 10 } })]))
      const moved = hold({ tokens: -5 }, { used: amounts({ tokens: 5 }), limit: { tokens: 10 } })
      await apply(store, entry('u', [moved]))
      const [counts] = await store.count([counter()])
      assert.deepEqual(counts, { used: amounts({ tokens: 5 }), reserved: amounts({ tokens: 10, runs: 2 }) })
    },
  },
  {
    name: 'no amount becomes less than nothing, or more than can be counted',
    async check({ store }) {
      await apply(store, entry('r', [hold({ tokens: 5 })]))
      await apply(store, entry('s', [hold({ tokens: -9, runs: -1 }, { used: amounts({ microUsd: -1 }) })]))
      assert.deepEqual(await store.count([counter()]), [NO_COUNTS])
      const most = Number.MAX_SAFE_INTEGER
      await apply(store, entry('t', [hold({ tokens: most })]))
      await apply(store, entry('u', [hold({ tokens: most })]))
      const [counts] = await store.count([counter()])
      assert.equal(counts?.reserved.tokens, most)
    },
  },
  {
    name: 'numbers that are no safe integers are refused, and change nothing',
    async check({ store }) {
      for (const tokens of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 53])
        for (const change of [hold({ tokens }), hold({}, { used: amounts({ tokens }) })])
          await assert.rejects(
            store.apply(entry('r', [hold({ runs: 1 }, { counter: counter('b') }), change])),
            RangeError,
          )
      assert.deepEqual(await store.count([counter(), counter('b')]), [NO_COUNTS, NO_COUNTS])
      assert.equal(await store.find('r'), undefined)
    },
  },
  {
    name: 'two openings that take at once never take more than there is, and all of it',
    async check({ store, other, races }) {
      const limit = { tokens: 3 * Math.floor(races / 6) + 1 }
      const answers = await Promise.all(
        Array.from({ length: races }, (_, index) =>
          (index % 2 === 0 ? store : other).apply(entry(`r${index}`, [hold({ tokens: 3 }, { limit })])),
        ),
      )
      assert.equal(answers.filter(({ ok }) => ok).length, Math.floor(races / 6))
      const [counts] = await store.count([counter()])
      assert.equal(counts?.reserved.tokens, 3 * Math.floor(races / 6))
    },
  },
  {
    name: 'counts that were given out are copies',
    async check({ store }) {
      const used = { ...amounts({ tokens: 4 }) }
      const applied = await store.apply(entry('r', [hold({}, { used })]))
      used.tokens = 99
      for (const counts of [applied.counts, await store.count([counter()])])
        for (const one of counts) (one.used as { tokens: number }).tokens = 99
      const [counts] = await store.count([counter()])
      assert.equal(counts?.used.tokens, 4)
    },
  },
]

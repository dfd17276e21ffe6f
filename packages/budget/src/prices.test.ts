import { expect, test } from 'vitest'

import { microUsdOf } from './amounts.ts'
import type { BudgetOptions } from './budget-options.ts'
import { bookOf, check, held, infoOf, shown, spent } from './budget.test-kit.ts'
import type { BudgetLimit } from './limit.ts'

const daily = (limit: Omit<BudgetLimit, 'window'>): readonly BudgetLimit[] => [{ window: 'day', ...limit }]

test('a model without a known price is refused where money is limited, and elsewhere not', async () => {
  const costOf: BudgetOptions['costOf'] = (_, spec) => (spec === 'p/known' ? 0.01 : undefined)
  const limits = daily({ costUsd: 1 })
  const strict = bookOf({ limits, costOf, estimateOf: () => ({ costUsd: 0.1 }) })
  expect(await strict.reserve(infoOf('a'))).toEqual({
    ok: false,
    reason: 'What a run costs on p/m is not known, and what it may cost is limited',
  })
  await held(strict.reserve(infoOf('b', { model: 'p/known' })))
  await held(bookOf({ limits: daily({ tokens: 20_000 }), costOf }).reserve(infoOf('a')))

  const priced = bookOf({ limits, costOf, unknownPriceUsd: 20 })
  const run = await held(priced.reserve(infoOf('a')))
  expect(await shown(priced.budget)).toEqual(['costUsd 0+0.2/1'])
  await run.settle(spent(30_000))
  expect(await shown(priced.budget)).toEqual(['costUsd 0.6+0/1'])
})

test.each([null, '1', Number.NaN, -1])('a price of %o is not known, and no model is free by it', async (price) => {
  const costOf = ((_, spec) => (spec === 'p/m' ? 1 : price)) as NonNullable<BudgetOptions['costOf']>
  const { budget, reserve } = bookOf({ limits: daily({ costUsd: 1_000 }), costOf })
  expect(await reserve(infoOf('a', { model: 'p/odd' }))).toMatchObject({ ok: false })
  const run = await held(reserve(infoOf('b')))
  const record = { attempt: 1, startedAtMs: 0, elapsedMs: 0, usage: spent(100).usage, attribution: { runId: 'b' } }
  budget.onModelCall({ ...record, spec: 'p/odd' })
  budget.onModelCall({ ...record, spec: 'p/odd', costUsd: price as number })
  await run.settle(spent(200))
  expect(await shown(budget)).toEqual(['costUsd 2+0/1000'])
})

test('a call of a model that nobody has a price for costs what the run\u2019s own model would', async () => {
  const costOf: BudgetOptions['costOf'] = ({ inputTokens }, spec) => (spec === 'p/m' ? inputTokens / 100 : undefined)
  const { budget, reserve } = bookOf({ limits: daily({ costUsd: 1_000 }), costOf })
  const run = await held(reserve(infoOf('a')))
  const record = { attempt: 1, startedAtMs: 0, elapsedMs: 0, attribution: { runId: 'a/b' } }
  budget.onModelCall({ ...record, spec: 'p/unknown', usage: spent(100).usage })
  budget.onModelCall({ ...record, spec: 'p/priced', usage: spent(100).usage, costUsd: 7 })
  budget.onModelCall({ ...record, spec: 'p/broken' })
  budget.onModelCall({ ...record, spec: 'p/m', usage: spent(9_900).usage, attribution: { runId: 'ab' } })
  await run.settle(spent(300))
  expect(await shown(budget)).toEqual(['costUsd 9+0/1000'])
})

test('calls of runs below that are still under way count at once', async () => {
  const { budget, reserve } = bookOf({ limits: daily({ tokens: 1_000 }) })
  const run = await held(reserve(infoOf('a')))
  const record = { spec: 'p/m', attempt: 1, startedAtMs: 0, elapsedMs: 0, usage: spent(400).usage }
  for (const runId of ['a', 'a/1', 'a/2/x']) budget.onModelCall({ ...record, attribution: { runId } })
  expect(await check(run, spent(800))).toContain('You have used 1200 of 1000 tokens')
})

test('what floats add to a sum of dollars is not charged, and each part of a millionth is', () => {
  expect(microUsdOf(0.1 + 0.2)).toBe(300_000)
  expect(microUsdOf(0.000_000_2)).toBe(1)
  expect([microUsdOf(0), microUsdOf(Number.NaN), microUsdOf(-1)]).toEqual([0, 0, 0])
})

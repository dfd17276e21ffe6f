import { expect, test } from 'vitest'

import type { BudgetOptions } from './budget-options.ts'
import { bookOf, check, held, infoOf, NOTHING_SPENT, spent } from './budget.test-kit.ts'
import type { BudgetLimit } from './limit.ts'

const daily = (limit: Omit<BudgetLimit, 'window'>): readonly BudgetLimit[] => [{ window: 'day', ...limit }]
/** Sets aside what a test says, and nothing by itself. */
const asking = (tokens: number) => () => ({ tokens, seconds: 0, costUsd: 0 })

test.each<[BudgetLimit, number, number, string]>([
  [{ window: 'minute', runs: 1 }, 0, 0, 'You have used 1 of 1 run of this minute; the next begins at 12:01 (UTC)'],
  [
    { window: 'hour', timeZone: 'Asia/Kolkata', runs: 1 },
    0,
    0,
    'You have used 1 of 1 run of this hour; the next begins at 18:00 (Asia/Kolkata)',
  ],
  [
    { window: 'week', tokens: 900 },
    900,
    0,
    'You have used 900 of 900 tokens of this week; the next begins at 2026-01-12 00:00 (UTC)',
  ],
  [
    { window: 'month', costUsd: 1 },
    900,
    0,
    'You have used $0.90 of $1.00 of this month, and a run sets $0.20 aside; the next begins at 2026-02-01 00:00 (UTC)',
  ],
  [
    { window: { everyMs: 90_000 }, seconds: 30 },
    0,
    30_000,
    'You have used 30 of 30 seconds of this window of time; the next begins at 12:01:30 (UTC)',
  ],
])('a refusal by %o says what is used up, and when it begins anew', async (limit, tokens, elapsedMs, reason) => {
  const costOf: BudgetOptions['costOf'] = ({ inputTokens }) => inputTokens / 1_000
  const { reserve } = bookOf({ limits: [limit], costOf, estimateOf: () => ({ costUsd: 0.2 }) })
  const first = await held(reserve(infoOf('a')))
  await check(first, NOTHING_SPENT)
  await first.settle(spent(tokens, elapsedMs))
  expect(await reserve(infoOf('b'))).toMatchObject({ ok: false, reason })
})

test('a refusal tells what is set aside for runs that are under way', async () => {
  const { reserve } = bookOf({ limits: daily({ runs: 2, tokens: 9_000 }), estimateOf: asking(5_000) })
  await held(reserve(infoOf('a')))
  expect(await reserve(infoOf('b'))).toMatchObject({
    reason:
      'You have used 0 of 9000 tokens of this day, with 5000 more set aside for what is under way, and a run sets 5000 aside; the next begins at 00:00 (UTC)',
  })
})

test('a refusal waits for the window that ends last of those that are used up', async () => {
  const limits = [
    { window: 'day', runs: 1 },
    { window: 'month', runs: 1 },
    { window: 'hour', runs: 1 },
  ] as const
  const { reserve } = bookOf({ limits })
  await held(reserve(infoOf('a')))
  expect(await reserve(infoOf('b'))).toMatchObject({ ok: false, resetsAtMs: Date.UTC(2026, 1, 1) })
})

test('what can never fit is refused without a time', async () => {
  const { reserve } = bookOf({ limits: daily({ tokens: 4_000 }), estimateOf: asking(5_000) })
  expect(await reserve(infoOf('a'))).toEqual({
    ok: false,
    reason: 'A run sets 5000 tokens aside, and only 4000 tokens may be used each day',
  })
  const none = bookOf({ limits: daily({ runs: 0 }) })
  expect(await none.reserve(infoOf('a'))).toEqual({ ok: false, reason: 'No runs may be used here' })
})

test('a window that has no end to speak of begins anew at the last moment that there is', async () => {
  const { reserve } = bookOf({
    limits: [{ window: { everyMs: Number.MAX_SAFE_INTEGER }, runs: 1 }],
    onStoreFault: 'allow',
  })
  await held(reserve(infoOf('a')))
  expect(await reserve(infoOf('b'))).toMatchObject({
    ok: false,
    reason: expect.stringContaining('1 more set aside') as string,
    resetsAtMs: 8.64e15,
  })
})

test('of a day of 25 hours the hour is enough', async () => {
  const { clock, reserve } = bookOf({ limits: [{ window: 'day', timeZone: 'Europe/Oslo', runs: 1 }] })
  await clock.advance(Date.UTC(2026, 9, 25, 12) - clock.now())
  await held(reserve(infoOf('a')))
  expect(await reserve(infoOf('b'))).toMatchObject({
    reason: expect.stringMatching('the next begins at 00:00 .Europe/Oslo.$') as string,
  })
})

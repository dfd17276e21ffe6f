import { expect, test } from 'vitest'

import type { BudgetOptions } from './budget-options.ts'
import { bookOf, check, held, HOUR_MS, infoOf, NEW, NOON_MS, shown, spent } from './budget.test-kit.ts'
import { createBudget } from './create-budget.ts'
import type { BudgetLimit } from './limit.ts'
import { memoryBudgetStore } from './memory-store.ts'

const DAY_MS = 24 * HOUR_MS
const daily = (limit: Omit<BudgetLimit, 'window'>): readonly BudgetLimit[] => [{ window: 'day', ...limit }]
/** Sets aside what a test says, and nothing by itself. */
const asking = (tokens: number) => () => ({ tokens, seconds: 0, costUsd: 0 })

test('createBudget() without limits lets every run begin, and counts none', async () => {
  const { budget, reserve } = bookOf()
  for (let index = 0; index < 3; index++) await (await held(reserve(infoOf(`r${index}`)))).settle(spent(1_000_000))
  expect(await budget.remaining({ caller: 'ann' })).toEqual([])
})

test.each<[string, object, string]>([
  ['an unknown option', { limit: [] }, 'Expected `options` to have no option `limit`. Did you mean'],
  ['limits twice', { limits: [], limitsOf: () => [] }, 'Expected `options` to have `limits` or `limitsOf`, got both'],
  ['limits that are none', { limits: 7 }, 'Expected `options.limits` to be a list of limits, got `7`'],
  [
    'a window that is none',
    { limits: [{ window: 'year' }] },
    'Expected `options.limits[0].window` to be one of minute,',
  ],
  [
    'a window without length',
    { limits: [{ window: { everyMs: 0 } }] },
    '`options.limits[0].window.everyMs` to be an integer of 1',
  ],
  [
    'a window without end',
    { limits: [{ window: { everyMs: Infinity } }] },
    '`options.limits[0].window.everyMs` to have an end',
  ],
  [
    'a zone that is none',
    { limits: [{ window: 'day', timeZone: 'Oslo' }] },
    '`options.limits[0].timeZone` to be the name of a time zone',
  ],
  [
    'a negative limit',
    { limits: daily({ runs: -1 }) },
    'Expected `options.limits[0].runs` to be an integer of 0 or more',
  ],
  [
    'seconds that are NaN',
    { limits: daily({ seconds: Number.NaN }) },
    'Expected `options.limits[0].seconds` to be a number of 0',
  ],
  [
    'an unknown unit',
    { limits: [{ window: 'day', dollars: 1 }] },
    'Expected `options.limits[0]` to have no option `dollars`',
  ],
  [
    'money without prices',
    { limits: daily({ costUsd: 1 }) },
    'Expected `options.costOf` or `options.unknownPriceUsd` to be given',
  ],
  ['a price of nothing', { unknownPriceUsd: 0 }, 'Expected `options.unknownPriceUsd` to be a number above 0'],
  [
    'a mark beyond the limit',
    { warnAt: 2 },
    'Expected `options.warnAt` to be a number above 0, and 1 at most, got `2`',
  ],
  ['a function that is none', { accountsOf: 'ann' }, "Expected `options.accountsOf` to be a function, got `'ann'`"],
  ['a store that is none', { store: {} }, 'Expected `options.store` to be an object with a method `count`'],
  [
    'an unknown answer to faults',
    { onStoreFault: 'panic' },
    'Expected `options.onStoreFault` to be one of reject, allow',
  ],
  ['a clock that is none', { clock: 5 }, 'Expected `options.clock` to be an object with a method `now`'],
])('createBudget() refuses %s', (_, options, message) => {
  expect(() => createBudget(options)).toThrow(message)
})

test('a limit smaller than what is usual lets one run at a time begin', async () => {
  const { budget, reserve } = bookOf({ limits: daily({ tokens: 4_000, seconds: 10 }) })
  const first = await held(reserve(infoOf('a')))
  expect(await shown(budget)).toEqual(['seconds 0+10/10', 'tokens 0+4000/4000'])
  expect(await reserve(infoOf('b'))).toMatchObject({ ok: false })
  await first.settle(spent(1_000, 2_000))
  expect(await shown(budget)).toEqual(['seconds 2+0/10', 'tokens 1000+0/4000'])
})

test('a run is counted on all of its accounts or on none', async () => {
  const { budget, reserve } = bookOf({
    accountsOf: ({ caller, channel }) => ['all', `channel:${channel}`, `caller:${caller}`],
    limitsOf: (account) => [{ window: 'day', runs: account === 'all' ? 3 : 2 }],
  })
  const at = (runId: string, caller: string, channel: string) => reserve(infoOf(runId, { caller, channel }))
  await held(at('a', 'ann', 'x'))
  await held(at('b', 'bob', 'x'))
  expect(await at('c', 'cy', 'x')).toMatchObject({
    reason:
      'The budget of channel:x has used 0 of 2 runs of this day, with 2 more set aside for what is under way; the next begins at 00:00 (UTC)',
  })
  expect(await budget.remaining({ caller: 'cy', channel: 'x' })).toMatchObject([
    { account: 'all', unit: 'runs', limit: 3, used: 0, reserved: 2, left: 1, resetsAtMs: Date.UTC(2026, 0, 7) },
    { account: 'channel:x', left: 0 },
    { account: 'caller:cy', left: 2 },
  ])
  await held(at('d', 'cy', 'y'))
  expect(await at('e', 'cy', 'y')).toMatchObject({ ok: false })
})

test('an account that is named twice is one account', async () => {
  const { budget, reserve } = bookOf({ accountsOf: () => ['all', 'all'], limits: daily({ runs: 2 }) })
  await held(reserve(infoOf('a')))
  expect(await shown(budget)).toEqual(['runs 0+1/2'])
})

test('callers are told apart, and those without a name share an account', async () => {
  const { reserve } = bookOf({ limits: daily({ runs: 1 }) })
  const { caller: _, ...nobody } = infoOf('c')
  for (const info of [infoOf('a'), infoOf('b', { caller: 'bob' }), nobody]) await held(reserve(info))
  for (const info of [infoOf('d'), infoOf('e', { caller: 'bob' }), { ...nobody, runId: 'f' }])
    expect(await reserve(info)).toMatchObject({ ok: false })
})

test('exempt callers and accounts without limits are not counted', async () => {
  const limitsOf = (account: string) => (account === 'caller:vip' ? undefined : daily({ runs: 1 }))
  const { budget, reserve } = bookOf({ limitsOf, exempt: ['root'] })
  for (const caller of ['root', 'vip'])
    for (const runId of ['a', 'b']) await held(reserve(infoOf(`${caller}-${runId}`, { caller })))
  expect([await shown(budget, 'root'), await shown(budget, 'vip')]).toEqual([[], []])
})

test('limits of one window for one account count as the strictest', async () => {
  const { budget } = bookOf({
    limits: [
      { window: 'day', runs: 5, tokens: 7 },
      { window: 'day', runs: 3 },
    ],
  })
  expect(await shown(budget)).toEqual(['runs 0+0/3', 'tokens 0+0/7'])
})

test('a new window begins with nothing used, and a run counts where it began', async () => {
  const { budget, clock, reserve } = bookOf({ limits: daily({ runs: 1, tokens: 50_000 }) })
  const first = await held(reserve(infoOf('a')))
  await clock.advance(13 * HOUR_MS)
  expect(await shown(budget)).toEqual(['runs 0+0/1', 'tokens 0+0/50000'])
  await check(first, spent(20_000)) // grows where it began
  await first.settle(spent(30_000))
  expect(await shown(budget)).toEqual(['runs 0+0/1', 'tokens 0+0/50000'])
  await held(reserve(infoOf('b')))
})

test('a run that grows sets more aside, as far as its limit leaves some', async () => {
  const { budget, reserve } = bookOf({ limits: daily({ tokens: 10_000 }), estimateOf: asking(4_000) })
  const run = await held(reserve(infoOf('a')))
  expect(await check(run, spent(3_999))).toBe(undefined)
  expect(await shown(budget)).toEqual(['tokens 0+4000/10000'])
  expect(await check(run, spent(4_000))).toBe(undefined)
  expect(await shown(budget)).toEqual(['tokens 0+8000/10000'])
  expect(await check(run, spent(9_000))).toBe(undefined)
  expect(await shown(budget)).toEqual(['tokens 0+10000/10000'])
  expect(await check(run, spent(10_500))).toBe(
    'You have used 10500 of 10000 tokens of this day; the next begins at 00:00 (UTC)',
  )
  expect(await shown(budget)).toEqual(['tokens 0+10500/10000'])
  await run.settle(spent(10_500))
  expect(await shown(budget)).toEqual(['tokens 10500+0/10000'])
})

test('a run for which nothing was set aside sets something aside when it needs it', async () => {
  const { budget, reserve } = bookOf({ limits: daily({ tokens: 10_000 }), estimateOf: asking(0) })
  const run = await held(reserve(infoOf('a')))
  expect(await check(run, spent(500))).toBe(undefined)
  expect(await shown(budget)).toEqual(['tokens 0+1500/10000'])
})

test('delegated runs that ask side by side all get room', async () => {
  const { budget, reserve } = bookOf({ limits: daily({ tokens: 10_000 }), estimateOf: asking(1_000) })
  const run = await held(reserve(infoOf('a')))
  const asked = [1_000, 2_500, 3_000].map((tokens) => check(run, spent(tokens)))
  expect(await Promise.all(asked)).toEqual([undefined, undefined, undefined])
  await run.settle(spent(3_500))
  expect(await shown(budget)).toEqual(['tokens 3500+0/10000'])
})

test('two runs that grow at once do not both get the last of it', async () => {
  const store = memoryBudgetStore()
  const limits = daily({ tokens: 10_000 })
  const books = [
    bookOf({ store, limits, estimateOf: asking(4_000) }),
    bookOf({ store: store.connect(), limits, estimateOf: asking(4_000) }),
  ]
  const runs = await Promise.all(books.map(({ reserve }, index) => held(reserve(infoOf(`r${index}`)))))
  const answers = await Promise.all(runs.map((run) => check(run, spent(4_000))))
  expect(answers.toSorted((a = 'z', b = 'z') => a.localeCompare(b))).toEqual([
    'You have used 4000 of 10000 tokens of this day, with 6000 more set aside for what is under way; the next begins at 00:00 (UTC)',
    undefined,
  ])
  expect(await shown(books[0]!.budget)).toEqual(['tokens 0+10000/10000'])
})

test('a grant raises the limits of its account until it ends, also for a run that is under way, and once for each id', async () => {
  const { budget, clock, reserve } = bookOf({ limits: daily({ runs: 1, tokens: 1_000 }) })
  const run = await held(reserve(infoOf('a')))
  expect(await check(run, spent(1_000))).toContain('1000 of 1000 tokens')
  const untilMs = NOON_MS + HOUR_MS
  expect(await budget.grant('caller:ann', { tokens: 500, runs: 1 }, { untilMs, id: 'click' })).toBe(true)
  expect(await budget.grant('caller:ann', { tokens: 500, runs: 1 }, { untilMs, id: 'click' })).toBe(false)
  expect(await check(run, spent(1_000))).toBe(undefined)
  await run.settle(spent(1_200))
  expect(await shown(budget)).toEqual(['runs 1+0/2', 'tokens 1200+0/1500'])
  await clock.advance(HOUR_MS)
  expect(await shown(budget)).toEqual(['runs 1+0/1', 'tokens 1200+0/1000'])
  await expect(budget.grant('ann', { tokens: -1 }, { untilMs })).rejects.toThrow('`extra.tokens`')
  await expect(budget.grant('ann', {}, { untilMs: Infinity })).rejects.toThrow('to have an end')
})

test('a grant without end lifts its limits, and leaves the others', async () => {
  const { budget, clock, reserve } = bookOf({ limits: daily({ runs: 1, tokens: 30_000 }) })
  for (const id of ['one', 'two'])
    await budget.grant('caller:ann', { runs: Number.POSITIVE_INFINITY }, { untilMs: NOON_MS + HOUR_MS, id })
  for (const runId of ['a', 'b', 'c']) await held(reserve(infoOf(runId)))
  expect(await shown(budget)).toEqual([`runs 0+3/${Number.MAX_SAFE_INTEGER}`, 'tokens 0+30000/30000'])
  await clock.advance(HOUR_MS)
  expect(await reserve(infoOf('d'))).toMatchObject({ ok: false })
})

test('a listener is told once when most of a limit is used, by whichever process gets there', async () => {
  const store = memoryBudgetStore()
  const told: unknown[] = []
  const options = {
    limits: daily({ runs: 10, tokens: 1_000_000 }),
    onWarning: (warning: unknown) => void told.push(warning),
  }
  const books = [bookOf({ store, ...options }), bookOf({ store: store.connect(), ...options })]
  for (let index = 0; index < 10; index++) {
    const run = await held(books[index % 2]!.reserve(infoOf(`r${index}`)))
    await run.settle(spent(10))
  }
  const resetsAtMs = Date.UTC(2026, 0, 7)
  expect(told).toEqual([{ account: 'caller:ann', window: 'day', unit: 'runs', used: 8, limit: 10, resetsAtMs }])
})

test('a listener that throws is logged, and nothing else', async () => {
  const { logger, reserve } = bookOf({ limits: daily({ runs: 1 }), onWarning: () => expect.fail('broken') })
  await (await held(reserve(infoOf('a')))).settle(spent(1))
  expect(logger.lines).toMatchObject([{ level: 'error', message: 'onWarning failed' }])
})

test('a run that is not to begin any more sets nothing aside', async () => {
  const { budget } = bookOf({ limits: daily({ runs: 1 }) })
  await expect(budget.reserve(infoOf('a'), { ...NEW, signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow(
    'gone',
  )
  expect(await shown(budget)).toEqual(['runs 0+0/1'])
})

test.each<[string, BudgetOptions, string]>([
  ['accounts that are none', { accountsOf: () => [''] }, 'accountsOf'],
  ['limits that are none', { limitsOf: () => [{ window: 'day', runs: -1 }] }, 'the limits of caller:ann[0].runs'],
  ['an estimate that is none', { limits: daily({ runs: 1 }), estimateOf: () => ({ tokens: -1 }) }, 'estimateOf'],
  [
    'a clock that has lost its mind',
    { limits: daily({ runs: 1 }), clock: { now: () => Number.NaN, after: () => () => {} } },
    'the clock',
  ],
])('a host that gives %s is told, and the run does not begin', async (_, options, message) => {
  await expect(createBudget(options).reserve(infoOf('a'), NEW)).rejects.toThrow(message)
})

test('what is long over is forgotten, a little at a time', async () => {
  const store = memoryBudgetStore()
  const { clock, reserve } = bookOf({ store, limits: daily({ runs: 1_000 }), keepMs: DAY_MS })
  for (let index = 0; index < 64; index++) await (await held(reserve(infoOf(`old${index}`)))).settle(spent(1))
  expect(await store.find('old0')).toBeDefined()
  await clock.advance(3 * DAY_MS)
  for (let index = 0; index < 64; index++) await (await held(reserve(infoOf(`new${index}`)))).settle(spent(1))
  expect(await Promise.all(['old0', 'old63', 'new0'].map(async (id) => (await store.find(id)) !== undefined))).toEqual([
    false,
    false,
    true,
  ])
})

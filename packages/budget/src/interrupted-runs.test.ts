// Processes that die, clocks that jump, stores that fail: what was spent is never given back, nor charged twice.
import { StoreError } from '@executus/core'
import { expect, test } from 'vitest'

import type { BudgetStore } from './budget-store.ts'
import { bookOf, check, held, HOUR_MS, infoOf, NOTHING_SPENT, resumed, shown, spent } from './budget.test-kit.ts'
import { memoryBudgetStore } from './memory-store.ts'

const limits = [{ window: 'day', runs: 5, tokens: 50_000 }] as const

test('what a run has set aside whose process died stays set aside until its window ends', async () => {
  const store = memoryBudgetStore()
  await held(bookOf({ store, limits }).reserve(infoOf('a')))
  const { budget, clock } = bookOf({ store: store.connect(), limits })
  await clock.advance(11 * HOUR_MS)
  expect(await shown(budget)).toEqual(['runs 0+1/5', 'tokens 0+10000/50000'])
  await clock.advance(HOUR_MS)
  expect(await shown(budget)).toEqual(['runs 0+0/5', 'tokens 0+0/50000'])
})

test('a run whose process died and that is resumed takes its reservation over, and is charged once', async () => {
  const store = memoryBudgetStore()
  await held(bookOf({ store, limits }).reserve(infoOf('a')))
  const { budget, reserve } = bookOf({ store: store.connect(), limits })
  const run = await held(reserve(infoOf('a'), resumed(spent(3_000))))
  expect(await shown(budget)).toEqual(['runs 0+1/5', 'tokens 0+10000/50000'])
  expect(await check(run, spent(3_000))).toBe(undefined)
  await run.settle(spent(7_000))
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'tokens 7000+0/50000'])
})

test('a run that died one day and goes on the next is charged each day what it took there', async () => {
  const store = memoryBudgetStore()
  await held(bookOf({ store, limits }).reserve(infoOf('a')))
  const { budget, clock, reserve } = bookOf({ store: store.connect(), limits })
  await clock.advance(24 * HOUR_MS)
  const run = await held(reserve(infoOf('a'), resumed(spent(3_000))))
  expect(await check(run, spent(3_000))).toBe(undefined)
  await run.settle(spent(7_500))
  expect(await shown(budget)).toEqual(['runs 0+0/5', 'tokens 4500+0/50000'])
  await (await held(reserve(infoOf('a'), resumed(spent(7_500))))).settle(spent(8_000))
  expect(await shown(budget)).toEqual(['runs 0+0/5', 'tokens 5000+0/50000'])
  await clock.advance(-24 * HOUR_MS)
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'tokens 3000+0/50000'])
})

test('a run that died after its last answer, and only ends the next day, is charged where it was', async () => {
  const store = memoryBudgetStore()
  await held(bookOf({ store, limits }).reserve(infoOf('a')))
  const { budget, clock, reserve } = bookOf({ store: store.connect(), limits })
  await clock.advance(24 * HOUR_MS)
  await (await held(reserve(infoOf('a'), resumed(spent(3_000))))).settle(spent(3_000))
  expect(await shown(budget)).toEqual(['runs 0+0/5', 'tokens 0+0/50000'])
  await clock.advance(-24 * HOUR_MS)
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'tokens 3000+0/50000'])
})

test('a process that was taken for dead can neither grow nor settle any more', async () => {
  const store = memoryBudgetStore()
  const old = bookOf({ store, limits })
  const first = await held(old.reserve(infoOf('a')))
  const { budget, reserve } = bookOf({ store: store.connect(), limits })
  const second = await held(reserve(infoOf('a'), resumed(NOTHING_SPENT)))
  expect(await check(first, spent(20_000))).toBe('The run goes on elsewhere')
  await first.settle(spent(20_000))
  expect(old.logger.lines).toMatchObject([{ level: 'warn', message: 'run a goes on elsewhere, and is settled there' }])
  await second.settle(spent(2_000))
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'tokens 2000+0/50000'])
})

test('a run that two processes resume at once is set aside for once', async () => {
  const store = memoryBudgetStore()
  const books = [bookOf({ store, limits }), bookOf({ store: store.connect(), limits })]
  const runs = await Promise.all(books.map(({ reserve }) => held(reserve(infoOf('a'), resumed(NOTHING_SPENT)))))
  expect(await shown(books[0]!.budget)).toEqual(['runs 0+1/5', 'tokens 0+10000/50000'])
  for (const run of runs) await run.settle(spent(500))
  expect(await shown(books[0]!.budget)).toEqual(['runs 1+0/5', 'tokens 500+0/50000'])
})

test('a run that was settled and goes on is charged only what it took since', async () => {
  const { budget, clock, reserve } = bookOf({ limits })
  await (await held(reserve(infoOf('a')))).settle(spent(3_000))
  await clock.advance(HOUR_MS)
  const run = await held(reserve(infoOf('a'), resumed(spent(3_000))))
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'tokens 3000+10000/50000'])
  expect(await check(run, spent(12_999))).toBe(undefined)
  await run.settle(spent(13_000))
  await run.settle(spent(99_000)) // once is enough
  await (await held(reserve(infoOf('a'), resumed(spent(13_000))))).settle(spent(13_100))
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'tokens 13100+0/50000'])
})

test('a run that goes on when all is used up is refused', async () => {
  const { reserve } = bookOf({ limits, estimateOf: () => ({ tokens: 0 }) })
  await (await held(reserve(infoOf('a')))).settle(spent(50_000))
  expect(await reserve(infoOf('a'), resumed(spent(50_000)))).toMatchObject({ ok: false })
})

test('a run that begins after one of its id has ended is another run', async () => {
  const { budget, reserve } = bookOf({ limits })
  await (await held(reserve(infoOf('a')))).settle(spent(3_000))
  await (await held(reserve(infoOf('a')))).settle(spent(2_000))
  expect(await shown(budget)).toEqual(['runs 2+0/5', 'tokens 5000+0/50000'])
  await (await held(reserve(infoOf('a'), resumed(spent(2_000))))).settle(spent(2_500))
  expect(await shown(budget)).toEqual(['runs 2+0/5', 'tokens 5500+0/50000'])
})

test('a run that died before it was written down, and is begun again, takes its reservation over', async () => {
  const store = memoryBudgetStore()
  await held(bookOf({ store, limits }).reserve(infoOf('a')))
  const { budget, reserve } = bookOf({ store: store.connect(), limits })
  await (await held(reserve(infoOf('a')))).settle(spent(2_000))
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'tokens 2000+0/50000'])
})

test('a run that is begun again where it should have been resumed leaves what is known of it', async () => {
  const { budget, reserve } = bookOf({ limits })
  await (await held(reserve(infoOf('a')))).settle(spent(3_000))
  await (await held(reserve(infoOf('a')))).settle(NOTHING_SPENT) // a duplicate: core rejects it
  await (await held(reserve(infoOf('a'), resumed(spent(3_000))))).settle(spent(4_000))
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'tokens 4000+0/50000'])
})

test('a clock that is set back into the window before finds it as it was, and gives nothing twice', async () => {
  const { budget, clock, reserve } = bookOf({ limits: [{ window: 'day', runs: 1, tokens: 50_000 }] })
  await (await held(reserve(infoOf('a')))).settle(spent(3_000))
  await clock.advance(24 * HOUR_MS)
  const run = await held(reserve(infoOf('b')))
  await clock.advance(-24 * HOUR_MS)
  expect(await reserve(infoOf('c'))).toMatchObject({ ok: false })
  await run.settle(spent(4_000))
  expect(await shown(budget)).toEqual(['runs 1+0/1', 'tokens 3000+0/50000'])
  await clock.advance(24 * HOUR_MS)
  expect(await shown(budget)).toEqual(['runs 1+0/1', 'tokens 4000+0/50000'])
})

test('a report that makes no sense takes nothing back', async () => {
  const { budget, reserve } = bookOf({ limits })
  const run = await held(reserve(infoOf('a')))
  const { usage } = spent(0)
  expect(await check(run, spent(5_000))).toBe(undefined)
  await run.settle({ usage: { ...usage, inputTokens: Number.NaN, outputTokens: -7 }, elapsedMs: Number.NaN })
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'tokens 5000+0/50000'])
})

test('a report of more than can be counted uses all up, also where faults of the store are allowed', async () => {
  const { budget, reserve } = bookOf({ limits, onStoreFault: 'allow' })
  const run = await held(reserve(infoOf('a')))
  const { usage } = spent(0)
  const much = { usage: { ...usage, inputTokens: 1e300, outputTokens: 1e300 }, elapsedMs: 1e300 }
  expect(await check(run, much)).toContain('You have used')
  await run.settle(much)
  expect(await shown(budget)).toEqual(['runs 1+0/5', `tokens ${Number.MAX_SAFE_INTEGER}+0/50000`])
  expect(await reserve(infoOf('b'))).toMatchObject({ ok: false })
})

/** A store that fails when it is told to. */
function fragileStore() {
  const sound = memoryBudgetStore()
  const state = { isBroken: false }
  const guard =
    <Args extends readonly unknown[], T>(method: (...args: Args) => Promise<T>) =>
    (...args: Args): Promise<T> =>
      state.isBroken ? Promise.reject(new StoreError('io', 'the disk is gone')) : method(...args)
  const store: BudgetStore = {
    count: guard((counters) => sound.count(counters)),
    find: guard((runId) => sound.find(runId)),
    apply: guard((entry) => sound.apply(entry)),
    addGrant: guard((grant) => sound.addGrant(grant)),
    grants: guard((accounts, nowMs) => sound.grants(accounts, nowMs)),
    sweep: guard((query) => sound.sweep(query)),
    close: () => sound.close(),
  }
  return { store, state }
}

test('a store that fails lets no run begin or grow, and that is logged', async () => {
  const { store, state } = fragileStore()
  const { budget, logger, reserve, clock } = bookOf({ store, limits })
  const run = await held(reserve(infoOf('a')))
  state.isBroken = true
  expect(await reserve(infoOf('b'))).toEqual({ ok: false, reason: 'The budget cannot be asked just now' })
  expect(await check(run, spent(1_000))).toBe(undefined) // within what it has
  expect(await check(run, spent(10_000))).toBe('The budget cannot be asked just now')
  const settled = Promise.resolve(run.settle(spent(10_000))).catch((error: unknown) => error)
  await clock.advance(2_600)
  expect(await settled).toMatchObject({ message: expect.stringContaining('the disk is gone') })
  expect(logger.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'error: the budget of run b could not be asked',
    'error: the budget of run a could not be asked',
  ])
  state.isBroken = false
  expect(await shown(budget)).toEqual(['runs 0+1/5', 'tokens 0+10000/50000'])
})

test('a store that fails lets runs go on where the host says so, and that is logged', async () => {
  const { store, state } = fragileStore()
  const { logger, reserve } = bookOf({ store, limits, onStoreFault: 'allow' })
  const run = await held(reserve(infoOf('a')))
  state.isBroken = true
  const uncounted = await held(reserve(infoOf('b')))
  expect(await check(uncounted, spent(1_000_000))).toBe(undefined)
  await uncounted.settle(NOTHING_SPENT)
  expect(await check(run, spent(10_000))).toBe(undefined)
  expect(logger.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'warn: run b begins without its budget',
    'warn: run a goes on without its budget',
  ])
})

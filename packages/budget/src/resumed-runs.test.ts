import { type CheckpointerFactory, defineTool, type Usage } from '@executus/core'
// What a run took before it is charged where it was taken: once, and not to those that go on from there.
import { fakeClock, recordingCheckpointer, scriptedHost, type ScriptTurn } from '@executus/core/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { bookOf, check, held, HOUR_MS, infoOf, NOTHING_SPENT, resumed, shown, spent } from './budget.test-kit.ts'
import type { BudgetBook } from './create-budget.ts'
import { memoryBudgetStore } from './memory-store.ts'

const DAY_MS = 24 * HOUR_MS
const limits = [{ window: 'day', runs: 5, tokens: 50_000, seconds: 1_000 }] as const

test('a fork is a run of its own, and is charged for what it takes beyond what it inherited', async () => {
  const { budget, reserve } = bookOf({ limits })
  await (await held(reserve(infoOf('a')))).settle(spent(3_000, 9_000))
  const fork = await held(reserve(infoOf('f'), resumed(spent(2_000, 5_000))))
  expect(await shown(budget)).toEqual(['runs 1+1/5', 'seconds 9+60/1000', 'tokens 3000+10000/50000'])
  expect(await check(fork, spent(2_000, 5_000))).toBe(undefined)
  await fork.settle(spent(2_500, 7_000))
  expect(await shown(budget)).toEqual(['runs 2+0/5', 'seconds 11+0/1000', 'tokens 3500+0/50000'])

  const again = await held(reserve(infoOf('f'), resumed(spent(2_500, 7_000))))
  await again.settle(spent(2_600, 7_000))
  expect(await shown(budget)).toEqual(['runs 2+0/5', 'seconds 11+0/1000', 'tokens 3600+0/50000'])
})

test('a fork that never comes to its first step is no run', async () => {
  const { budget, reserve } = bookOf({ limits })
  await (await held(reserve(infoOf('f'), resumed(spent(2_000))))).settle(spent(2_000))
  expect(await shown(budget)).toEqual(['runs 0+0/5', 'seconds 0+0/1000', 'tokens 0+0/50000'])
})

test('a fork whose process dies and that is resumed another day is charged each day what it took there', async () => {
  const store = memoryBudgetStore()
  const first = await held(bookOf({ store, limits }).reserve(infoOf('f'), resumed(spent(2_000))))
  expect(await check(first, spent(2_000))).toBe(undefined)
  const { budget, clock, reserve } = bookOf({ store: store.connect(), limits })
  await clock.advance(DAY_MS)
  const run = await held(reserve(infoOf('f'), resumed(spent(2_300))))
  expect(await check(run, spent(2_300))).toBe(undefined)
  await run.settle(spent(2_700))
  expect(await shown(budget)).toEqual(['runs 0+0/5', 'seconds 0+0/1000', 'tokens 400+0/50000'])
  await clock.advance(-DAY_MS)
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'seconds 0+0/1000', 'tokens 300+0/50000'])
})

test('a fork may take what its limits leave, however much it inherited', async () => {
  const { reserve } = bookOf({ limits: [{ window: 'day', tokens: 1_000 }] })
  const fork = await held(reserve(infoOf('f'), resumed(spent(900_000))))
  expect(await check(fork, spent(900_999))).toBe(undefined)
  expect(await check(fork, spent(901_000))).toContain('1000 of 1000 tokens')
})

test('what a fork inherited costs it nothing', async () => {
  const costOf = ({ inputTokens }: Usage) => inputTokens / 1_000
  const { budget, reserve } = bookOf({ limits: [{ window: 'day', costUsd: 100 }], costOf })
  const fork = await held(reserve(infoOf('f'), resumed(spent(40_000))))
  expect(await check(fork, spent(42_000))).toBe(undefined)
  await fork.settle(spent(43_000))
  expect(await shown(budget)).toEqual(['costUsd 3+0/100'])
})

test('a run that goes on when it was forgotten is a run again, and is charged for what it takes from then on', async () => {
  const { budget, clock, reserve } = bookOf({ store: memoryBudgetStore({ maxSettled: 0 }), limits })
  await (await held(reserve(infoOf('a')))).settle(spent(3_000, 9_000))
  await clock.advance(DAY_MS)
  const run = await held(reserve(infoOf('a'), resumed(spent(3_000, 9_000))))
  expect(await check(run, spent(3_000, 9_000))).toBe(undefined)
  await run.settle(spent(3_200, 10_000))
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'seconds 1+0/1000', 'tokens 200+0/50000'])
})

const tick = defineTool({ name: 'tick', description: 'x', effect: 'read', input: z.object({}), run: () => 'tock' })
const usage = { inputTokens: 100, outputTokens: 20 }
const agent = { name: 'a', tools: ['tick'] }
const step: ScriptTurn = { calls: [{ name: 'tick' }], usage }

function hostOf(turns: readonly ScriptTurn[], budget: BudgetBook, checkpointer: CheckpointerFactory, nowMs: number) {
  const clock = fakeClock(nowMs)
  return scriptedHost(turns, { budget, clock, checkpointer, tools: [tick], onModelCall: budget.onModelCall })
}

test('a fork of a whole run that an executor resumes is charged for its own steps', async () => {
  const checkpointer = recordingCheckpointer()
  const { budget, clock } = bookOf({ limits: [{ window: 'day', runs: 5, tokens: 50_000 }] })
  const first = hostOf([step, step, { text: 'One.', usage }], budget, checkpointer, clock.now())
  expect(await first.executor.run(agent, 'go', { runId: 'r', caller: 'ann' })).toMatchObject({ output: 'One.' })
  expect(await shown(budget)).toEqual(['runs 1+0/5', 'tokens 360+0/50000'])

  // Forked before its last reply.
  const results = checkpointer.records.get('r')!.entries
  const last = results.findLastIndex(({ type }) => type === 'result')
  const copy = checkpointer.afterCrash(last)
  const forks: CheckpointerFactory = {
    begin: (info) => copy.begin(info),
    async reopen() {
      const opened = (await copy.reopen('r'))!
      return { ...opened, info: { ...opened.info, runId: 'f', rootRunId: 'f' } }
    },
  }
  const next = hostOf([{ text: 'Two.', usage }], budget, forks, clock.now())
  const result = await next.executor.resume('f').result
  expect(result).toMatchObject({ runId: 'f', output: 'Two.', usage: { inputTokens: 300, outputTokens: 60 } })
  expect(await shown(budget)).toEqual(['runs 2+0/5', 'tokens 480+0/50000'])
})

test.each<[string, number]>([
  ['in the same window', 0],
  ['in a later one', DAY_MS],
])(
  'a run that an executor resumes %s, over a budget that was lost, is charged for its new steps',
  async (_, laterMs) => {
    const checkpointer = recordingCheckpointer()
    const lost = bookOf({ limits })
    const first = hostOf([step, { stalls: true }], lost.budget, checkpointer, lost.clock.now())
    const run = first.executor.start(agent, 'go', { runId: 'r', caller: 'ann' })
    await first.clock.advance(1)
    await first.executor.shutdown()
    expect(await run.result).toMatchObject({ status: 'interrupted', usage: { inputTokens: 100 } })

    const { budget, clock } = bookOf({ limits: [{ window: 'day', runs: 5, tokens: 50_000 }] })
    await clock.advance(laterMs)
    const next = hostOf([step, { text: 'Done.', usage }], budget, checkpointer, clock.now())
    expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok', usage: { inputTokens: 300 } })
    expect(await shown(budget)).toEqual(['runs 1+0/5', 'tokens 240+0/50000'])
  },
)

test('a fork is refused when there is no run left', async () => {
  const { reserve } = bookOf({ limits: [{ window: 'day', runs: 1 }] })
  await (await held(reserve(infoOf('a')))).settle(spent(1))
  expect(await reserve(infoOf('f'), resumed(NOTHING_SPENT))).toMatchObject({ ok: false })
})

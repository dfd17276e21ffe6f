import {
  createLane,
  type Critic,
  defineTool,
  type ExecutorOptions,
  ModelError,
  staticPalette,
  type Usage,
} from '@executus/core'
import { fakeClock, recordingCheckpointer, scriptedHost, scriptedModel, type ScriptTurn } from '@executus/core/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import type { BudgetOptions } from './budget-options.ts'
import { bookOf, HOUR_MS, NOON_MS, shown } from './budget.test-kit.ts'

const tick = defineTool({ name: 'tick', description: 'x', effect: 'read', input: z.object({}), run: () => 'tock' })
const usage = { inputTokens: 100, outputTokens: 20 }
const palette = staticPalette([{ name: 'child', description: 'helps', tools: ['tick'] }])
const ann = { caller: 'ann' }

/** An executor whose runs a budget bounds, both by one clock. */
function hostOf(turns: readonly ScriptTurn[], given: BudgetOptions, options: ExecutorOptions = {}) {
  const { budget, clock, logger } = bookOf(given)
  const host = scriptedHost(turns, { budget, clock, onModelCall: budget.onModelCall, tools: [tick], ...options })
  return { ...host, budget, clock, budgetLogger: logger }
}

test('a run beyond the limit is rejected with when it begins anew, and asks no model', async () => {
  const limits = [{ window: 'day', timeZone: 'Europe/Oslo', runs: 2 }] as const
  const { executor, model } = hostOf([{ text: 'a' }, { text: 'b' }], { limits })
  for (const output of ['a', 'b']) expect(await executor.run({ name: 'a' }, 'go', ann)).toMatchObject({ output })
  expect(await executor.run({ name: 'a' }, 'go', ann)).toMatchObject({
    status: 'rejected',
    stopReason: 'budget',
    error: { message: 'You have used 2 of 2 runs of this day; the next begins at 00:00 (Europe/Oslo)' },
    resetsAtMs: NOON_MS + 11 * HOUR_MS,
  })
  expect(model.requests).toHaveLength(2)
})

test('a delegated run reserves nothing, and what it takes counts as its root\u2019s', async () => {
  const limits = [{ window: 'day', runs: 9, tokens: 50_000 }] as const
  const { executor, budget } = hostOf(
    [
      { calls: [{ name: 'agent__child', input: { task: 'help' } }], usage },
      { text: 'Helped.', usage },
      { text: 'x', usage },
    ],
    { limits },
    { palette },
  )
  expect(await executor.run({ name: 'boss', palette: ['child'] }, 'go', ann)).toMatchObject({ status: 'ok' })
  expect(await shown(budget)).toEqual(['runs 1+0/9', 'tokens 360+0/50000'])
})

test('what a failed attempt took counts, and each call by the price of its own model', async () => {
  const tokens = { ...usage, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
  const broken = scriptedModel([new ModelError('cut off', { code: 'overloaded', usage: tokens })], { spec: 'p/dear' })
  const cheap = scriptedModel([{ text: 'x', usage }], { spec: 'p/cheap' })
  const { executor, budget } = hostOf(
    [],
    { limits: [{ window: 'day', tokens: 50_000, costUsd: 1_000 }], costOf },
    { tiers: { fast: [broken, cheap] }, failover: { maxAttempts: 1 } },
  )
  expect(await executor.run({ name: 'a' }, 'go', ann)).toMatchObject({ status: 'ok', output: 'x' })
  expect(await shown(budget)).toEqual(['tokens 240+0/50000', 'costUsd 1.01+0/1000'])
})

test('a run that outgrows what is left ends with budget as its reason, and all that it took is counted', async () => {
  const limits = [{ window: 'hour', tokens: 200 }] as const
  const turn = { calls: [{ name: 'tick' }], usage }
  const { executor, budget, model } = hostOf([turn, turn, turn, { text: 'never' }], { limits })
  expect(await executor.run({ name: 'a', tools: ['tick'] }, 'go', ann)).toMatchObject({
    status: 'error',
    stopReason: 'budget',
    error: { message: 'You have used 240 of 200 tokens of this hour; the next begins at 13:00 (UTC)' },
    steps: 2,
  })
  expect(model.requests).toHaveLength(2)
  expect(await shown(budget)).toEqual(['tokens 240+0/200'])
})

test('a delegated run is stopped by the budget of its root', async () => {
  const limits = [{ window: 'hour', tokens: 300 }] as const
  const turn = { calls: [{ name: 'tick' }], usage }
  const first = { calls: [{ name: 'agent__child', input: { task: 'help' } }], usage }
  const { executor, model } = hostOf([first, turn, turn, turn], { limits }, { palette })
  expect(await executor.run({ name: 'boss', palette: ['child'] }, 'go', ann)).toMatchObject({ stopReason: 'budget' })
  expect(model.requests).toHaveLength(3)
})

/** Ends a run after its first step. */
const killer: Critic = {
  watch: (run) => ({ event: ({ type }) => type === 'step-end' && run.kill('enough'), close() {} }),
}

test.each<[string, ExecutorOptions, (run: { abort(): void }) => void, number]>([
  ['is cancelled', {}, (run) => run.abort(), 0],
  ['runs out of time', { limits: { timeoutMs: 5_000 } }, () => {}, 10_000],
  ['is killed', { critic: killer }, () => {}, 0],
])('a run that %s is settled with what it took', async (_, options, stop, waitMs) => {
  const limits = [{ window: 'day', runs: 5, tokens: 50_000, seconds: 100 }] as const
  const { executor, budget, clock } = hostOf(
    [{ calls: [{ name: 'tick' }], usage }, { stalls: true }],
    { limits },
    options,
  )
  const run = executor.start({ name: 'a', tools: ['tick'] }, 'go', ann)
  await clock.advance(1_000)
  stop(run)
  await clock.advance(waitMs)
  const { status, usage: used, elapsedMs } = await run.result
  expect(status).not.toBe('ok')
  const tokens = used.inputTokens + used.outputTokens
  expect(tokens).toBe(120)
  expect(await shown(budget)).toEqual([`runs 1+0/5`, `seconds ${elapsedMs / 1_000}+0/100`, `tokens ${tokens}+0/50000`])
})

test('a run that never came to its first step does not count', async () => {
  const lane = createLane({ concurrency: 1, maxQueued: 0 })
  void lane.acquire('somebody else')
  const { executor, budget } = hostOf([], { limits: [{ window: 'day', runs: 1 }] }, { lanes: { runs: lane } })
  expect(await executor.run({ name: 'a' }, 'go', ann)).toMatchObject({ stopReason: 'lane-full' })
  expect(await shown(budget)).toEqual(['runs 0+0/1'])
})

test.each([
  ['in the same window', 0, ['runs 1+0/1', 'tokens 240+0/50000']],
  // The day before keeps what was taken then.
  ['a day later', 24 * HOUR_MS, ['runs 0+0/1', 'tokens 120+0/50000']],
])('a run that is resumed %s is one run, and each segment counts where it was', async (_, laterMs, expected) => {
  const checkpointer = recordingCheckpointer()
  const limits = [{ window: 'day', runs: 1, tokens: 50_000 }] as const
  const first = hostOf([{ calls: [{ name: 'tick' }], usage }, { stalls: true }], { limits }, { checkpointer })
  const run = first.executor.start({ name: 'a', tools: ['tick'] }, 'go', { runId: 'r', ...ann })
  await first.clock.advance(1)
  await first.executor.shutdown()
  expect(await run.result).toMatchObject({ status: 'interrupted' })
  expect(await shown(first.budget)).toEqual(['runs 1+0/1', 'tokens 120+0/50000'])

  await first.clock.advance(laterMs)
  const clock = fakeClock(first.clock.now())
  const next = scriptedHost([{ text: 'Done.', usage }], { checkpointer, budget: first.budget, tools: [tick], clock })
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok' })
  expect(await shown(first.budget)).toEqual(expected)
})

test('what delegated runs cost on another tier counts by the prices there', async () => {
  const dear = scriptedModel([{ text: 'Helped.', usage }], { spec: 'p/dear' })
  const cheap = scriptedModel(
    [
      { calls: [{ name: 'agent__pro', input: { task: 'help' } }], usage },
      { text: 'x', usage },
    ],
    {
      spec: 'p/cheap',
    },
  )
  const { executor, budget } = hostOf(
    [],
    { limits: [{ window: 'day', costUsd: 1_000 }], costOf },
    {
      tiers: { fast: cheap, smart: dear },
      palette: staticPalette([{ name: 'pro', description: 'helps', tier: 'smart' }]),
    },
  )
  expect(await executor.run({ name: 'boss', palette: ['pro'] }, 'go', ann)).toMatchObject({ status: 'ok' })
  expect(await shown(budget)).toEqual(['costUsd 1.02+0/1000'])
})

test('without onModelCall all tokens of a run cost what its first model costs', async () => {
  const cheap = scriptedModel([{ text: 'x', usage }], { spec: 'p/cheap' })
  const { executor, budget } = hostOf(
    [],
    { limits: [{ window: 'day', costUsd: 1_000 }], costOf },
    { tiers: { fast: cheap }, onModelCall: () => {} },
  )
  expect(await executor.run({ name: 'a' }, 'go', ann)).toMatchObject({ status: 'ok' })
  expect(await shown(budget)).toEqual(['costUsd 0.01+0/1000'])
})

/** A cent for each hundred tokens of input, or a dollar. */
function costOf({ inputTokens }: Usage, spec: string): number {
  return (inputTokens / 100) * (spec === 'p/dear' ? 1 : 0.01)
}

import { expect, test } from 'vitest'
import { z } from 'zod'

import type { ExecutorOptions } from '../config.ts'
import { staticPalette } from '../delegation/palette.ts'
import { createLane } from '../lane/lane.ts'
import type { Budget, BudgetAnswer, Spent } from '../ports/budget.ts'
import { recordingCheckpointer, scriptedHost, scriptedModel } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const tick = defineTool({ name: 'tick', description: 'x', effect: 'read', input: z.object({}), run: () => 'tock' })

/** A budget that says yes, or `no`, and remembers what it was told. */
function recordingBudget(no?: BudgetAnswer, check?: (spent: Spent) => string | undefined) {
  const told: string[] = []
  const budget: Budget = {
    reserve(info, { spent, isResumed }) {
      const before = isResumed ? ` after ${spent.usage.inputTokens}/${spent.usage.outputTokens}` : ''
      told.push(`reserve ${info.runId}${before}`)
      if (no !== undefined) return Promise.resolve(no)
      const settle = ({ usage, elapsedMs }: Spent) =>
        void told.push(`settle ${usage.inputTokens}/${usage.outputTokens} in ${elapsedMs}`)
      return Promise.resolve({ ok: true, reservation: { settle, ...(check && { check }) } })
    },
  }
  return { budget, told }
}

const usage = { inputTokens: 10, outputTokens: 1 }

test('a run that the budget refuses makes no model call and settles nothing', async () => {
  const { budget, told } = recordingBudget({ ok: false, reason: 'Nothing is left today', resetsAtMs: 86_400_000 })
  const { executor, model, logger } = scriptedHost([{ text: 'never' }], { budget })
  const run = executor.start({ name: 'a' }, 'go')
  const events = await Array.fromAsync(run.events())
  expect(await run.result).toMatchObject({
    status: 'rejected',
    stopReason: 'budget',
    error: { code: 'budget', message: 'Nothing is left today' },
    resetsAtMs: 86_400_000,
    output: '',
    steps: 0,
    durable: false,
  })
  expect(events.map(({ type }) => type)).toEqual(['run-end'])
  expect(model.requests).toEqual([])
  expect(told).toEqual(['reserve run-1'])
  expect(logger.lines).toEqual([])
})

test('a run whose budget throws is refused before any model call', async () => {
  const { executor, model } = scriptedHost([{ text: 'never' }], {
    budget: { reserve: () => Promise.reject(new Error('database is down')) },
  })
  expect(await executor.run({ name: 'a' }, 'go')).toMatchObject({
    status: 'error',
    stopReason: 'port',
    error: { code: 'port', message: 'The budget failed: database is down' },
    steps: 0,
  })
  expect(model.requests).toEqual([])
})

test.each<[string, ExecutorOptions, string]>([
  ['answers', {}, 'ok'],
  ['fails', { tiers: { fast: scriptedModel([]) } }, 'error'],
  ['breaks before its first step', { identity: { principalOf: () => expect.fail('broken') } }, 'error'],
  ['finds its lane full', { lanes: { runs: fullLane() } }, 'rejected'],
  [
    'cannot open its journal',
    {
      requireDurable: true,
      checkpointer: { ...recordingCheckpointer(), begin: () => Promise.reject(new Error('disk')) },
    },
    'rejected',
  ],
])('a budget is settled once by a run that %s', async (_, options, status) => {
  const { budget, told } = recordingBudget()
  const { executor } = scriptedHost([{ text: 'Hi.', usage }], { budget, ...options })
  expect(await executor.run({ name: 'a' }, 'go')).toMatchObject({ status })
  expect(told).toEqual(['reserve run-1', status === 'ok' ? 'settle 10/1 in 0' : 'settle 0/0 in 0'])
})

test('a budget that is reserved too late is settled at once', async () => {
  const told: string[] = []
  let answer: (answer: BudgetAnswer) => void = () => {}
  const { executor, clock } = scriptedHost([], {
    budget: { reserve: () => new Promise((resolve) => (answer = resolve)) },
  })
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(1)
  run.abort()
  expect(await run.result).toMatchObject({ status: 'cancelled', steps: 0 })
  answer({ ok: true, reservation: { settle: ({ usage: used }) => void told.push(`settle ${used.inputTokens}`) } })
  await clock.advance(1)
  expect(told).toEqual(['settle 0'])
})

test('a budget is settled with what delegated runs used, and they reserve nothing themselves', async () => {
  const { budget, told } = recordingBudget()
  const { executor } = scriptedHost(
    [
      { calls: [{ name: 'agent__child', input: { task: 'help' } }], usage },
      { text: 'Helped.', usage },
      { text: 'Done.', usage },
    ],
    { budget, palette: staticPalette([{ name: 'child', description: 'helps' }]) },
  )
  const result = await executor.run({ name: 'boss', palette: ['child'] }, 'go')
  expect(result).toMatchObject({ status: 'ok', usage: { inputTokens: 30, outputTokens: 3 } })
  expect(told).toEqual(['reserve run-1', 'settle 30/3 in 0'])
})

test('a budget is settled with what a delegated run used that was cut short with its parent', async () => {
  const { budget, told } = recordingBudget()
  const { executor, clock } = scriptedHost(
    [
      { calls: [{ name: 'agent__child', input: { task: 'help' } }], usage },
      { calls: [{ name: 'tick' }], usage },
      { stalls: true },
    ],
    { budget, tools: [tick], palette: staticPalette([{ name: 'child', description: 'helps', tools: ['tick'] }]) },
  )
  const run = executor.start({ name: 'boss', tools: ['tick'], palette: ['child'] }, 'go')
  await clock.advance(5)
  run.abort()
  expect(await run.result).toMatchObject({ status: 'cancelled', usage: { inputTokens: 20, outputTokens: 2 } })
  expect(told).toEqual(['reserve run-1', 'settle 20/2 in 5'])
})

test('a run that is resumed reserves anew, and settles all that it took since it began', async () => {
  const checkpointer = recordingCheckpointer()
  const { budget, told } = recordingBudget()
  const options = { budget, checkpointer, tools: [tick] }
  const first = scriptedHost([{ calls: [{ name: 'tick' }], usage }, { stalls: true }], options)
  const run = first.executor.start({ name: 'a', tools: ['tick'] }, 'go', { runId: 'r' })
  await first.clock.advance(1)
  await first.executor.shutdown()
  await run.result
  await scriptedHost([{ text: 'Done.', usage }], options).executor.resume('r').result
  expect(told).toEqual(['reserve r', 'settle 10/1 in 1', 'reserve r after 10/1', 'settle 20/2 in 1'])
})

test('a run that is resumed holds its place at the dispatch guard again', async () => {
  const checkpointer = recordingCheckpointer()
  const first = scriptedHost([{ stalls: true }], { checkpointer })
  const run = first.executor.start({ name: 'a' }, 'go', { runId: 'r', requestKey: 'message 7' })
  await first.clock.advance(1)
  await first.executor.shutdown()
  await run.result
  const next = scriptedHost([{ stalls: true }], { checkpointer })
  const resumed = next.executor.resume('r')
  await next.clock.advance(1)
  expect(await next.executor.run({ name: 'a' }, 'go', { requestKey: 'message 7' })).toMatchObject({
    status: 'rejected',
    stopReason: 'duplicate',
    error: { message: 'The same request is being run already, as r' },
  })
  resumed.abort()
  await resumed.result
})

test('a budget is asked before each step, of delegated runs as well, with all that was spent', async () => {
  const spent: number[] = []
  const { budget } = recordingBudget(undefined, ({ usage: used }) => {
    spent.push(used.inputTokens)
    return used.inputTokens >= 20 ? 'That was too much' : undefined
  })
  const { executor } = scriptedHost(
    [
      { calls: [{ name: 'agent__child', input: { task: 'help' } }], usage },
      { calls: [{ name: 'tick' }], usage },
    ],
    { budget, tools: [tick], palette: staticPalette([{ name: 'child', description: 'helps', tools: ['tick'] }]) },
  )
  const result = await executor.run({ name: 'boss', tools: ['tick'], palette: ['child'] }, 'go')
  expect(result).toMatchObject({ status: 'error', stopReason: 'budget', error: { message: 'That was too much' } })
  expect(spent).toEqual([0, 10, 20, 20])
})

test('a request that is being run already is rejected as a duplicate, and may be run again afterwards', async () => {
  const { executor, clock } = scriptedHost([{ stalls: true }, { text: 'Again.' }])
  const first = executor.start({ name: 'a' }, 'go', { requestKey: 'message 7' })
  await clock.advance(1)
  expect(await executor.run({ name: 'a' }, 'go', { requestKey: 'message 7' })).toMatchObject({
    status: 'rejected',
    stopReason: 'duplicate',
    error: { code: 'duplicate', message: 'The same request is being run already, as run-1' },
  })
  first.abort()
  await first.result
  expect(await executor.run({ name: 'a' }, 'go', { requestKey: 'message 7' })).toMatchObject({ output: 'Again.' })
})

test('a run that is let in too late leaves again', async () => {
  let left = 0
  let enter: () => void = () => {}
  const { executor, clock } = scriptedHost([], {
    dispatchGuard: {
      enter: () => new Promise((resolve) => (enter = () => resolve({ ok: true, leave: () => void (left += 1) }))),
    },
  })
  const run = executor.start({ name: 'a' }, 'go', { requestKey: 'x' })
  await clock.advance(1)
  run.abort()
  await run.result
  enter()
  await clock.advance(1)
  expect(left).toBe(1)
})

test('the gates are asked in order: the dispatch guard, the budget, the lane', async () => {
  const asked: string[] = []
  const lane = createLane({ concurrency: 1 })
  const { executor } = scriptedHost([{ text: 'Hi.' }], {
    dispatchGuard: {
      enter() {
        asked.push('guard')
        return { ok: true, leave: () => void asked.push('leave') }
      },
    },
    budget: {
      reserve() {
        asked.push('budget')
        return Promise.resolve({ ok: true, reservation: { settle: () => void asked.push('settle') } })
      },
    },
    lanes: {
      runs: {
        ...lane,
        acquire(key, options) {
          asked.push(`lane of ${key}`)
          return lane.acquire(key, options)
        },
      },
    },
  })
  await executor.run({ name: 'a' }, 'go', { requestKey: 'x', caller: 'ann' })
  expect(asked).toEqual(['guard', 'budget', 'lane of ann', 'settle', 'leave'])
})

test('runs take turns in their lane, fair between callers, and a delegated one takes none', async () => {
  const lane = createLane({ concurrency: 1 })
  const { executor, logger } = scriptedHost(
    [
      { calls: [{ name: 'agent__child', input: { task: 'help' } }] },
      { text: 'Helped.' },
      { text: 'Done.' },
      { text: 'Next.' },
    ],
    { lanes: { runs: lane }, palette: staticPalette([{ name: 'child', description: 'helps' }]) },
  )
  const [first, second] = await Promise.all([
    executor.run({ name: 'boss', palette: ['child'] }, 'go'),
    executor.run({ name: 'other' }, 'go'),
  ])
  expect([first.output, second.output]).toEqual(['Done.', 'Next.'])
  expect(lane.stats).toEqual({ running: 0, queued: 0, keys: {} })
  expect(logger.lines).toEqual([])
})

test('a run that finds its lane full is rejected, with the cause', async () => {
  const { executor, model } = scriptedHost([], { lanes: { runs: fullLane() } })
  expect(await executor.run({ name: 'a' }, 'go')).toMatchObject({
    status: 'rejected',
    stopReason: 'lane-full',
    error: { code: 'lane-full', cause: { code: 'full' } },
  })
  expect(model.requests).toEqual([])
})

test('a resumed run that is not admitted stays resumable, and tells nobody that it failed', async () => {
  const checkpointer = recordingCheckpointer()
  const delivered: string[] = []
  const delivery = {
    deliver: () => Promise.resolve(void delivered.push('answer')),
    deliverError: () => Promise.resolve(void delivered.push('error')),
  }
  const first = scriptedHost([{ stalls: true }], { checkpointer, delivery })
  const run = first.executor.start({ name: 'a' }, 'go', { runId: 'r', deliverTo: 'ann' })
  await first.clock.advance(1)
  await first.executor.shutdown()
  await run.result

  const busy = scriptedHost([], { checkpointer, delivery, lanes: { runs: fullLane() } })
  expect(await busy.executor.resume('r').result).toMatchObject({ status: 'rejected', stopReason: 'lane-full' })
  expect(checkpointer.records.get('r')).toMatchObject({ status: 'left' })
  expect(delivered).toEqual([])

  const idle = scriptedHost([{ text: 'Here.' }], { checkpointer, delivery })
  expect(await idle.executor.resume('r').result).toMatchObject({ status: 'ok', output: 'Here.' })
  expect(delivered).toEqual(['answer'])
})

/** A lane of which somebody else has the only slot. */
function fullLane() {
  const lane = createLane({ concurrency: 1, maxQueued: 0 })
  void lane.acquire('somebody else')
  return lane
}

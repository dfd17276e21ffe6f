import { createLane, defineTool, laneModel, staticPalette, textOf } from '@executus/core'
import {
  type FakeClock,
  fakeClock,
  recordingCheckpointer,
  scriptedModel,
  type ScriptTurn,
} from '@executus/core/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { scriptedEscalator, watchedHost } from './critic.test-kit.ts'

/** A record on the time at which fake clocks begin: what a run had is told by its segments. */
const record = () => recordingCheckpointer({ now: () => fakeClock().now() })

/** A tool that takes its time, on a clock that is there by the time it is used. */
function slowTool(ms: number, clock: () => FakeClock) {
  return defineTool({
    name: 'dig',
    description: 'Digs.',
    effect: 'read',
    timeoutMs: 3_600_000,
    input: z.object({}),
    run: () => new Promise((resolve) => void clock().after(ms, () => resolve('dug'))),
  })
}

const agent = { name: 'a', tools: ['dig'] }
const dig: ScriptTurn = { calls: [{ name: 'dig' }] }
const NOTE = '[note: nothing was heard while dig was at work for 90000 ms. Go on, or finish with what you have.]'

test('a run of which nothing is heard is given more room once, and is killed at the next time', async () => {
  const { executor, clock, logger } = watchedHost([{ stalls: true }])
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(179_999)
  let isDone = false
  void run.result.then(() => (isDone = true))
  await clock.advance(0)
  expect(isDone).toBe(false)
  await clock.advance(1)
  expect(await run.result).toMatchObject({
    status: 'killed',
    stopReason: 'killed',
    elapsedMs: 180_000,
    error: {
      message: 'The run was killed: nothing was heard from the model for 90000 ms, after it was given more room',
    },
  })
  expect(clock.pending).toBe(0)
  expect(logger.lines).toEqual([])
})

test('a nudge is read by the model before its next step, and the run has more time from then on', async () => {
  const host = watchedHost([dig, { text: 'Done.' }], {}, { tools: [slowTool(100_000, () => host.clock)] })
  const run = host.executor.start(agent, 'go')
  const raised: number[] = []
  run.on('limits-raised', ({ timeoutMs }) => raised.push(timeoutMs))
  await host.clock.advance(100_000)
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Done.' })
  expect(textOf(host.model.requests[1]!.messages.at(-1)!)).toBe(NOTE)
  expect(raised).toEqual([690_000])
  expect(host.clock.pending).toBe(0)
})

test.each<[string, number, 'ok' | 'timeout']>([
  ['ends in time when it is extended', 90_000, 'ok'],
  ['takes too long when nobody looks after it', Number.POSITIVE_INFINITY, 'timeout'],
])('a run that is slower than its limit %s', async (_, idleMs, status) => {
  const tools = [slowTool(150_000, () => host.clock)]
  const host = watchedHost([dig, { text: 'Done.' }], { idleMs }, { tools, limits: { timeoutMs: 120_000 } })
  const run = host.executor.start(agent, 'go')
  await host.clock.advance(150_000)
  expect(await run.result).toMatchObject({ status })
  expect(host.clock.pending).toBe(0)
})

test('an extension may raise the ceiling of steps', async () => {
  const escalator = scriptedEscalator({ action: 'extend', steps: 1 })
  const tools = [slowTool(100, () => host.clock)]
  const host = watchedHost([dig, { text: 'Done.' }], { escalator, idleMs: 90 }, { tools, limits: { maxSteps: 1 } })
  const run = host.executor.start(agent, 'go')
  await host.clock.advance(100)
  expect(await run.result).toMatchObject({ status: 'ok', steps: 2 })
})

test('a run that is slow and gives signs of life is left alone', async () => {
  const escalator = scriptedEscalator()
  const turns = [dig, dig, { text: 'Done.', delayMs: 89_000 }]
  const host = watchedHost(turns, { escalator }, { tools: [slowTool(89_000, () => host.clock)] })
  const run = host.executor.start(agent, 'go')
  await host.clock.advance(3 * 89_000)
  expect(await run.result).toMatchObject({ status: 'ok' })
  expect(escalator.wakes).toEqual([])
})

test('an escalator is told what the run is at, what happened last and what was done before', async () => {
  const escalator = scriptedEscalator({ action: 'nudge', text: 'Hurry.' }, { action: 'extend', timeMs: 5 })
  const host = watchedHost([dig, { text: 'Done.' }], { escalator }, { tools: [slowTool(280_000, () => host.clock)] })
  const run = host.executor.start(agent, 'go')
  await host.clock.advance(280_000)
  await run.result
  const [first, second, third] = escalator.wakes
  expect(first).toMatchObject({
    info: { runId: 'run-1' },
    progress: { steps: 1, elapsedMs: 90_000, timeoutMs: 600_000 },
    cause: { type: 'idle', idleMs: 90_000, during: 'tools', tools: [{ tool: 'dig', forMs: 90_000 }] },
    recent: [
      { type: 'step-start', text: 'step 1' },
      { type: 'tool-call-start', text: 'dig {}' },
    ],
  })
  const hands = ({ nudges, extensions, nudgesLeft, extensionsLeft }: NonNullable<typeof first>) => [
    [nudges, nudgesLeft],
    [extensions, extensionsLeft],
  ]
  expect([first!, second!, third!].map(hands)).toEqual([
    [
      [0, 3],
      [0, 3],
    ],
    [
      [1, 2],
      [0, 3],
    ],
    [
      [1, 2],
      [1, 2],
    ],
  ])
})

test('a run whose model call waits for a slot of a lane is left alone, where the host says so', async () => {
  const lane = createLane({ concurrency: 1 })
  const escalator = scriptedEscalator()
  const clock = fakeClock()
  const turns = [
    { text: 'One.', delayMs: 80_000 },
    { text: 'Two.', delayMs: 80_000 },
  ]
  const fast = laneModel(scriptedModel(turns, { clock }), lane)
  const options = { escalator, clock, idleMs: 70_000, isWaiting: () => lane.stats.queued > 0 }
  const { executor } = watchedHost([], options, { tiers: { fast }, clock })
  const runs = [executor.start({ name: 'a' }, 'go'), executor.start({ name: 'b' }, 'go')]
  await clock.advance(160_000)
  expect(await Promise.all(runs.map(({ result }) => result))).toMatchObject([{ output: 'One.' }, { output: 'Two.' }])
  expect(escalator.wakes.map(({ info }) => info.agent.name)).toEqual(['b'])
})

test('of a run and the one it delegated to, the one below is looked after, while there is one', async () => {
  const escalator = scriptedEscalator({ action: 'wait' }, { action: 'kill', reason: 'it hangs' })
  const palette = staticPalette([{ name: 'child', description: 'Helps.' }])
  const turns: ScriptTurn[] = [
    { calls: [{ name: 'agent__child', input: { task: 'help' }, id: 'c' }] },
    { stalls: true },
    { text: 'Without it.', delayMs: 100_000 },
  ]
  const { executor, clock } = watchedHost(turns, { escalator }, { palette })
  const run = executor.start({ name: 'boss', palette: ['child'] }, 'go')
  await clock.advance(280_000)
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Without it.' })
  expect(escalator.wakes.map(({ info }) => info.runId)).toEqual(['run-1/c', 'run-1/c', 'run-1'])
  expect(clock.pending).toBe(0)
})

test('a hard deadline ends a run whatever it was given, and what it was before counts', async () => {
  const escalator = scriptedEscalator(...Array.from({ length: 3 }, () => ({ action: 'extend', timeMs: 600_000 })))
  const checkpointer = record()
  const first = watchedHost([{ stalls: true }], { hardDeadlineMs: 500_000 }, { checkpointer })
  const begun = first.executor.start({ name: 'a' }, 'go', { runId: 'r' })
  await first.clock.advance(80_000)
  await first.executor.shutdown()
  expect(await begun.result).toMatchObject({ status: 'interrupted' })

  const { executor, clock } = watchedHost([{ stalls: true }], { escalator, hardDeadlineMs: 500_000 }, { checkpointer })
  const run = executor.resume('r')
  await clock.advance(420_000)
  expect(await run.result).toMatchObject({
    status: 'killed',
    elapsedMs: 500_000,
    error: { message: 'The run was killed: it worked for longer than its hard deadline of 500000 ms' },
  })
  expect(escalator.wakes).toHaveLength(4)
  expect(clock.pending).toBe(0)
})

test('a resumed run that is past its hard deadline is killed before it does anything', async () => {
  const checkpointer = record()
  const first = watchedHost([{ stalls: true }], {}, { checkpointer })
  const begun = first.executor.start({ name: 'a' }, 'go', { runId: 'r' })
  await first.clock.advance(80_000)
  await first.executor.shutdown()
  await begun.result
  const { executor, model, clock } = watchedHost([{ text: 'Hi.' }], { hardDeadlineMs: 80_000 }, { checkpointer })
  expect(await executor.resume('r').result).toMatchObject({ status: 'killed' })
  expect(model.requests).toEqual([])
  expect(clock.pending).toBe(0)
})

test('a resumed run that was given more room before is not given it again', async () => {
  const checkpointer = record()
  const turns: ScriptTurn[] = [dig, { stalls: true }]
  const first = watchedHost(turns, {}, { checkpointer, tools: [slowTool(100_000, () => first.clock)] })
  const begun = first.executor.start(agent, 'go', { runId: 'r' })
  await first.clock.advance(110_000)
  await first.executor.shutdown()
  expect(await begun.result).toMatchObject({ status: 'interrupted' })

  const tools = [slowTool(1, () => second.clock)]
  const second = watchedHost([{ stalls: true }], {}, { checkpointer, tools })
  const run = second.executor.resume('r')
  await second.clock.advance(90_000)
  expect(await run.result).toMatchObject({ status: 'killed' })
})

test('a run that was given more time before it began has its extensions still', async () => {
  const { executor, clock } = watchedHost([{ stalls: true }])
  const run = executor.start({ name: 'a' }, 'go')
  run.extend({ timeMs: 1_000 })
  await clock.advance(179_000)
  run.abort()
  expect(await run.result).toMatchObject({ status: 'cancelled' })
})

test('a pattern wakes the escalator, and a nudge ends it', async () => {
  const stamped = (n: number): ScriptTurn => ({
    calls: [{ name: 'poll', input: { at: `2026-01-06T12:00:0${n}Z` } }],
  })
  const tools = [
    defineTool({
      name: 'poll',
      description: 'Polls.',
      effect: 'read',
      input: z.object({ at: z.string() }),
      run: () => 'not yet',
    }),
  ]
  const escalator = scriptedEscalator({ action: 'nudge', text: 'Stop polling.' })
  const turns = [stamped(1), stamped(2), stamped(3), stamped(4), { text: 'Stopped.' }]
  const { executor, model } = watchedHost(turns, { escalator, patterns: true }, { tools })
  expect(await executor.run({ name: 'a', tools: ['poll'] }, 'go')).toMatchObject({ status: 'ok', output: 'Stopped.' })
  expect(escalator.wakes.map(({ cause }) => cause)).toEqual([{ type: 'repeated-action', tool: 'poll', times: 4 }])
  expect(textOf(model.requests.at(-1)!.messages.at(-1)!)).toBe('Stop polling.')
})

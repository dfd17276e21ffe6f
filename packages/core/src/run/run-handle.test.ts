import { expect, test } from 'vitest'
import { z } from 'zod'

import type { RunInfo } from '../run-info.ts'
import { recordingCheckpointer, scriptedHost, type ScriptTurn } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const agent = { name: 'a', tools: ['work'] }
const call: ScriptTurn = { calls: [{ name: 'work' }] }

/** A host whose tool `work` ends when the test says so. */
function opened(turns: readonly ScriptTurn[], options: Parameters<typeof scriptedHost>[1] = {}) {
  const ends: (() => void)[] = []
  const work = defineTool({
    name: 'work',
    description: 'Works.',
    input: z.object({}),
    timeoutMs: 1_000_000,
    run: () => new Promise((resolve) => ends.push(() => resolve('worked'))),
  })
  const host = scriptedHost(turns, { tools: [work], ...options })
  return { ...host, endWork: () => ends.shift()!() }
}

test('extend() gives a run that would end more steps at once', async () => {
  const { executor, clock, endWork } = opened([call, call, { text: 'Done.' }])
  const run = executor.start({ ...agent, limits: { maxSteps: 1 } }, 'go')
  await clock.advance(1)
  expect(run.extend({ steps: 1 })).toBe(true)
  endWork()
  await clock.advance(1)
  expect(run.extend({ steps: 1 })).toBe(true)
  endWork()
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Done.', steps: 3 })
})

test.each([
  ['before it began', 0],
  ['while it runs', 900],
])('extend() gives a run more time at once, %s', async (_, afterMs) => {
  const { executor, clock } = opened([{ stalls: true }])
  const run = executor.start({ ...agent, limits: { timeoutMs: 1_000 } }, 'go')
  if (afterMs > 0) await clock.advance(afterMs)
  expect(run.extend({ timeMs: 500 })).toBe(true)
  await clock.advance(1_499 - afterMs)
  expect(clock.pending).toBeGreaterThan(0)
  await clock.advance(1)
  expect(await run.result).toMatchObject({ status: 'timeout', elapsedMs: 1_500 })
})

test('extend() says no after the end, and throws for what is no count', async () => {
  const { executor } = opened([{ text: 'Done.' }])
  const run = executor.start(agent, 'go')
  expect(() => run.extend({ steps: -1 })).toThrow('Expected `extend.steps` to be an integer of 0 or more')
  expect(() => run.extend({ minutes: 5 } as {})).toThrow('Expected `extend` to have no option `minutes`')
  await run.result
  expect(run.extend({ steps: 5, timeMs: 5 })).toBe(false)
})

test('abort() at a safe point lets the tools of the step end first', async () => {
  const { executor, clock, endWork, model } = opened([call, { text: 'never' }])
  const run = executor.start(agent, 'go')
  await clock.advance(1)
  run.abort('enough', { at: 'safe-point' })
  endWork()
  expect(await run.result).toMatchObject({
    status: 'cancelled',
    error: { message: 'The run was cancelled: enough' },
    steps: 1,
    messages: { 2: { role: 'tool', content: [{ isError: false, content: [{ text: 'worked' }] }] } },
  })
  expect(model.requests).toHaveLength(1)
})

test('abort() at once wins over one at a safe point; other places are a mistake', async () => {
  const { executor, clock } = opened([call])
  const run = executor.start(agent, 'go')
  await clock.advance(1)
  expect(() => run.abort('x', { at: 'later' as 'now' })).toThrow('Expected `abort.at` to be one of now, safe-point')
  run.abort('gently', { at: 'safe-point' })
  run.abort('now')
  expect(await run.result).toMatchObject({
    status: 'cancelled',
    error: { message: 'The run was cancelled: now' },
    messages: { 2: { content: [{ isError: true }] } },
  })
})

test('shutdown() stops durable runs at their safe point and lets others answer', async () => {
  const checkpointer = recordingCheckpointer()
  const durable = opened([call, { text: 'later' }], { checkpointer })
  const kept = durable.executor.start(agent, 'go', { runId: 'r' })
  await durable.clock.advance(1)
  const down = durable.executor.shutdown({ graceMs: 60_000 })
  durable.endWork()
  await down
  expect(await kept.result).toMatchObject({ status: 'interrupted', stopReason: 'shutdown', steps: 1 })

  const next = opened([{ text: 'later' }], { checkpointer })
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok', output: 'later', steps: 2 })

  const light = opened([call, { text: 'Done.' }])
  const run = light.executor.start(agent, 'go')
  await light.clock.advance(1)
  const lightDown = light.executor.shutdown({ graceMs: 60_000 })
  light.endWork()
  await lightDown
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Done.' })
  expect(light.clock.pending).toBe(0)
})

test('shutdown() stops a durable run before its first step when its journal opens later', async () => {
  const records = recordingCheckpointer()
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const checkpointer = { ...records, begin: (info: RunInfo) => promise.then(() => records.begin(info)) }
  const { executor, clock, model } = opened([call], { checkpointer })
  const run = executor.start(agent, 'go', { runId: 'r' })
  await clock.advance(1)
  const down = executor.shutdown({ graceMs: 60_000 })
  resolve(undefined)
  await down
  expect(await run.result).toMatchObject({ status: 'interrupted', stopReason: 'shutdown', steps: 0 })
  expect(model.requests).toHaveLength(0)
  expect(records.records.get('r')?.status).toBe('left')
})

test('shutdown() ends a durable run whose step does not end within the grace, and its call stays open', async () => {
  const checkpointer = recordingCheckpointer()
  const { executor, clock } = opened([call], { checkpointer })
  const run = executor.start(agent, 'go', { runId: 'r' })
  await clock.advance(1)
  const down = executor.shutdown({ graceMs: 1_000 })
  await clock.advance(1_000)
  await down
  expect(await run.result).toMatchObject({ status: 'interrupted', stopReason: 'shutdown' })
  const next = opened([{ text: 'I check.' }], { checkpointer })
  const result = await next.executor.resume('r').result
  expect(result).toMatchObject({
    status: 'ok',
    messages: {
      2: { content: [{ isError: true, content: [{ text: expect.stringContaining('outcome is unknown') }] }] },
    },
  })
})

test('what a run was given beyond its limits is kept when it is left at a safe point', async () => {
  const checkpointer = recordingCheckpointer()
  const { executor, clock, endWork } = opened([call], { checkpointer })
  const run = executor.start({ ...agent, limits: { maxSteps: 1 } }, 'go', { runId: 'r' })
  await clock.advance(1)
  run.extend({ steps: 1 })
  const down = executor.shutdown({ graceMs: 1_000 })
  endWork()
  await down
  expect(await run.result).toMatchObject({ status: 'interrupted' })
  const next = opened([{ text: 'Done.' }], { checkpointer })
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok', output: 'Done.', steps: 2 })
})

test('a handle is no promise, and its result never rejects', async () => {
  const { executor } = opened([])
  const run = executor.start(agent, 'go')
  expect('then' in run).toBe(false)
  expect(await run.result).toMatchObject({ status: 'error', stopReason: 'model-error' })
})

test('resume() throws at once for mistakes in its arguments', () => {
  const { executor } = opened([])
  expect(() => executor.resume(' ')).toThrow('Expected `runId` to be a string that is not blank')
  expect(() => executor.resume('r', { aprovals: [] } as {})).toThrow('Did you mean `approvals`?')
  expect(() => executor.resume('r', { approvals: {} as never })).toThrow('`resume.approvals` to be a list of decisions')
  expect(() => executor.resume('r', { approvals: [{ id: 'x' }] as never })).toThrow(
    'Expected `resume.approvals[0].isApproved` to be a boolean',
  )
  expect(() => executor.resume('r', { invocation: { caller: 'ann' } as {} })).toThrow('no option `caller`')
})

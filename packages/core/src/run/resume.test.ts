import { expect, test } from 'vitest'
import { z } from 'zod'

import type { Agent } from '../agent.ts'
import type { ExecutorOptions } from '../config.ts'
import { staticPalette } from '../delegation/palette.ts'
import { approveLater } from '../permission/approvals.ts'
import { recordingCheckpointer, type RecordingCheckpointer, scriptedHost, type ScriptTurn } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const agent: Agent = { name: 'clerk', tools: ['pay'] }
const payment: ScriptTurn = { calls: [{ id: 'p', name: 'pay', input: {} }] }
const done: ScriptTurn = { text: 'done' }

function payTool(run: () => unknown = () => 'paid', more: object = {}) {
  return defineTool({ name: 'pay', description: 'Pays.', input: z.object({}), run, ...more })
}

/** Its time stands still where the scripted hosts' clock begins. */
function recorder(): RecordingCheckpointer {
  return recordingCheckpointer({ now: () => Date.UTC(2026, 0, 6, 12) })
}

/** A run of `agent` that was interrupted while its model was asked for the second time. */
async function interrupted(
  checkpointer: RecordingCheckpointer,
  change: Partial<Agent> = {},
  options: ExecutorOptions = {},
) {
  const host = scriptedHost([payment, { stalls: true }], { checkpointer, tools: [payTool()], ...options })
  const run = host.executor.start({ ...agent, ...change }, 'go', { runId: 'r' })
  await host.clock.advance(1)
  await host.executor.shutdown()
  expect(await run.result).toMatchObject({ status: 'interrupted' })
}

/** What is left of a record in which a call has begun and nobody knows how it ended. */
async function cutInTheCall(checkpointer: RecordingCheckpointer): Promise<RecordingCheckpointer> {
  const host = scriptedHost([payment, done], { checkpointer, tools: [payTool()] })
  await host.executor.run(agent, 'go', { runId: 'r' })
  const { entries } = checkpointer.records.get('r')!
  return checkpointer.afterCrash(entries.findIndex(({ type }, index) => type === 'intent' && index > 1) + 1)
}

test('a resumed run that a port keeps out is left, and goes on when the port is back', async () => {
  const checkpointer = recorder()
  await interrupted(checkpointer)
  const budget = { reserve: () => Promise.reject(new Error('the budget is down')) }
  const down = scriptedHost([], { checkpointer, tools: [payTool()], budget })
  expect(await down.executor.resume('r').result).toMatchObject({ status: 'error', stopReason: 'port' })
  expect(checkpointer.records.get('r')).toMatchObject({ status: 'left' })

  const back = scriptedHost([done], { checkpointer, tools: [payTool()] })
  expect(await back.executor.resume('r').result).toMatchObject({ status: 'ok' })
})

test('resume() throws at once for a mistake in its arguments, and leaves a record whose phases are gone', async () => {
  const checkpointer = recorder()
  const two = [
    { name: 'one', instructions: 'One.', tools: [] },
    { name: 'two', instructions: 'Two.' },
  ]
  const first = scriptedHost([{ text: 'one' }, { stalls: true }], { checkpointer, tools: [payTool()] })
  const run = first.executor.start({ ...agent, phases: two }, 'go', { runId: 'r' })
  await first.clock.advance(1)
  await first.executor.shutdown()
  await run.result

  const { executor } = scriptedHost([done], { checkpointer, tools: [payTool()] })
  const controller = new AbortController() as unknown as AbortSignal
  expect(() => executor.resume('r', { invocation: { signal: controller } })).toThrow('`invocation.signal`')
  expect(() => executor.resume('r', { agent: { name: '' } })).toThrow('`agent.name`')
  const fewer = await executor.resume('r', { agent: { ...agent, phases: two.slice(0, 1) } }).result
  expect(fewer).toMatchObject({ status: 'error', error: { cause: expect.any(RangeError) as RangeError } })
  expect(checkpointer.records.get('r')).toMatchObject({ status: 'left' })
  expect(await executor.resume('r').result).toMatchObject({ status: 'ok', output: 'done' })
})

test('limits without an end survive being written down', async () => {
  const checkpointer = recorder()
  const limits = { timeoutMs: Number.POSITIVE_INFINITY }
  await interrupted(checkpointer, { limits })
  const { executor } = scriptedHost([done], { checkpointer, tools: [payTool()] })
  expect(await executor.resume('r').result).toMatchObject({ status: 'ok' })
})

test('a call that may have begun is in doubt, also where it may not be made any more', async () => {
  const after = await cutInTheCall(recorder())
  const permissions = { rules: [{ decision: 'deny' as const, tools: ['pay'] }] }
  const { executor, model } = scriptedHost([done], { checkpointer: after, tools: [payTool()], permissions })
  expect(await executor.resume('r').result).toMatchObject({ status: 'ok' })
  expect(JSON.stringify(model.requests[0]?.messages)).toContain('its outcome is unknown')
})

test('a tool that does not find out in time what became of a call leaves it in doubt', async () => {
  const after = await cutInTheCall(recorder())
  const tools = [payTool(() => 'paid again', { reconcile: () => new Promise(() => {}), timeoutMs: 500 })]
  const { executor, model, clock } = scriptedHost([done], { checkpointer: after, tools })
  const run = executor.resume('r')
  await clock.advance(500)
  expect(await run.result).toMatchObject({ status: 'ok' })
  expect(JSON.stringify(model.requests[0]?.messages)).toContain('its outcome is unknown')
})

test('what a run was given while it was at work counts after a shutdown', async () => {
  const checkpointer = recorder()
  const first = scriptedHost([payment, { stalls: true }], { checkpointer, tools: [payTool()] })
  const run = first.executor.start({ ...agent, limits: { maxSteps: 2 } }, 'go', { runId: 'r' })
  await first.clock.advance(1)
  expect(run.extend({ steps: 1 })).toBe(true)
  expect(() => run.extend({ steps: Number.POSITIVE_INFINITY })).toThrow('Expected `extend.steps` to have an end')
  await first.executor.shutdown()
  await run.result

  const next = scriptedHost([{ calls: [{ id: 'q', name: 'pay', input: {} }] }, done], {
    checkpointer,
    tools: [payTool()],
  })
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok', steps: 3 })
})

test('an image that a tool shows in the step before a safe point is seen after the resume', async () => {
  const checkpointer = recorder()
  const image = { type: 'image', mediaType: 'image/png', source: { base64: 'AAAA' } } as const
  let show = () => {}
  const tools = [payTool(() => show())]
  const first = scriptedHost([payment], {
    checkpointer,
    tools,
    sessionTools: (session) => {
      show = () => {
        session.attachImages([image], 'the receipt')
        void first.executor.shutdown({ graceMs: 1_000 })
      }
      return { tools: [] }
    },
  })
  expect(await first.executor.run(agent, 'go', { runId: 'r' })).toMatchObject({ status: 'interrupted' })
  const next = scriptedHost([done], { checkpointer, tools })
  await next.executor.resume('r').result
  expect(next.model.requests[0]?.messages.at(-1)).toEqual({
    role: 'user',
    content: [{ type: 'text', text: 'the receipt' }, image],
  })
})

test('a run that is to stop at a safe point does not wait for people', async () => {
  const checkpointer = recorder()
  const tools = [payTool(() => 'paid', { approval: 'ask' })]
  const { executor } = scriptedHost([payment], { checkpointer, tools, approvals: approveLater })
  const run = executor.start(agent, 'go', { runId: 'r' })
  run.on('approval-request', () => run.abort('enough', { at: 'safe-point' }))
  expect(await run.result).toMatchObject({ status: 'cancelled' })
  expect(checkpointer.records.get('r')).toMatchObject({ status: 'failed' })
})

test('the time that people take in a delegated run is not that of the run above, also after a resume', async () => {
  const checkpointer = recordingCheckpointer({ now: () => first.clock.now() })
  const first = scriptedHost(
    [{ calls: [{ id: 'c', name: 'agent__child', input: { task: 'pay' } }] }, payment, done, { stalls: true }],
    {
      checkpointer,
      tools: [payTool(() => 'paid', { approval: 'ask' })],
      palette: staticPalette([{ name: 'child', description: 'Pays.', tools: ['pay'] }]),
      approvals: {
        ask: (requests) =>
          new Promise((resolve) =>
            first.clock.after(100_000, () => resolve(requests.map(({ id }) => ({ id, isApproved: true })))),
          ),
      },
    },
  )
  const run = first.executor.start({ name: 'boss', palette: ['child'], delegateTools: ['pay'] }, 'go', { runId: 'r' })
  await first.clock.advance(100_001)
  // Killed here: nothing but the journal tells.
  const after = checkpointer.afterCrash(checkpointer.length)
  const next = scriptedHost([done], { checkpointer: after, tools: [payTool()] })
  const result = await next.executor.resume('r').result
  expect(result.status).toBe('ok')
  expect(result.elapsedMs).toBeLessThan(1_000)
  await first.executor.shutdown()
  expect((await run.result).status).toBe('interrupted')
})

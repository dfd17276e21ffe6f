import { expect, test } from 'vitest'
import { z } from 'zod'

import type { ExecutorOptions } from '../config.ts'
import type { RunEvent } from '../event.ts'
import type { Audit } from '../ports/audit.ts'
import type { Critic, WatchedRun } from '../ports/critic.ts'
import type { RunResult } from '../result.ts'
import { recordingCheckpointer, scriptedHost, type ScriptTurn } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const tick = defineTool({ name: 'tick', description: 'x', effect: 'read', input: z.object({}), run: () => 'tock' })
const calls: ScriptTurn = { calls: [{ name: 'tick' }] }
const agent = { name: 'a', tools: ['tick'] }

/** An audit that keeps what it is told, in order. */
function recordingAudit() {
  const told: string[] = []
  const events: RunEvent[] = []
  const results: RunResult[] = []
  const audit: Audit = {
    open(info, { isResumed }) {
      told.push(`open ${info.runId}${isResumed ? ' again' : ''}`)
      return {
        event(event) {
          told.push(event.type)
          events.push(event)
        },
        close(result) {
          told.push(`close ${result.status}`)
          results.push(result)
        },
      }
    },
  }
  return { audit, told, events, results }
}

test('the audit hears of a run from its start to its end, and is closed last, with the result', async () => {
  const { audit, told, events, results } = recordingAudit()
  const { executor } = scriptedHost([calls, { text: 'Done.' }], { audit, tools: [tick] })
  const run = executor.start(agent, 'go')
  const all = await Array.fromAsync(run.events())
  const result = await run.result
  expect(told).toEqual([
    'open run-1',
    'run-start',
    'step-start',
    'tool-call-start',
    'tool-call-end',
    'step-end',
    'step-start',
    'text-delta',
    'step-end',
    'run-end',
    'close ok',
  ])
  expect(events.filter(({ type }) => type !== 'text-delta')).toEqual(all.filter(({ type }) => type !== 'text-delta'))
  expect(results).toEqual([result])
})

test.each<[string, readonly ScriptTurn[], ExecutorOptions, string]>([
  ['fails', [], {}, 'error'],
  ['times out', [{ stalls: true }], { limits: { timeoutMs: 5 } }, 'timeout'],
  ['breaks before its first step', [], { identity: { principalOf: () => expect.fail('x') } }, 'error'],
])('the audit is closed once when a run %s', async (_, turns, options, status) => {
  const { audit, told } = recordingAudit()
  const { executor, clock } = scriptedHost(turns, { audit, ...options })
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(5)
  expect(await run.result).toMatchObject({ status })
  expect(told.filter((what) => /open|close/.test(what))).toEqual(['open run-1', `close ${status}`])
  expect(told.at(-1)).toBe(`close ${status}`)
})

test('the audit hears of every segment of a run, and which one was not the first', async () => {
  const { audit, told } = recordingAudit()
  const checkpointer = recordingCheckpointer()
  const first = scriptedHost([{ stalls: true }], { audit, checkpointer })
  const run = first.executor.start({ name: 'a' }, 'go', { runId: 'r' })
  await first.clock.advance(1)
  await first.executor.shutdown()
  await run.result
  await scriptedHost([{ text: 'Hi.' }], { audit, checkpointer }).executor.resume('r').result
  expect(told.filter((what) => /open|close/.test(what))).toEqual([
    'open r',
    'close interrupted',
    'open r again',
    'close ok',
  ])
})

test.each<[string, Audit]>([
  ['opening', { open: () => expect.fail('broken') }],
  ['an event', { open: () => ({ event: () => expect.fail('broken'), close() {} }) }],
  ['closing', { open: () => ({ event() {}, close: () => Promise.reject(new Error('broken')) }) }],
])('an audit that fails at %s is logged and felt by nobody', async (_, audit) => {
  const { executor, logger } = scriptedHost([{ text: 'Hi.' }], { audit })
  expect(await executor.run({ name: 'a' }, 'go')).toMatchObject({ status: 'ok', output: 'Hi.' })
  expect(logger.lines.length).toBeGreaterThan(0)
  for (const line of logger.lines) expect(line).toMatchObject({ level: 'error', details: { message: 'broken' } })
})

test('an audit that never closes holds a run for ten seconds at most', async () => {
  const audit: Audit = { open: () => ({ event() {}, close: () => new Promise(() => {}) }) }
  const { executor, clock, logger } = scriptedHost([{ text: 'Hi.' }], { audit })
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(10_000)
  expect(await run.result).toMatchObject({ status: 'ok' })
  expect(logger.lines).toMatchObject([{ message: 'the audit of run run-1 failed' }])
})

/** A critic that does `act` at the first event of a type. */
function actingCritic(type: RunEvent['type'], act: (run: WatchedRun) => unknown) {
  const told: string[] = []
  const critic: Critic = {
    watch: (run) => ({
      event(event) {
        if (event.type === type && !told.includes('acted')) {
          told.push('acted')
          act(run)
        }
      },
      close: () => void told.push('closed'),
    }),
  }
  return { critic, told }
}

test('a critic’s nudge is read by the model before its next step', async () => {
  const receipts: unknown[] = []
  const { critic, told } = actingCritic('tool-call-start', (run) =>
    run.nudge('Hurry up.').then((receipt) => receipts.push(receipt)),
  )
  const { executor, model } = scriptedHost([calls, { text: 'Done.' }], { critic, tools: [tick] })
  expect(await executor.run(agent, 'go')).toMatchObject({ status: 'ok' })
  expect(model.requests[1]?.messages.at(-1)).toEqual({ role: 'user', content: [{ type: 'text', text: 'Hurry up.' }] })
  expect(receipts).toEqual([{ delivered: true, step: 2 }])
  expect(told).toEqual(['acted', 'closed'])
})

test('a critic may raise the limits of a run, and sees how far it has come', async () => {
  const seen: unknown[] = []
  const { critic } = actingCritic('tool-call-start', (run) => {
    seen.push(run.progress())
    run.extend({ steps: 1, timeMs: 500 })
  })
  const { executor } = scriptedHost([calls, { text: 'Done.' }], { critic, tools: [tick] })
  const run = executor.start({ ...agent, limits: { maxSteps: 1, timeoutMs: 1_000 } }, 'go')
  const raised: unknown[] = []
  run.on('limits-raised', ({ step, maxSteps, timeoutMs }) => raised.push({ step, maxSteps, timeoutMs }))
  expect(await run.result).toMatchObject({ status: 'ok', steps: 2 })
  expect(raised).toEqual([{ step: 1, maxSteps: 2, timeoutMs: 1_500 }])
  expect(seen).toEqual([
    {
      agent: 'a',
      steps: 1,
      maxSteps: 1,
      elapsedMs: 0,
      timeoutMs: 1_000,
      isWaiting: false,
      inputTokens: 0,
      outputTokens: 0,
    },
  ])
})

test('a critic’s kill ends the run, tools included', async () => {
  const { critic, told } = actingCritic('tool-call-start', (run) => run.kill('enough'))
  const { executor, model } = scriptedHost([calls], { critic, tools: [tick] })
  expect(await executor.run(agent, 'go')).toMatchObject({
    status: 'killed',
    error: { message: 'The run was killed: enough' },
  })
  expect(model.requests).toHaveLength(1)
  expect(told).toEqual(['acted', 'closed'])
})

test.each<[string, Critic]>([
  ['beginning', { watch: () => expect.fail('broken') }],
  ['an event', { watch: () => ({ event: () => expect.fail('broken'), close() {} }) }],
  ['closing', { watch: () => ({ event() {}, close: () => expect.fail('broken') }) }],
])('a critic that fails at %s is logged and hurts nobody', async (_, critic) => {
  const { executor, logger } = scriptedHost([{ text: 'Hi.' }], { critic })
  expect(await executor.run({ name: 'a' }, 'go')).toMatchObject({ status: 'ok' })
  for (const line of logger.lines) expect(line).toMatchObject({ level: 'error', details: { message: 'broken' } })
  expect(logger.lines.length).toBeGreaterThan(0)
})

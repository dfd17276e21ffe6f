import { ModelError } from '@executus/llm'
import { fakeClock, scriptedModel } from '@executus/llm/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { createExecutor } from '../executor.ts'
import { createLane } from '../lane/lane.ts'
import type { Critic, WatchedRun } from '../ports/critic.ts'
import type { RunInfo } from '../run-info.ts'
import { recordingCheckpointer, scriptedHost } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const wait = defineTool({ name: 'wait', description: 'x', input: z.object({ n: z.number() }), run: ({ n }) => n })
const call = (n: number) => ({ calls: [{ name: 'wait', input: { n } }] })

test('a run whose agent leaves everything open has the limits, the tier and the words of the defaults', async () => {
  let info: RunInfo | undefined
  const { executor, clock } = scriptedHost([{ text: 'Hi.' }], {
    audit: {
      open: (opened) => {
        info = opened
        return { event() {}, close() {} }
      },
    },
  })
  await executor.run({ name: 'a' }, 'go')
  expect(info).toEqual({
    runId: 'run-1',
    rootRunId: 'run-1',
    ancestors: [],
    agent: { name: 'a' },
    tier: 'fast',
    model: 'scripted/model',
    input: [{ role: 'user', content: [{ type: 'text', text: 'go' }] }],
    limits: {
      maxSteps: 12,
      timeoutMs: 60_000,
      maxToolErrors: 3,
      maxRepeatedCalls: 3,
      toolTimeoutMs: 30_000,
      maxParallelTools: 64,
      maxCallsPerStep: 128,
      maxToolOutputChars: 50_000,
      maxDepth: 3,
    },
    isFirstParty: true,
    rules: [],
    startedAtMs: clock.now(),
  })
})

test('a run takes 12 steps at most, where nobody says otherwise', async () => {
  const { executor, model } = scriptedHost(
    Array.from({ length: 20 }, (_, n) => call(n)),
    { tools: [wait] },
  )
  const result = await executor.run({ name: 'a', tools: ['wait'] }, 'go')
  expect(result).toMatchObject({ status: 'error', stopReason: 'step-limit', steps: 12 })
  expect(model.requests).toHaveLength(12)
})

test('a run takes 60 seconds at most, where nobody says otherwise', async () => {
  const { executor, clock } = scriptedHost([{ stalls: true }])
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(59_999)
  expect(clock.pending).toBeGreaterThan(0)
  await clock.advance(1)
  expect(await run.result).toMatchObject({ status: 'timeout', elapsedMs: 60_000 })
})

test('a run ends as an error when the models behind its tier fail, and counts what they used', async () => {
  const usage = { inputTokens: 7, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
  const { executor } = scriptedHost([new ModelError('no', { code: 'bad-request', usage })])
  expect(await executor.run({ name: 'a' }, 'go')).toMatchObject({
    status: 'error',
    stopReason: 'model-error',
    error: { code: 'bad-request' },
    usage: { inputTokens: 7, outputTokens: 2, unreportedCalls: 0 },
  })
})

test('a tier that resolves to nothing is a mistake that start() tells at once', () => {
  const { executor } = scriptedHost([])
  expect(() => executor.start({ name: 'a', tier: 'none' }, 'go')).toThrow(
    'Expected tier `none` to be a model spec or one of fast.',
  )
  expect(() => executor.start({ name: 'a', tier: 'nobody/model' }, 'go')).toThrow(RangeError)
})

test('a critic’s kill is sticky: nothing that comes after it changes the cause', async () => {
  let watched: WatchedRun | undefined
  const critic: Critic = {
    watch(run) {
      watched = run
      return { event() {}, close() {} }
    },
  }
  const { executor, clock } = scriptedHost([{ stalls: true }], { critic })
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(1)
  watched!.kill('it dreams')
  watched!.extend({ steps: 5, timeMs: 5_000 })
  run.abort('me too')
  expect(run.extend({ steps: 1 })).toBe(false)
  expect(await run.result).toMatchObject({
    status: 'killed',
    stopReason: 'killed',
    error: { code: 'killed', message: 'The run was killed: it dreams' },
  })
})

test('deadline, cancel, kill and shutdown are told apart, by the model’s signal as well', async () => {
  const reasons: unknown[] = []
  let watched: WatchedRun | undefined
  const clock = fakeClock()
  const listening = scriptedModel([{ stalls: true }, { stalls: true }, { stalls: true }, { stalls: true }], { clock })
  const executor = createExecutor({
    tiers: {
      fast: {
        spec: 'own/listening',
        stream: (request, options) => {
          options?.signal?.addEventListener('abort', () =>
            reasons.push((options.signal!.reason as { code?: string }).code),
          )
          return listening.stream(request, options)
        },
      },
    },
    clock,
    critic: {
      watch(run) {
        watched = run
        return { event() {}, close() {} }
      },
    },
  })
  const caller = new AbortController()
  const ends: (() => unknown)[] = [
    () => clock.advance(60_000),
    () => caller.abort(),
    () => watched!.kill('enough'),
    () => executor.shutdown(),
  ]
  const statuses: string[] = []
  for (const end of ends) {
    const run = executor.start({ name: 'a' }, 'go', caller.signal.aborted ? {} : { signal: caller.signal })
    await clock.advance(1)
    await end()
    statuses.push((await run.result).status)
  }
  expect(statuses).toEqual(['timeout', 'cancelled', 'killed', 'interrupted'])
  expect(reasons).toEqual(['deadline', 'cancelled', 'killed', 'shutdown'])
})

test('steps, time, usage and what was given beyond the limits count on when a run is resumed', async () => {
  const clock = fakeClock()
  const checkpointer = recordingCheckpointer({ now: () => clock.now() })
  const host = (turns: Parameters<typeof scriptedHost>[0]) => {
    const model = scriptedModel(turns, { clock })
    return scriptedHost([], { tiers: { fast: model }, tools: [wait], checkpointer, clock })
  }
  const agent = { name: 'a', tools: ['wait'], limits: { maxSteps: 2, timeoutMs: 10_000 } }
  const usage = { inputTokens: 10, outputTokens: 1 }

  const first = host([{ ...call(1), delayMs: 8_000, usage }, { stalls: true }])
  const before = first.executor.start(agent, 'go', { runId: 'r' })
  before.extend({ steps: 1, timeMs: 4_000 })
  await clock.advance(9_000)
  await first.executor.shutdown()
  expect(await before.result).toMatchObject({ status: 'interrupted', steps: 2, elapsedMs: 9_000 })
  await clock.advance(1_000_000)

  const second = host([
    { ...call(2), delayMs: 1_000, usage },
    { ...call(3), usage },
  ])
  const after = second.executor.resume('r')
  await clock.advance(1_000)
  expect(await after.result).toMatchObject({
    status: 'error',
    stopReason: 'step-limit',
    error: { message: 'The run took all of its 3 steps without an answer' },
    steps: 3,
    usage: { inputTokens: 30, outputTokens: 3 },
  })
})

test('a resumed run has only the time that was left', async () => {
  const clock = fakeClock()
  const checkpointer = recordingCheckpointer({ now: () => clock.now() })
  const turns = [{ ...call(1), delayMs: 8_000 }, { stalls: true as const }]
  const first = scriptedHost([], {
    tiers: { fast: scriptedModel(turns, { clock }) },
    tools: [wait],
    checkpointer,
    clock,
  })
  const agent = { name: 'a', tools: ['wait'], limits: { timeoutMs: 10_000 } }
  const before = first.executor.start(agent, 'go', { runId: 'r' })
  await clock.advance(8_500)
  await first.executor.shutdown()
  await before.result
  await clock.advance(50_000)

  const second = scriptedHost([], {
    tiers: { fast: scriptedModel([{ stalls: true }], { clock }) },
    tools: [wait],
    checkpointer,
    clock,
  })
  const after = second.executor.resume('r')
  await clock.advance(1_500)
  expect(await after.result).toMatchObject({ status: 'timeout', elapsedMs: 10_000 })
})

test('waiting in a lane is no part of a run’s time, also after a resume', async () => {
  const clock = fakeClock()
  const checkpointer = recordingCheckpointer({ now: () => clock.now() })
  const lane = createLane({ concurrency: 1, clock })
  const held = await lane.acquire('other')
  const { executor } = scriptedHost([], {
    tiers: { fast: scriptedModel([{ stalls: true }], { clock }) },
    lanes: { runs: lane },
    checkpointer,
    clock,
  })
  const run = executor.start({ name: 'a', limits: { timeoutMs: 1_000 } }, 'go', { runId: 'r' })
  await clock.advance(1_000_000)
  held.release()
  await clock.advance(400)
  await executor.shutdown()
  expect(await run.result).toMatchObject({ status: 'interrupted', elapsedMs: 400 })

  const next = scriptedHost([], { tiers: { fast: scriptedModel([{ text: 'Here.' }], { clock }) }, checkpointer, clock })
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok', output: 'Here.', elapsedMs: 400 })
})

test('the caller’s cancel reaches a run that waits in a lane, and the lane is free of it', async () => {
  const lane = createLane({ concurrency: 1 })
  const held = await lane.acquire('other')
  const { executor, model, clock } = scriptedHost([], { lanes: { runs: lane } })
  const caller = new AbortController()
  const run = executor.start({ name: 'a' }, 'go', { signal: caller.signal })
  await clock.advance(1)
  expect(lane.stats.queued).toBe(1)
  caller.abort(new Error('user left'))
  expect(await run.result).toMatchObject({
    status: 'cancelled',
    error: { message: 'The run was cancelled: user left' },
  })
  expect(lane.stats.queued).toBe(0)
  expect(model.requests).toEqual([])
  held.release()
})

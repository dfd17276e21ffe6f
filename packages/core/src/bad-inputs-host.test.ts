// What a host may ask for, and what may happen to it.
import type { Clock } from '@executus/llm'
import { type FakeClock, fakeClock } from '@executus/llm/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import type { ExecutorOptions } from './config.ts'
import { createExecutor } from './executor.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { type ScriptedHost, scriptedHost } from './testing/index.ts'
import { defineTool } from './tool/define-tool.ts'

const anything = z.object({ n: z.number().optional() })
const definition = {
  name: 'probe',
  description: 'x',
  input: anything,
  run: ({ n }: { n?: number | undefined }) => `seen ${n}`,
}
const probe = defineTool(definition)
const agent = { name: 'helper', tools: ['probe'] }
const limitNames = Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]

const NUMBERS: readonly (readonly [string, (value: number) => ExecutorOptions])[] = [
  ...limitNames.map((name) => [`limits.${name}`, (value: number) => ({ limits: { [name]: value } })] as const),
  ['approvalTtlMs', (approvalTtlMs) => ({ approvalTtlMs })],
  ['failover.maxAttempts', (maxAttempts) => ({ failover: { maxAttempts } })],
  ['compaction.maxToolResultChars', (maxToolResultChars) => ({ compaction: { maxToolResultChars } })],
]

test.each(NUMBERS)('%s refuses what is no count, by its name', (name, options) => {
  for (const value of [0, -1, 1.5, Number.NaN, -Infinity, '5' as never, null as never])
    expect(() => createExecutor(options(value))).toThrow(`Expected \`${name}\` to be`)
})

test.each(NUMBERS)('%s takes numbers that no timer takes', async (_, options) => {
  for (const value of [2 ** 31, 1e12, Number.POSITIVE_INFINITY]) {
    const { executor, clock } = scriptedHost([{ calls: [{ name: 'probe' }] }, { text: 'done' }], {
      tools: [probe],
      ...options(value),
    })
    expect(await executor.run(agent, 'go')).toMatchObject({ status: 'ok', output: 'done' })
    expect(clock.pending).toBe(0)
  }
})

test('a delivery refuses a replay that none of the loop is', () => {
  const delivery = { deliver: () => Promise.resolve(), deliverError: () => Promise.resolve() }
  for (const replay of ['safe', 'Once', '', 1, null] as never[])
    expect(() => createExecutor({ delivery: { ...delivery, replay } })).toThrow('Expected `delivery.replay` to be')
  expect(() => createExecutor({ delivery: { ...delivery, replay: 'idempotent' } })).not.toThrow()
})

test('an agent, a tool, an extension and a shutdown refuse times that are none', async () => {
  const { executor } = scriptedHost([{ text: 'done' }])
  const run = executor.start({ name: 'a' }, 'go')
  for (const value of [-1, 1.5, Number.NaN]) {
    expect(() => executor.start({ name: 'a', limits: { timeoutMs: value } }, 'go')).toThrow('agent.limits.timeoutMs')
    expect(() =>
      executor.start({ name: 'a', phases: [{ name: 'p', instructions: 'x', maxSteps: value }] }, 'go'),
    ).toThrow('maxSteps')
    expect(() => defineTool({ ...definition, timeoutMs: value })).toThrow('timeoutMs')
    expect(() => run.extend({ timeMs: value })).toThrow('extend.timeMs')
    await expect(executor.shutdown({ graceMs: value })).rejects.toThrow('graceMs')
  }
  expect(await run.result).toMatchObject({ status: 'ok' })
})

/** A clock whose hands somebody moves while its timers go on. */
function movedClock(): {
  readonly clock: Clock
  readonly timers: FakeClock
  readonly move: (ms: number) => void
} {
  const timers = fakeClock()
  let movedMs = 0
  return {
    timers,
    clock: { now: () => timers.now() + movedMs, after: (ms, callback) => timers.after(ms, callback) },
    move: (ms) => (movedMs += ms),
  }
}

test.each([
  ['back by an hour', -3_600_000],
  ['on by a day', 86_400_000],
])('a clock that is set %s gives no negative duration, and no run its end', async (_, ms) => {
  const { clock, timers, move } = movedClock()
  const moving = defineTool({ ...definition, run: () => move(ms) })
  const { executor } = scriptedHost([{ calls: [{ name: 'probe' }] }, { text: 'done' }], { tools: [moving], clock })
  const run = executor.start(agent, 'go')
  const result = await run.result
  expect(result.status).toBe('ok')
  expect(result.elapsedMs).toBeGreaterThanOrEqual(0)
  const events = await Array.fromAsync(run.events())
  const negative = events.filter((event) => 'elapsedMs' in event && event.elapsedMs < 0)
  expect(negative).toEqual([])
  expect(timers.pending).toBe(0)
})

test('a clock that is set back does not put a deadline off', async () => {
  const { clock, timers, move } = movedClock()
  const { executor } = scriptedHost([{ stalls: true }], { clock })
  const run = executor.start({ name: 'a' }, 'go')
  await timers.advance(30_000)
  move(-3_600_000)
  await timers.advance(30_000)
  expect(await run.result).toMatchObject({ status: 'timeout', stopReason: 'deadline' })
})

const stalling = defineTool({ ...definition, run: () => new Promise(() => {}) })

test.each<[string, () => ScriptedHost, number]>([
  ['before it begins', () => scriptedHost([{ text: 'never' }]), 0],
  ['while a model answers', () => scriptedHost([{ stalls: true }]), 1],
  ['while a tool is at work', () => scriptedHost([{ calls: [{ name: 'probe' }] }], { tools: [stalling] }), 1],
])(
  'a run that is aborted twice, %s, is cancelled once, and its conversation can be gone on with',
  async (when, open, steps) => {
    const { executor, clock } = open()
    const controller = new AbortController()
    if (when === 'before it begins') controller.abort(new Error('changed my mind'))
    const run = executor.start({ name: 'a', tools: when === 'while a tool is at work' ? ['probe'] : [] }, 'go', {
      signal: controller.signal,
    })
    await clock.advance(0)
    controller.abort(new Error('changed my mind'))
    run.abort('again')
    run.abort()
    const result = await run.result
    run.abort()
    expect(result).toMatchObject({
      status: 'cancelled',
      error: { message: 'The run was cancelled: changed my mind' },
      steps,
    })
    const asked = result.messages.flatMap(({ content }) => content.filter((part) => part.type === 'tool-call'))
    const answered = result.messages.flatMap(({ content }) => content.filter((part) => part.type === 'tool-result'))
    expect(answered).toHaveLength(asked.length)
    expect((await Array.fromAsync(run.events())).filter(({ type }) => type === 'run-end')).toHaveLength(1)
    expect(clock.pending).toBe(0)
  },
)

test('an abort for a reason that cannot be looked at is an abort', async () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const { executor, clock } = scriptedHost([{ stalls: true }])
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(0)
  run.abort(proxy)
  expect(await run.result).toMatchObject({
    status: 'cancelled',
    error: { message: 'The run was cancelled: by the caller' },
  })
})

test('events that nobody reads, that many read or that one stops reading make no difference to a run', async () => {
  const turn = { text: 'one two three' }
  const { executor } = scriptedHost([turn, turn, turn])
  expect((await executor.start({ name: 'a' }, 'go').result).status).toBe('ok')

  const twice = executor.start({ name: 'a' }, 'go')
  const [first, second] = await Promise.all([Array.fromAsync(twice.events()), Array.fromAsync(twice.events())])
  expect(first).toEqual(second)

  const left = executor.start({ name: 'a' }, 'go')
  for await (const { type } of left.events()) if (type === 'step-start') break
  expect(await left.result).toMatchObject({ status: 'ok', output: 'one two three' })
})

test('a thousand runs at once do not mix', async () => {
  const names = Array.from({ length: 1_000 }, (_, n) => n)
  const stream = (request: {
    readonly messages: readonly { readonly role: string; readonly content: readonly object[] }[]
  }) => ({
    result: async (emit: (event: object) => void) => {
      const [{ text: n }] = request.messages[0]!.content as [{ text: string }]
      const last = request.messages.at(-1)!
      await new Promise(setImmediate)
      const content =
        last.role === 'user'
          ? [{ type: 'tool-call', id: 'call_0', name: 'probe', argumentsText: `{"n":${n}}` }]
          : [{ type: 'text', text: (last.content as [{ content: [{ text: string }] }])[0].content[0].text }]
      emit({ type: 'text-delta', text: n })
      return { message: { role: 'assistant', content }, stopReason: last.role === 'user' ? 'tool-calls' : 'stop' }
    },
  })
  const slow = defineTool({
    ...definition,
    run: async ({ n }, { runId }) => {
      await new Promise(setImmediate)
      return `seen ${n} in ${runId}`
    },
  })
  const { executor, clock, logger } = scriptedHost([], {
    tiers: { fast: { spec: 'own/model', stream: stream as never } },
    tools: [slow],
  })
  const runs = names.map((n) => executor.start(agent, String(n)))
  const results = await Promise.all(runs.map(({ result }) => result))
  expect(results.map(({ output }) => output)).toEqual(names.map((n) => `seen ${n} in run-${n + 1}`))
  for (const [n, run] of runs.entries())
    for await (const event of run.events()) expect(event).toMatchObject({ runId: `run-${n + 1}` })
  expect(logger.lines).toEqual([])
  expect(clock.pending).toBe(0)
})

test('instructions may be empty, or very long', async () => {
  const { executor, model } = scriptedHost([{ text: 'a' }, { text: 'b' }])
  const long = 'ı İ\u202e'.repeat(16_384)
  await executor.run({ name: 'a', instructions: '' }, 'go')
  await executor.run({ name: 'a', instructions: long }, 'go')
  expect(model.requests.map(({ system }) => system)).toEqual(['', long])
})

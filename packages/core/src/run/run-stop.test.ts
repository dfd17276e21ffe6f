import { type Model, modelStream } from '@executus/llm'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { scriptedHost } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const hanging = defineTool({
  name: 'hang',
  description: 'Never returns.',
  input: z.object({}),
  timeoutMs: 1_000_000,
  run: () => new Promise(() => {}),
})

/** Writes a word and then nothing, whatever its signal says. */
const deaf: Model = {
  spec: 'own/deaf',
  stream: (_, options) =>
    modelStream(({ emit }) => {
      emit({ type: 'text-delta', text: 'Once upon' })
      return new Promise(() => {})
    }, options),
}

test('a run ends at its deadline even if its model ignores the signal, and keeps what was written', async () => {
  const { executor, clock } = scriptedHost([], { tiers: { fast: deaf } })
  const run = executor.start({ name: 'a', limits: { timeoutMs: 5_000 } }, 'A tale, please')
  await clock.advance(5_000)
  expect(await run.result).toMatchObject({
    status: 'timeout',
    stopReason: 'deadline',
    error: { code: 'deadline', message: 'The run took longer than its 5000 ms' },
    output: 'Once upon',
    steps: 1,
  })
  expect(clock.pending).toBe(0)
})

test('a run ends at its deadline while a tool hangs, and the call has its result', async () => {
  const { executor, clock } = scriptedHost([{ calls: [{ name: 'hang' }] }], { tools: [hanging] })
  const run = executor.start({ name: 'a', tools: ['hang'] }, 'go')
  await clock.advance(60_000)
  expect(await run.result).toMatchObject({
    status: 'timeout',
    messages: { 2: { role: 'tool', content: [{ isError: true, callId: 'call_1_0' }] } },
  })
  expect(clock.pending).toBe(0)
})

test('abort() ends the run as cancelled, with its reason', async () => {
  const { executor, clock } = scriptedHost([{ stalls: true }])
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(1)
  run.abort('enough')
  run.abort('again')
  expect(await run.result).toMatchObject({
    status: 'cancelled',
    stopReason: 'cancelled',
    error: { code: 'cancelled', message: 'The run was cancelled: enough', cause: 'enough' },
  })
  expect(clock.pending).toBe(0)
})

test('the caller’s signal ends the run; one that has aborted before keeps the model from being asked', async () => {
  const { executor, model } = scriptedHost([{ stalls: true }])
  const caller = new AbortController()
  const late = executor.start({ name: 'a' }, 'go', { signal: caller.signal })
  caller.abort(new Error('user left'))
  const early = executor.start({ name: 'a' }, 'go', { signal: AbortSignal.abort() })

  expect(await late.result).toMatchObject({
    status: 'cancelled',
    error: { message: 'The run was cancelled: user left' },
  })
  expect(await early.result).toMatchObject({ status: 'cancelled', steps: 0, output: '' })
  expect(model.requests).toEqual([])
})

test('a tool can tell from its signal that the run has stopped', async () => {
  let reason: unknown
  const listening = defineTool({
    name: 'listen',
    description: 'Waits for the end.',
    input: z.object({}),
    run: (_, { signal }) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          reason = signal.reason
          resolve('stopped')
        }),
      ),
  })
  const { executor, clock } = scriptedHost([{ calls: [{ name: 'listen' }] }], { tools: [listening] })
  const run = executor.start({ name: 'a', tools: ['listen'] }, 'go')
  await clock.advance(1)
  run.abort()
  await run.result
  expect(reason).toMatchObject({ message: 'The run was cancelled: by the caller' })
})

test('shutdown() admits nothing more and ends what runs as interrupted once its grace is over', async () => {
  const { executor, clock } = scriptedHost([{ stalls: true }])
  const run = executor.start({ name: 'a' }, 'go')
  const down = executor.shutdown({ graceMs: 1_000 })
  expect(() => executor.start({ name: 'a' }, 'go')).toThrow('this one was shut down')
  await clock.advance(1_000)
  await down
  expect(await run.result).toMatchObject({ status: 'interrupted', stopReason: 'shutdown' })
  expect(clock.pending).toBe(0)
})

test('shutdown() waits for a run that ends within its grace', async () => {
  const { executor, clock } = scriptedHost([{ text: 'Made it.', delayMs: 500 }])
  const run = executor.start({ name: 'a' }, 'go')
  const down = executor.shutdown({ graceMs: 1_000 })
  await clock.advance(500)
  await down
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Made it.' })
  expect(clock.pending).toBe(0)
})

test('disposing of a handle or an executor ends what still runs', async () => {
  const { executor } = scriptedHost([{ stalls: true }, { stalls: true }])
  const first = executor.start({ name: 'a' }, 'go')
  await first[Symbol.asyncDispose]()
  expect(await first.result).toMatchObject({ status: 'cancelled' })
  const second = executor.start({ name: 'a' }, 'go')
  await executor[Symbol.asyncDispose]()
  expect(await second.result).toMatchObject({ status: 'interrupted' })
})

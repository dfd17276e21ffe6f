import { toolCallsOf, userMessage } from '@executus/llm'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { scriptedHost } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const agent = { name: 'helper', tools: ['echo'] }
const echo = defineTool({
  name: 'echo',
  description: 'Says it again.',
  effect: 'read',
  input: z.object({ text: z.string() }),
  run: ({ text }) => text,
})
const call = (text: string) => ({ name: 'echo', input: { text } })

test('runLoop() runs the calls of a step side by side and gives their results in call order', async () => {
  const begun: string[] = []
  const waiting: (() => void)[] = []
  const slow = defineTool({
    name: 'echo',
    description: 'Waits for the other one.',
    input: z.object({ text: z.string() }),
    run: async ({ text }) => {
      begun.push(text)
      if (begun.length < 3) await new Promise<void>((resolve) => waiting.push(resolve))
      else for (const go of waiting.toReversed()) go()
      return text
    },
  })
  const { executor, model } = scriptedHost([{ calls: [call('a'), call('b'), call('c')] }, { text: 'done' }], {
    tools: [slow],
  })

  const result = await executor.run(agent, 'go')

  expect(begun).toEqual(['a', 'b', 'c'])
  expect(result.status).toBe('ok')
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    role: 'tool',
    content: ['a', 'b', 'c'].map((text, index) => ({ callId: `call_1_${index}`, content: [{ text }] })),
  })
})

test('runLoop() runs no more calls at a time than the limit allows', async () => {
  let atWork = 0
  let most = 0
  const counting = defineTool({
    name: 'echo',
    description: 'Counts.',
    input: z.object({ text: z.string() }),
    run: async ({ text }) => {
      most = Math.max(most, ++atWork)
      await new Promise(setImmediate)
      atWork -= 1
      return text
    },
  })
  const calls = Array.from({ length: 9 }, (_, index) => call(String(index)))
  const { executor } = scriptedHost([{ calls }, { text: 'done' }], {
    tools: [counting],
    limits: { maxParallelTools: 2 },
  })

  const result = await executor.run(agent, 'go')

  expect(most).toBe(2)
  expect(result.messages[2]?.content).toHaveLength(9)
})

test('runLoop() never makes the calls of a reply that was cut off', async () => {
  const { executor, model } = scriptedHost(
    [{ calls: [{ name: 'echo', argumentsText: '{"text":"half"}' }], stopReason: 'length' }, { text: 'done' }],
    { tools: [defineTool({ ...definition, run: () => expect.fail('was called') })] },
  )
  const result = await executor.run(agent, 'go')
  expect(result.status).toBe('ok')
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    content: [{ isError: true, content: [{ text: expect.stringContaining('cut off') }] }],
  })
})

const definition = { name: 'echo', description: 'x', input: z.object({ text: z.string() }) }

test('runLoop() stops after its steps, with the last text as output', async () => {
  const { executor } = scriptedHost(
    [
      { text: 'first', calls: [call('a')] },
      { text: 'second', calls: [call('b')] },
    ],
    {
      tools: [echo],
    },
  )
  const result = await executor.run({ ...agent, limits: { maxSteps: 2 } }, 'go')
  expect(result).toMatchObject({
    status: 'error',
    stopReason: 'step-limit',
    error: { code: 'step-limit', message: 'The run took all of its 2 steps without an answer' },
    output: 'second',
    steps: 2,
  })
  expect(result.messages.at(-1)?.role).toBe('tool')
})

test('runLoop() lets a paused model go on', async () => {
  const { executor, model } = scriptedHost([{ text: 'Searching', stopReason: 'paused' }, { text: 'Found.' }])
  const result = await executor.run({ name: 'a' }, 'go')
  expect(result).toMatchObject({ status: 'ok', output: 'Found.', steps: 2 })
  expect(model.requests[1]?.messages.at(-1)?.role).toBe('assistant')
})

test.each([
  ['length', 'length'],
  ['refused', 'refused'],
  ['window-exceeded', 'window-exceeded'],
] as const)('runLoop() reports a reply that ended as %s as no answer, and keeps its text', async (stopReason, code) => {
  const { executor } = scriptedHost([{ text: 'Well', stopReason }])
  const result = await executor.run({ name: 'a' }, 'go')
  expect(result).toMatchObject({ status: 'error', stopReason: code, error: { code }, output: 'Well' })
})

test('runLoop() never makes the calls of a reply that was refused half-way, and ends', async () => {
  const { executor } = scriptedHost([{ calls: [call('a')], stopReason: 'refused' }], {
    tools: [defineTool({ ...definition, run: () => expect.fail('was called') })],
  })
  expect(await executor.run(agent, 'go')).toMatchObject({
    status: 'error',
    stopReason: 'refused',
    steps: 1,
    messages: { 2: { role: 'tool', content: [{ isError: true }] } },
  })
})

test('runLoop() asks once for an answer when a reply is empty', async () => {
  const { executor } = scriptedHost([{}, { text: 'here' }])
  expect(await executor.run({ name: 'a' }, 'go')).toMatchObject({ status: 'ok', output: 'here', steps: 2 })

  const silent = scriptedHost([{}, {}])
  expect(await silent.executor.run({ name: 'a' }, 'go')).toMatchObject({ stopReason: 'empty-response', steps: 2 })
})

test('runLoop() gives calls that share an id with an earlier one an id of their own', async () => {
  const repeated = { ...call('a'), id: 'call_0' }
  const { executor } = scriptedHost(
    [{ calls: [repeated] }, { calls: [{ ...call('b'), id: 'call_0' }] }, { text: 'done' }],
    {
      tools: [echo],
    },
  )
  const { messages } = await executor.run(agent, 'go')
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? toolCallsOf(message) : []))
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.content : []))
  expect(new Set(calls.map(({ id }) => id)).size).toBe(2)
  expect(results.map(({ callId }) => callId)).toEqual(calls.map(({ id }) => id))
})

test('runLoop() keeps call ids apart from those of the conversation that it goes on with', async () => {
  const { executor } = scriptedHost(
    [{ calls: [{ ...call('a'), id: 'x' }] }, { text: 'one' }, { calls: [{ ...call('b'), id: 'x' }] }, { text: 'two' }],
    { tools: [echo] },
  )
  const first = await executor.run(agent, 'go')
  const { messages } = await executor.run(agent, [...first.messages, userMessage('again')])
  const ids = messages
    .flatMap((message) => (message.role === 'assistant' ? toolCallsOf(message) : []))
    .map(({ id }) => id)
  expect(new Set(ids).size).toBe(2)
})

test('runLoop() ends a run whose model breaks its contract as an error', async () => {
  const broken = { spec: 'own/broken', stream: () => null as never }
  const { executor, clock } = scriptedHost([], { tiers: { fast: broken } })
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(20_000)
  expect(await run.result).toMatchObject({ status: 'error', stopReason: 'model-error', steps: 1 })
})

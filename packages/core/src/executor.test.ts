import { expect, test } from 'vitest'
import { z } from 'zod'

import type { Agent } from './agent.ts'
import { createExecutor } from './executor.ts'
import type { RunInput } from './input.ts'
import type { Invocation } from './invocation.ts'
import { scriptedHost } from './testing/index.ts'
import { defineTool } from './tool/define-tool.ts'

const agent: Agent = { name: 'helper', instructions: 'Be brief.', tools: ['add'] }
const add = defineTool({
  name: 'add',
  description: 'Adds.',
  effect: 'read',
  input: z.object({ a: z.number(), b: z.number() }),
  run: ({ a, b }) => a + b,
})

test('run() resolves to the answer, the conversation and the usage of all steps', async () => {
  const { executor, model } = scriptedHost(
    [
      { text: 'I add.', calls: [{ name: 'add', input: { a: 2, b: 3 } }], usage: { inputTokens: 10, outputTokens: 4 } },
      { text: 'It is 5.', usage: { inputTokens: 20, outputTokens: 6, cacheReadTokens: 8 } },
    ],
    { tools: [add] },
  )

  const result = await executor.run(agent, 'What is 2 + 3?')

  const origin = { provider: 'scripted', api: 'scripted', model: 'model' }
  expect(result).toEqual({
    durable: false,
    elapsedMs: 0,
    status: 'ok',
    stopReason: 'answered',
    runId: 'run-1',
    output: 'It is 5.',
    steps: 2,
    usage: {
      inputTokens: 30,
      outputTokens: 10,
      cacheReadTokens: 8,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
      unreportedCalls: 0,
    },
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'What is 2 + 3?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I add.' },
          { type: 'tool-call', id: 'call_1_0', name: 'add', argumentsText: '{"a":2,"b":3}' },
        ],
        origin,
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            callId: 'call_1_0',
            name: 'add',
            content: [{ type: 'text', text: '5' }],
            isError: false,
          },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'It is 5.' }], origin },
    ],
  })
  expect(model.requests[0]).toEqual({
    system: 'Be brief.',
    messages: result.messages.slice(0, 1),
    tools: [
      {
        name: 'add',
        description: 'Adds.',
        inputSchema: {
          type: 'object',
          properties: { a: { type: 'number' }, b: { type: 'number' } },
          required: ['a', 'b'],
        },
      },
    ],
  })
})

test('start() gives a handle whose events tell the run from its start to its end', async () => {
  const { executor, clock } = scriptedHost(
    [{ reasoning: 'Hm.', text: 'I add.', calls: [{ name: 'add', input: { a: 2, b: 3 } }] }, { text: 'It is 5.' }],
    { tools: [add] },
  )

  const run = executor.start(agent, 'What is 2 + 3?')
  const events = await Array.fromAsync(run.events())
  const result = await run.result

  const message = (index: number) => result.messages[index]
  const told = [
    { type: 'run-start', agent: 'helper', model: 'scripted/model', isResumed: false },
    { type: 'step-start', step: 1 },
    { type: 'reasoning-delta', step: 1, text: 'Hm.' },
    { type: 'text-delta', step: 1, text: 'I ' },
    { type: 'text-delta', step: 1, text: 'add.' },
    { type: 'tool-call-start', step: 1, callId: 'call_1_0', tool: 'add', argumentsText: '{"a":2,"b":3}' },
    {
      type: 'tool-call-end',
      step: 1,
      callId: 'call_1_0',
      tool: 'add',
      result: message(2)?.content[0],
      elapsedMs: 0,
    },
    { type: 'step-end', step: 1, message: message(1), stopReason: 'tool-calls' },
    { type: 'step-start', step: 2 },
    { type: 'text-delta', step: 2, text: 'It ' },
    { type: 'text-delta', step: 2, text: 'is ' },
    { type: 'text-delta', step: 2, text: '5.' },
    { type: 'step-end', step: 2, message: message(3), stopReason: 'stop' },
    { type: 'run-end', result },
  ]
  expect(events).toEqual(told.map((event, index) => ({ ...event, seq: index + 1, runId: 'run-1', atMs: clock.now() })))
})

test('run() counts model calls that report no usage instead of making tokens up', async () => {
  const { executor } = scriptedHost([{ text: 'Hi.' }])
  const { usage } = await executor.run({ name: 'helper' }, 'Hello')
  expect(usage).toMatchObject({ inputTokens: 0, outputTokens: 0, unreportedCalls: 1 })
})

test('run() goes on from the messages of an earlier result', async () => {
  const { executor, model } = scriptedHost([{ text: 'Oslo.' }, { text: 'About 700,000.' }])
  const first = await executor.run({ name: 'helper' }, 'Capital of Norway?')
  const question = { role: 'user', content: [{ type: 'text', text: 'How many live there?' }] } as const

  const second = await executor.run({ name: 'helper' }, [...first.messages, question])

  expect(second.output).toBe('About 700,000.')
  expect(model.requests[1]?.messages).toEqual([...first.messages, question])
})

test.each<[string, Agent, RunInput, Invocation | undefined, string]>([
  ['no name', { name: ' ' }, 'x', undefined, 'Expected `agent.name` to be a string that is not blank'],
  ['a typo', { name: 'a', tolls: [] } as Agent, 'x', undefined, 'no option `tolls`. Did you mean `tools`?'],
  ['an unknown tool', { name: 'a', tools: ['ad'] }, 'x', undefined, 'got `ad`. Did you mean `add`?'],
  [
    'an unknown tier',
    { name: 'a', tier: 'fsat' },
    'x',
    undefined,
    'Expected tier `fsat` to be a model spec or one of fast',
  ],
  ['a bad spec', { name: 'a', tier: '/x' }, 'x', undefined, 'Expected a model spec like'],
  ['no steps', { name: 'a', limits: { maxSteps: 0 } }, 'x', undefined, 'Expected `agent.limits.maxSteps` to be'],
  ['half a step', { name: 'a', limits: { maxSteps: 1.5 } }, 'x', undefined, 'an integer of 1 or more, got `1.5`'],
  ['NaN', { name: 'a', limits: { timeoutMs: Number.NaN } }, 'x', undefined, '`agent.limits.timeoutMs`'],
  ['a blank input', { name: 'a' }, ' ', undefined, 'Expected `input` to be a text that is not blank'],
  ['an empty input', { name: 'a' }, [], undefined, 'Expected `input` to hold at least one part'],
  ['a number as input', { name: 'a' }, 3 as unknown as string, undefined, 'Expected `input` to be a string'],
  [
    'a conversation that ends with the model',
    { name: 'a' },
    [{ role: 'assistant', content: [] }],
    undefined,
    'to end with a user message, got one of role `assistant`',
  ],
  ['a foreign signal', { name: 'a' }, 'x', { signal: {} as AbortSignal }, 'Expected `invocation.signal` to be'],
  ['a tool twice', { name: 'a', tools: ['add'] }, 'x', { extraTools: [add, add] }, 'unique names, got `add` twice'],
])('start() throws at once, naming the culprit, for %s', (_, wrongAgent, input, invocation, message) => {
  const { executor, model } = scriptedHost([{ text: 'never' }], { tools: [add] })
  expect(() => executor.start(wrongAgent, input, invocation)).toThrow(message)
  expect(() => executor.run(wrongAgent, input, invocation)).toThrow(/^/)
  expect(model.requests).toEqual([])
})

test.each<[string, unknown, string]>([
  ['an unknown option', { tier: {} }, 'Expected `options` to have no option `tier`. Did you mean `tiers`?'],
  ['tools that are no list', { tools: add }, 'Expected `tools` to be a list of tools, got an object'],
  ['a tool of one’s own make', { tools: [{ name: 'x' }] }, 'Expected `tools[0]` to be an object with a method `parse`'],
  ['names that differ in case only', { tools: [add, { ...add, name: 'ADD' }] }, 'unique names, got `ADD` twice'],
  [
    'a limit that is no number',
    { limits: { maxSteps: '5' } },
    "Expected `limits.maxSteps` to be an integer of 1 or more, got `'5'`",
  ],
  ['tiers that are null', { tiers: null }, 'Expected `tiers` to be an object, got `null`'],
  ['providers that are null', { providers: null }, 'Expected `providers` to be an object, got `null`'],
  ['facts that are none', { models: { 'a/b': 5 } }, 'Expected `models.a/b` to be an object, got `5`'],
  ['a tool without a name', { tools: [{ parse() {}, run() {} }] }, 'Expected `tools[0].name` to be a string'],
  ['a backoff that is none', { failover: { backoff: 5 } }, 'Expected `failover.backoff` to be an object, got `5`'],
  ['a wait that is negative', { failover: { backoff: { firstMs: -1 } } }, 'Expected `failover.backoff.firstMs` to be'],
  [
    'a timer that never fires right',
    { providers: { anthropic: { idleTimeoutMs: Number.NaN } } },
    '`providers.anthropic.idleTimeoutMs` to be',
  ],
  ['a clock without after', { clock: { now: () => 0 } }, 'Expected `clock` to be an object with a method `after`'],
  ['a tier without models', { tiers: { fast: ' , ' } }, 'Expected tier `fast` to name at least one model'],
  ['tiers in a circle', { tiers: { a: 'b', b: 'a' } }, 'circle: a -> b -> a'],
  ['an unknown provider', { tiers: { fast: 'opnai-chat/x' } }, 'Did you mean `openai-chat`?'],
  ['a base URL that is none', { providers: { anthropic: { baseUrl: 'nowhere' } } }, '`providers.anthropic.baseUrl`'],
  ['no attempts', { failover: { maxAttempts: 0 } }, 'Expected `failover.maxAttempts` to be an integer of 1 or more'],
])('createExecutor() throws for %s', (_, options, message) => {
  expect(() => createExecutor(options as object)).toThrow(message)
})

test('an executor without models says so when a run needs one', () => {
  expect(() => createExecutor().start({ name: 'a' }, 'x')).toThrow(
    'Expected tier `fast` to be configured, but none is.',
  )
})

test('run() tells which variable to set when the key of a provider is missing', async () => {
  const { executor } = scriptedHost([], { tiers: { fast: 'anthropic/claude-haiku-4-5' } })
  const result = await executor.run({ name: 'a' }, 'x')
  expect(result).toMatchObject({
    status: 'error',
    stopReason: 'model-error',
    error: { code: 'auth', message: expect.stringContaining('Set ANTHROPIC_API_KEY') },
    output: '',
    steps: 1,
  })
})

test('run() ends with the error of a model that fails for good', async () => {
  const { executor } = scriptedHost([])
  const result = await executor.run({ name: 'a' }, 'x')
  expect(result).toMatchObject({
    status: 'error',
    stopReason: 'model-error',
    error: { code: 'bad-request', message: 'The script has 0 turns and was asked for one more (turn 1)' },
  })
})

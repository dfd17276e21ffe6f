// What a tool may do, and what becomes of it.
import type { JsonObject, Schema } from '@executus/llm'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { createExecutor } from './executor.ts'
import { scriptedHost } from './testing/index.ts'
import { defineTool, type ToolDefinition } from './tool/define-tool.ts'

const agent = { name: 'helper', tools: ['probe'] }
const anything = z.looseObject({})
const calls = [{ name: 'probe', input: { list: [1] } }]

/** What the model reads of a tool that does `run`. */
async function answerOf(run: ToolDefinition<typeof anything>['run']) {
  const probe = defineTool({
    name: 'probe',
    description: 'x',
    input: anything,
    run: run,
  })
  const host = scriptedHost([{ calls }, { text: 'done' }], { tools: [probe] })
  const result = await host.executor.run(agent, 'go')
  expect(result).toMatchObject({ status: 'ok', output: 'done' })
  const part = result.messages[2]?.content[0]
  const [content] = part?.type === 'tool-result' ? part.content : []
  return {
    text: content?.type === 'text' ? content.text : '',
    isError: part?.type === 'tool-result' && part.isError,
    host,
  }
}

const revoked = Proxy.revocable({}, {})
revoked.revoke()
const cyclic = new Error('round')
cyclic.cause = cyclic

test.each<[string, unknown, string]>([
  ['undefined', undefined, 'probe failed: it threw undefined'],
  ['null', null, 'probe failed: it threw null'],
  ['a text', 'no', 'probe failed: no'],
  ['a symbol', Symbol('s'), 'probe failed: it threw Symbol(s)'],
  ['an object', {}, 'probe failed: it threw {}'],
  ['an object without prototype', Object.create(null), 'probe failed: it threw {}'],
  ['a revoked proxy', revoked.proxy, 'probe failed: a value that cannot be described'],
  ['an error in a circle', cyclic, 'probe failed: round'],
  ['an aggregate', new AggregateError([new Error('a'), new Error('b')], 'all'), 'probe failed: all (a) (b)'],
])('a tool that throws %s gives an error result, and the run goes on', async (_, thrown, text) => {
  const failures = [
    () => {
      throw thrown
    },
    () => Promise.reject(thrown),
  ]
  for (const run of failures) expect(await answerOf(run)).toMatchObject({ text, isError: true })
})

test('what becomes of a call after it was given up is logged, and changes nothing', async () => {
  const late = Promise.withResolvers<string>()
  const probe = defineTool({ name: 'probe', description: 'x', input: anything, run: () => late.promise })
  const { executor, clock, logger } = scriptedHost([{ calls }, { text: 'done' }], { tools: [probe] })
  const run = executor.start(agent, 'go')
  await clock.advance(30_000)
  const result = await run.result
  late.reject(new Error('late'))
  await new Promise(setImmediate)
  expect(result).toMatchObject({ status: 'ok', elapsedMs: 30_000 })
  expect(logger.lines).toMatchObject([{ level: 'warn', details: { message: 'late' } }])
  expect(JSON.stringify(result.messages)).not.toContain('late')
})

test('tools that never settle and ignore their signals hold neither their step nor its other calls', async () => {
  const made: unknown[] = []
  const probe = defineTool({
    name: 'probe',
    description: 'x',
    input: z.object({ n: z.number() }),
    run: ({ n }) => {
      made.push(n)
      return n < 2 ? new Promise(() => {}) : n
    },
  })
  const all = [0, 1, 2, 3].map((n) => ({ name: 'probe', input: { n } }))
  const { executor, clock } = scriptedHost([{ calls: all }, { text: 'done' }], {
    tools: [probe],
    limits: { maxParallelTools: 2, toolTimeoutMs: 100 },
  })
  const run = executor.start(agent, 'go')
  await clock.advance(100)
  const { messages } = await run.result
  expect(made).toEqual([0, 1, 2, 3])
  expect(messages[2]?.content).toMatchObject([
    { isError: true },
    { isError: true },
    { isError: false },
    { isError: false },
  ])
  expect(clock.pending).toBe(0)
})

test('what a tool returned stays as it was when the tool changes it later', async () => {
  const shared = { n: 1 }
  const { text } = await answerOf(() => {
    queueMicrotask(() => setImmediate(() => (shared.n = 2)))
    return shared
  })
  await new Promise(setImmediate)
  expect(text).toBe('{"n":1}')
})

test('a tool cannot change its arguments', async () => {
  const { text, host } = await answerOf((input) => (input['list'] as number[]).push(2))
  expect(text).toMatch(/^probe failed: Cannot add property 1/)
  expect(host.model.requests[1]?.messages[1]?.content).toMatchObject([{ argumentsText: '{"list":[1]}' }])
})

test('a listener that reaches back into its run hurts nobody', async () => {
  const { executor, logger } = scriptedHost([{ text: 'one' }, { text: 'two' }])
  const run = executor.start({ name: 'a' }, 'go')
  run.on('step-start', ({ step }) => {
    if (step > 1) return
    void run.steer('and more')
    run.extend({ steps: 1 })
    run.on('step-start', () => run.steer(''))
  })
  run.on('run-end', () => run.abort('too late'))
  expect(await run.result).toMatchObject({ status: 'ok', output: 'two', steps: 2 })
  expect(logger.lines).toMatchObject([{ level: 'error', details: { message: expect.stringContaining('not blank') } }])
})

interface Tree {
  readonly name: string
  readonly below?: Tree[] | undefined
}
const tree: z.ZodType<Tree> = z.object({
  name: z.string(),
  get below() {
    return z.array(tree).optional()
  },
})

test('a schema may speak of itself: data is bounded by its depth', async () => {
  const probe = defineTool({ name: 'probe', description: 'x', input: z.object({ tree }), run: () => 'seen' })
  const deep = `{"tree":${'{"name":"a","below":['.repeat(40)}${']}'.repeat(40)}}`
  const flat = '{"tree":{"name":"a","below":[{"name":"b"}]}}'
  const turns = [flat, deep].map((argumentsText) => ({ name: 'probe', argumentsText }))
  const { executor } = scriptedHost([{ calls: turns }, { text: 'done' }], { tools: [probe] })
  expect((await executor.run(agent, 'go')).messages[2]?.content).toMatchObject([
    { isError: false },
    { isError: true, content: [{ text: expect.stringContaining('nested more than 64 levels') }] },
  ])
})

const given = (json: JsonObject | boolean): Schema =>
  ({
    '~standard': {
      version: 1,
      vendor: 'own',
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: () => json },
    },
  }) as never

test.each<[string, JsonObject | boolean, string]>([
  [
    'points to the web',
    { type: 'object', properties: { a: { $ref: 'https://example.com/a.json' } } },
    'refer to its own parts only, got `$ref` to `https://example.com',
  ],
  ['points to a file', { type: 'object', allOf: [{ $ref: 'file:///etc/passwd' }] }, 'got `$ref` to `file:///'],
  ['points to a part that it lacks', { type: 'object', properties: { a: { $ref: '#/$defs/none' } } }, '`#/$defs/none`'],
  [
    'is of five megabytes',
    { type: 'object', description: 'x'.repeat(5_000_000) },
    'to be of at most 262144 characters',
  ],
  ['matches nothing', false, 'to describe an object, got `undefined`'],
  ['says nothing', {}, 'to describe an object, got `undefined`'],
  ['is of a list', { type: 'array' }, 'to describe an object, got `array`'],
])('a tool whose schema %s is refused when it is defined', (_, json, message) => {
  const definition: ToolDefinition<Schema> = { name: 'probe', description: 'x', input: given(json), run: () => 1 }
  expect(() => defineTool(definition)).toThrow(message)
})

test('two tools of one name, also in another case, are refused', () => {
  const probe = defineTool({ name: 'probe', description: 'x', input: anything, run: () => 1 })
  for (const name of ['probe', 'Probe'])
    expect(() => createExecutor({ tools: [probe, { ...probe, name }] })).toThrow(`unique names, got \`${name}\` twice`)
})

test('ten thousand tools can be registered, and an agent has those that it names', async () => {
  const many = Array.from({ length: 10_000 }, (_, n) =>
    defineTool({ name: `tool_${n}`, description: 'x', input: anything, run: () => n }),
  )
  const { executor, model } = scriptedHost([{ text: 'done' }], { tools: many })
  await executor.run({ name: 'a', tools: ['tool_9999'] }, 'go')
  expect(model.requests[0]?.tools).toHaveLength(1)
})

test('a result that is too long is kept whole where there is a file store, as far as a file goes', async () => {
  const files: string[] = []
  const probe = defineTool({
    name: 'probe',
    description: 'x',
    input: z.object({ of: z.enum(['list', 'text']) }),
    run: ({ of }) => (of === 'list' ? Array.from({ length: 100 }, (_, n) => n) : 'x'.repeat(10_000_000)),
  })
  const two = ['list', 'text'].map((of) => ({ name: 'probe', input: { of } }))
  const { executor } = scriptedHost([{ calls: two }, { text: 'done' }], {
    tools: [probe],
    limits: { maxToolOutputChars: 10 },
    fileStore: {
      save: async ({ source }) => {
        files.push('text' in source ? source.text : '')
        return { name: `f${files.length}` }
      },
    },
  })
  const { messages } = await executor.run(agent, 'go')
  expect(files.map(({ length }) => length)).toEqual([
    291,
    4_194_304 + '\n[cut: 5805696 of 10000000 characters are not shown]'.length,
  ])
  expect(messages[2]?.content).toMatchObject([
    { content: [{ text: '[0,1,2,3,4\n[cut: 95 of 100 items are not shown]\n[kept whole as f1]' }] },
    { content: [{ text: expect.stringMatching(/^x{10}\n.*\n\[the first 4194304 characters are kept as f2\]$/) }] },
  ])
})

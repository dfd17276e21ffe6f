// What a model may call, and what becomes of it.
import { toolCallsOf } from '@executus/llm'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { answersOf } from './bad-inputs.test-kit.ts'
import { staticPalette } from './delegation/palette.ts'
import type { CallToJudge } from './permission/policy.ts'
import { scriptedHost, type ScriptedCall, type ScriptTurn } from './testing/index.ts'
import { defineTool } from './tool/define-tool.ts'
import type { Tool } from './tool/tool.ts'

const agent = { name: 'helper', tools: ['probe'] }
const seen: unknown[] = []
const probe = defineTool({
  name: 'probe',
  description: 'Looks.',
  input: z.looseObject({ path: z.string().optional(), n: z.int().optional(), x: z.number().optional() }),
  run: (input) => {
    seen.push(input)
    return 'seen'
  },
})

/** What a model reads when it makes these calls at once, and what the tool saw. */
async function answersTo(calls: readonly ScriptedCall[], tool: Tool = probe, more: object = {}) {
  seen.length = 0
  const host = scriptedHost([{ calls }, { text: 'done' }], { tools: [tool], ...more })
  const result = await host.executor.run(agent, 'go')
  expect(result.status).toBe('ok')
  return { answers: answersOf(result), seen: [...seen], result, host }
}

const written = (argumentsText: string) => [{ name: 'probe', argumentsText }]

test('empty arguments are no arguments', async () => {
  expect(await answersTo(written(''))).toMatchObject({ answers: [{ text: 'seen' }], seen: [{}] })
})

test.each<[string, string, string]>([
  ['that end in the middle', '{"path":', 'not valid JSON'],
  ['with something behind them', '{"n":1}}', 'position 7'],
  ['in single quotes', "{'n':1}", 'not valid JSON'],
  ['with a trailing comma', '{"n":1,}', 'not valid JSON'],
  ['with a comment', '{"n":1 /* one */}', 'not valid JSON'],
  ['with NaN', '{"x":NaN}', 'not valid JSON'],
  ['in a code fence', '```json\n{"n":1}\n```', 'not valid JSON'],
  ['behind a byte order mark', '\ufeff{"n":1}', 'not valid JSON'],
  ['that are null', 'null', 'must be a JSON object'],
  ['that are a text', '"x"', 'must be a JSON object'],
  ['that are a list', '[]', 'must be a JSON object'],
  ['that are a number', '3', 'must be a JSON object'],
  ['of ten megabytes', `{"path":"${'x'.repeat(10_000_000)}"}`, '262144 is the most'],
  ['a hundred thousand levels deep', `{"a":${'['.repeat(100_000)}`, 'nested more than 64 levels'],
  [
    'with a million keys',
    `{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":${n}`).join()}}`,
    '262144 is the most',
  ],
  ['that poison the prototype', '{"__proto__":{"isAdmin":true}}', '"__proto__" is not allowed'],
  ['that poison it in disguise', '{"\\u005f_proto__":{"isAdmin":true}}', '"__proto__" is not allowed'],
  ['that poison it below', '{"a":[{"__proto__":1}]}', '"__proto__" is not allowed'],
  ['with an integer that no double holds', '{"n":12345678901234567890}', 'n: '],
  ['with a number beyond all numbers', '{"x":1e400}', 'x: '],
])('arguments %s are refused, and never mended silently', async (_, argumentsText, problem) => {
  const { answers, seen: calls } = await answersTo(written(argumentsText))
  expect(answers).toEqual([{ text: expect.stringContaining(problem), isError: true }])
  expect(answers[0]?.text).toMatch(/^probe was not called: /)
  expect(answers[0]?.text.length).toBeLessThan(500)
  expect(calls).toEqual([])
  expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
})

test('a key named constructor is a key like any other', async () => {
  const { seen: calls } = await answersTo(written('{"constructor":{"prototype":{"isAdmin":true}}}'))
  expect(calls).toEqual([{ constructor: { prototype: { isAdmin: true } } }])
  expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
})

test('of a key that is written twice, judge, resources, approval and tool see the same value', async () => {
  const judged: unknown[] = []
  const asked: unknown[] = []
  const tool = {
    ...probe,
    approval: 'ask' as const,
    resources: (input: unknown) => [{ kind: 'x', value: JSON.stringify(input) }],
  }
  const { seen: calls } = await answersTo(written('{"path":"ok","path":"/etc/passwd"}'), tool, {
    permissions: {
      judge: ({ input, resources }: CallToJudge) => {
        judged.push(input, ...resources.map(({ value }) => JSON.parse(value) as unknown))
        return 'allow'
      },
    },
    approvals: {
      ask: async (requests: readonly { id: string; input: unknown }[]) => {
        asked.push(...requests.map(({ input }) => input))
        return requests.map(({ id }) => ({ id, isApproved: true }))
      },
    },
  })
  expect([...judged, ...asked, ...calls]).toEqual(Array.from({ length: 4 }, () => ({ path: '/etc/passwd' })))
})

test.each([
  'constructor',
  'toString',
  'hasOwnProperty',
  '__proto__',
  'PROBE',
  'probe ',
  'functions.probe',
  '',
  'pro\nbe',
  'x'.repeat(10_000),
])('a call to %j is one to an unknown tool, and nothing is called in its place', async (name) => {
  const { answers, seen: calls } = await answersTo([{ name }])
  expect(answers).toEqual([
    { text: expect.stringMatching(/^There is no tool named ".{0,64}"\..* Available: probe\.$/s), isError: true },
  ])
  expect(calls).toEqual([])
})

test('a model that calls unknown tools only is stopped', async () => {
  const turns = ['a', 'b', 'c'].map((name): ScriptTurn => ({ calls: [{ name }] }))
  const { executor } = scriptedHost([...turns, { text: 'never' }], { tools: [probe] })
  expect(await executor.run(agent, 'go')).toMatchObject({ stopReason: 'tool-errors', steps: 3 })
})

test('calls of one id, or of none, each have an id and a result of their own', async () => {
  const calls = ['x', 'x', '', ''].map((id, n) => ({ name: 'probe', id, input: { n } }))
  const { result, seen: inputs } = await answersTo(calls)
  const ids = result.messages
    .flatMap((message) => (message.role === 'assistant' ? toolCallsOf(message) : []))
    .map(({ id }) => id)
  expect(new Set(ids).size).toBe(4)
  expect(ids).not.toContain('')
  expect(result.messages[2]?.content).toMatchObject(ids.map((callId) => ({ callId, isError: false })))
  expect(inputs).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }])
})

test('of 500 calls at once the first ones are made, and the model is told of the rest', async () => {
  const { answers, seen: inputs } = await answersTo(
    Array.from({ length: 500 }, (_, n) => ({ name: 'probe', input: { n } })),
  )
  expect(inputs).toHaveLength(128)
  expect(answers).toHaveLength(500)
  expect(answers.filter(({ isError }) => isError)).toHaveLength(372)
  expect(answers[499]?.text).toContain('128 calls are the most in one reply')
})

test('text beside calls is kept, and the calls are made', async () => {
  const { executor } = scriptedHost([{ text: 'I look.', calls: [{ name: 'probe' }] }, { text: 'done' }], {
    tools: [probe],
  })
  const { messages } = await executor.run(agent, 'go')
  expect(messages[1]?.content).toMatchObject([{ type: 'text', text: 'I look.' }, { type: 'tool-call' }])
  expect(messages[2]?.role).toBe('tool')
})

test('a model that goes to and fro between two calls is stopped', async () => {
  const turns = Array.from({ length: 20 }, (_, n): ScriptTurn => ({ calls: [{ name: 'probe', input: { n: n % 2 } }] }))
  const { executor } = scriptedHost(turns, { tools: [probe], limits: { maxSteps: 20 } })
  expect(await executor.run(agent, 'go')).toMatchObject({ stopReason: 'repeated-call', steps: 7 })
})

test('agents that delegate to one another come to an end: nobody can be called by those below', async () => {
  const helper = (name: string) => ({ name, description: 'x', palette: ['a', 'b'] })
  const { executor, model } = scriptedHost(
    [
      { calls: [{ name: 'agent__b', input: { task: 'x' } }] },
      { calls: [{ name: 'agent__a', input: { task: 'x' } }] },
      { text: 'inner' },
      { text: 'done' },
    ],
    { palette: staticPalette([helper('a'), helper('b')]) },
  )
  expect(await executor.run({ name: 'a', palette: ['a', 'b'] }, 'go')).toMatchObject({ status: 'ok', output: 'done' })
  expect(model.requests.map(({ tools = [] }) => tools.map(({ name }) => name))).toEqual([
    ['agent__b'],
    [],
    [],
    ['agent__b'],
  ])
})

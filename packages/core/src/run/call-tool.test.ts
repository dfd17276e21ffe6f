import { expect, test } from 'vitest'
import { z } from 'zod'

import { scriptedHost } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'
import type { ToolContext } from '../tool/tool.ts'

const input = z.object({ n: z.int() })
const agent = { name: 'helper', tools: ['probe'] }

/** What the model reads when it calls a tool `probe` that does `run`. */
async function resultOf(run: (n: number, context: ToolContext) => unknown, argumentsText = '{"n":1}') {
  const probe = defineTool({ name: 'probe', description: 'x', input, run: ({ n }, context) => run(n, context) })
  const host = scriptedHost([{ calls: [{ name: 'probe', argumentsText }] }, { text: 'done' }], { tools: [probe] })
  const { status, messages } = await host.executor.run(agent, 'go')
  expect(status).toBe('ok')
  const part = messages[2]?.content[0]
  if (part?.type !== 'tool-result' || part.content[0]?.type !== 'text') throw new Error('No text result')
  return { text: part.content[0].text, isError: part.isError, host }
}

const circular: { self?: unknown } = {}
circular.self = circular
const revoked = Proxy.revocable({}, {})
revoked.revoke()

test.each<[string, unknown, string]>([
  ['a text as it is', 'plain', 'plain'],
  ['a number as JSON', 5, '5'],
  ['an object as JSON', { a: [1, null] }, '{"a":[1,null]}'],
  ['a date as JSON has it', new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ['nothing as no output', undefined, '(no output)'],
  ['an empty text as no output', '', '(no output)'],
  ['null as JSON', null, 'null'],
  ['a circle as one', circular, '{"self":"[Circular]"}'],
  ['a Map as an object', { side: new Map([['a', 1n]]) }, '{"side":{"a":"1"}}'],
  ['bytes as their size', { body: Buffer.from('abc') }, '{"body":"[Buffer: 3 bytes]"}'],
  ['what cannot be read as such', { a: 1, b: revoked.proxy }, '{"a":1,"b":"[unserialisable]"}'],
  ['broken Unicode mended', 'a\ud800b', 'a\ufffdb'],
])('callTool() gives the model %s', async (_, value, text) => {
  expect(await resultOf(() => value)).toMatchObject({ text, isError: false })
})

test.each<[string, () => unknown, string]>([
  [
    'throws an error',
    () => {
      throw new Error('no such city')
    },
    'probe failed: no such city',
  ],
  ['rejects', () => Promise.reject(new Error('later')), 'probe failed: later'],
  [
    'throws a text',
    () => {
      throw 'plain'
    },
    'probe failed: plain',
  ],
  [
    'throws undefined',
    () => {
      throw undefined
    },
    'probe failed: it threw undefined',
  ],
  [
    'throws a revoked proxy',
    () => {
      throw revoked.proxy
    },
    'probe failed: a value that cannot be described',
  ],
  [
    'throws an object without prototype',
    () => {
      throw Object.create(null)
    },
    'probe failed: it threw {}',
  ],
])('callTool() makes an error result of a tool that %s', async (_, run, text) => {
  const result = await resultOf(run)
  expect(result).toMatchObject({ text: expect.stringContaining(text), isError: true })
})

test.each([
  ['that are cut off', '{"n":', 'not valid JSON'],
  ['with trailing garbage', '{"n":1}}', 'not valid JSON'],
  ['that are a list', '[1]', 'must be a JSON object'],
  ['that are null', 'null', 'must be a JSON object'],
  ['of the wrong type', '{"n":"one"}', 'n: '],
  ['that lack a field', '', 'n: '],
  ['that poison prototypes', '{"n":1,"\\u005f_proto__":{}}', '"__proto__" is not allowed'],
  ['nested too deep', `{"n":${'['.repeat(100)}`, 'nested more than 64 levels deep'],
  ['that are huge', `{"n":1,"x":"${'x'.repeat(300_000)}"}`, '262144 is the most'],
])('callTool() does not call a tool with arguments %s, and says why', async (_, argumentsText, problem) => {
  const result = await resultOf(() => expect.fail('was called'), argumentsText)
  expect(result).toMatchObject({ text: expect.stringContaining(problem), isError: true })
  expect(result.text).toMatch(/^probe was not called: /)
})

test('callTool() tells a model that calls an unknown tool which ones there are', async () => {
  const probe = defineTool({ name: 'probe', description: 'x', input, run: () => 1 })
  const host = scriptedHost([{ calls: [{ name: 'prob' }, { name: 'constructor' }] }, { text: 'done' }], {
    tools: [probe],
  })
  const { messages } = await host.executor.run(agent, 'go')
  expect(messages[2]?.content).toMatchObject([
    { isError: true, content: [{ text: 'There is no tool named "prob". Did you mean "probe"? Available: probe.' }] },
    { isError: true, content: [{ text: 'There is no tool named "constructor". Available: probe.' }] },
  ])
})

test('callTool() hides the tools of the executor that the agent does not name', async () => {
  const probe = defineTool({ name: 'probe', description: 'x', input, run: () => expect.fail('was called') })
  const host = scriptedHost([{ calls: [{ name: 'probe', input: { n: 1 } }] }, { text: 'done' }], { tools: [probe] })
  const { messages } = await host.executor.run({ name: 'bare' }, 'go')
  expect(host.model.requests[0]?.tools).toEqual([])
  expect(messages[2]?.content).toMatchObject([
    { content: [{ text: expect.stringContaining('No tools are available') }] },
  ])
})

test('callTool() cuts a long output and says by how much, never inside a character', async () => {
  const probe = defineTool({ name: 'probe', description: 'x', input, run: () => '😀'.repeat(10) })
  const host = scriptedHost([{ calls: [{ name: 'probe', input: { n: 1 } }] }, { text: 'done' }], {
    tools: [probe],
    limits: { maxToolOutputChars: 5 },
  })
  const { messages } = await host.executor.run(agent, 'go')
  expect(messages[2]?.content).toMatchObject([
    { content: [{ text: '😀😀\n[cut: 16 of 20 characters are not shown]' }] },
  ])
})

test('callTool() gives up a tool that never settles, aborts its signal, and the run goes on', async () => {
  let signal: AbortSignal | undefined
  const probe = defineTool({
    name: 'probe',
    description: 'x',
    input,
    timeoutMs: 100,
    run: (_, context) => {
      signal = context.signal
      return new Promise(() => {})
    },
  })
  const host = scriptedHost([{ calls: [{ name: 'probe', input: { n: 1 } }] }, { text: 'done' }], { tools: [probe] })
  const run = host.executor.start(agent, 'go')
  await host.clock.advance(100)
  expect(await run.result).toMatchObject({
    status: 'ok',
    output: 'done',
    messages: {
      2: { content: [{ isError: true, content: [{ text: expect.stringContaining('longer than 100 ms') }] }] },
    },
  })
  expect(signal?.aborted).toBe(true)
  expect(host.clock.pending).toBe(0)
})

test('callTool() logs what a tool throws after it was given up', async () => {
  let fail = (_error: Error) => {}
  const probe = defineTool({
    name: 'probe',
    description: 'x',
    input,
    run: () =>
      new Promise((_, reject) => {
        fail = reject
      }),
  })
  const host = scriptedHost([{ calls: [{ name: 'probe', input: { n: 1 } }] }, { text: 'done' }], { tools: [probe] })
  const run = host.executor.start(agent, 'go')
  await host.clock.advance(30_000)
  await run.result
  const late = new Error('late')
  fail(late)
  await new Promise(setImmediate)
  expect(host.logger.lines).toEqual([{ level: 'warn', message: 'probe failed after it was given up', details: late }])
})

test('callTool() tells the tool which run, step and call it is', async () => {
  const result = await resultOf((_, { runId, step, callId, signal }) => [runId, step, callId, signal.aborted])
  expect(result.text).toBe('["run-1",1,"call_1_0",false]')
})

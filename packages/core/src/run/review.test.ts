import { type Model, ModelError } from '@executus/llm'
import { scriptedModel, type ScriptTurn } from '@executus/llm/testing'
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

import { recordingCheckpointer, scriptedHost } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const output = z.object({ city: z.string(), people: z.number() })
const oslo = { city: 'Oslo', people: 700_000 }
const answer = (input: object): ScriptTurn => ({ calls: [{ name: 'answer', input: input as never }] })
const look = defineTool({ name: 'look', description: 'x', effect: 'read', input: z.object({}), run: () => 'seen' })

/** A host whose model is held to a schema by its provider. */
function nativeHost(turns: readonly ScriptTurn[]) {
  const model = scriptedModel(turns)
  const native: Model = { ...model, hasNativeOutput: true }
  return { ...scriptedHost([], { tiers: { fast: native }, tools: [look] }), model }
}

test('an answer in a shape is asked for by the provider’s own means, where it has them', async () => {
  const { executor, model } = nativeHost([{ calls: [{ name: 'look' }] }, { text: JSON.stringify(oslo) }])
  const result = await executor.run({ name: 'a', tools: ['look'] }, 'go', { output })
  expect(result).toMatchObject({ status: 'ok', output: JSON.stringify(oslo), object: oslo, steps: 2 })
  for (const request of model.requests)
    expect(request).toMatchObject({
      tools: [{ name: 'look' }],
      output: { name: 'answer', schema: { type: 'object', required: ['city', 'people'] } },
    })
  expectTypeOf(result.object).toEqualTypeOf<{ city: string; people: number } | undefined>()
})

test('an answer in a shape is asked for by a tool, where the provider has no means', async () => {
  const { executor, model } = scriptedHost([{ calls: [{ name: 'look' }] }, answer(oslo)], { tools: [look] })
  const result = await executor.run({ name: 'a', tools: ['look'] }, 'go', { output })
  expect(result).toMatchObject({ status: 'ok', object: oslo, steps: 2, messages: { length: 5 } })
  expect(result.messages.at(-1)).toMatchObject({ role: 'tool', content: [{ isError: false }] })
  expect(model.requests[0]?.tools).toMatchObject([
    { name: 'look' },
    { name: 'answer', inputSchema: { type: 'object', required: ['city', 'people'] } },
  ])
  expect(model.requests[0]?.output).toBeUndefined()
})

test('an answer that is written out instead of called, in a code fence, is taken as well', async () => {
  const { executor } = scriptedHost([{ text: `\`\`\`json\n${JSON.stringify(oslo)}\n\`\`\`` }])
  expect(await executor.run({ name: 'a' }, 'go', { output })).toMatchObject({ status: 'ok', object: oslo })
})

test('an answer has the output of its schema, not what the model wrote', async () => {
  const { executor } = scriptedHost([answer({ n: '7' })])
  const schema = z.object({ n: z.string().transform(Number), unit: z.string().default('km') })
  const result = await executor.run({ name: 'a' }, 'go', { output: schema })
  expect(result.object).toEqual({ n: 7, unit: 'km' })
  expectTypeOf(result.object).toEqualTypeOf<{ n: number; unit: string } | undefined>()
})

test('an answer that does not fit is sent back with what is wrong, and may be mended', async () => {
  const { executor, model } = nativeHost([
    { text: 'Oslo, I think' },
    { text: '{"city":"Oslo","people":"many"}' },
    { text: JSON.stringify(oslo) },
  ])
  expect(await executor.run({ name: 'a' }, 'go', { output })).toMatchObject({ status: 'ok', object: oslo, steps: 3 })
  const complaints = model.requests.slice(1).map(({ messages }) => messages.at(-1))
  expect(complaints).toMatchObject([
    { role: 'user', content: [{ text: expect.stringMatching(/^That answer does not fit: it is not valid JSON/) }] },
    {
      role: 'user',
      content: [{ text: expect.stringMatching(/people: .*expected number.*Give the whole answer again\.$/) }],
    },
  ])
})

test('a call of the answer tool that does not fit is an error result, and may be mended', async () => {
  const { executor, model } = scriptedHost([answer({ city: 'Oslo' }), answer(oslo)])
  expect(await executor.run({ name: 'a' }, 'go', { output })).toMatchObject({ status: 'ok', object: oslo, steps: 2 })
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    role: 'tool',
    content: [{ isError: true, content: [{ text: expect.stringContaining('people') }] }],
  })
})

test('a third answer that does not fit ends the run as invalid-output, with what was written', async () => {
  const { executor } = nativeHost([{ text: 'one' }, { text: 'two' }, { text: 'three' }, { text: 'four' }])
  const result = await executor.run({ name: 'a' }, 'go', { output })
  expect(result).toMatchObject({
    status: 'error',
    stopReason: 'invalid-output',
    error: { code: 'invalid-output' },
    output: 'three',
    steps: 3,
  })
  expect(result.object).toBeUndefined()
})

test('a third call of the answer tool that does not fit ends the run as invalid-output', async () => {
  const { executor } = scriptedHost([1, 2, 3, 4].map((n) => answer({ n })))
  expect(await executor.run({ name: 'a' }, 'go', { output })).toMatchObject({
    status: 'error',
    stopReason: 'invalid-output',
    error: { code: 'invalid-output', message: expect.stringMatching(/^answer was not called: .*people/) },
    steps: 3,
  })
})

test.each(['refused', 'length', 'window-exceeded'] as const)(
  'an answer that was %s is not judged by its shape',
  async (stopReason) => {
    const { executor } = nativeHost([{ text: '{"city":', stopReason }])
    expect(await executor.run({ name: 'a' }, 'go', { output })).toMatchObject({ status: 'error', stopReason, steps: 1 })
  },
)

test.each([
  ['is none', { type: 'object' }, 'Expected `invocation.output` to be a Standard Schema that gives JSON Schema'],
  ['is of no object', z.string(), 'Expected `invocation.output` to describe an object, got `string`'],
])('a schema that %s is told at once', (_, schema, message) => {
  const { executor } = scriptedHost([])
  expect(() => executor.start({ name: 'a' }, 'go', { output: schema as typeof output })).toThrow(message)
})

test('a tool named answer clashes with one that is asked for an answer in a shape', () => {
  const named = defineTool({ name: 'answer', description: 'x', input: z.object({}), run: () => '' })
  const { executor } = scriptedHost([], { tools: [named] })
  expect(() => executor.start({ name: 'a', tools: ['answer'] }, 'go', { output })).toThrow(
    'Expected no tool to be named `answer` where `invocation.output` asks for a shape',
  )
})

test('a resumed run is asked for the shape that is given again', async () => {
  const checkpointer = recordingCheckpointer()
  const first = scriptedHost([{ stalls: true }], { checkpointer })
  const run = first.executor.start({ name: 'a' }, 'go', { runId: 'r', output })
  await first.clock.advance(1)
  await first.executor.shutdown()
  await run.result
  const next = scriptedHost([answer(oslo)], { checkpointer })
  expect(await next.executor.resume('r', { invocation: { output } }).result).toMatchObject({
    status: 'ok',
    object: oslo,
  })
})

test('generateWith() asks a model once for an answer in a shape, outside any run', async () => {
  const records: unknown[] = []
  const { executor, model } = scriptedHost([answer({ city: 'Oslo' }), answer(oslo)], {
    onModelCall: ({ attribution }) => records.push(attribution),
  })
  const generated = await executor.generateWith(output, 'Capital of Norway?', {
    instructions: 'Be brief.',
    caller: 'ann',
  })
  expect(generated).toMatchObject({ value: oslo, wasRepaired: true })
  expectTypeOf(generated.value).toEqualTypeOf<{ city: string; people: number }>()
  expect(model.requests[0]).toMatchObject({
    system: 'Be brief.',
    messages: [{ role: 'user', content: [{ text: 'Capital of Norway?' }] }],
    toolChoice: { tool: 'answer' },
  })
  expect(records).toEqual([{ caller: 'ann' }, { caller: 'ann' }])
})

test('generateWith() rejects with what the model or the caller did wrong', async () => {
  const { executor } = scriptedHost([answer({}), answer({}), new ModelError('no', { code: 'bad-request' })])
  await expect(executor.generateWith(output, 'x')).rejects.toMatchObject({ code: 'invalid-output' })
  await expect(executor.generateWith(output, 'x')).rejects.toMatchObject({ code: 'bad-request' })
  await expect(executor.generateWith(output, ' ')).rejects.toThrow('Expected `input` to be a text that is not blank')
  await expect(executor.generateWith(output, 'x', { tier: 'none' })).rejects.toThrow('Expected tier `none`')
  await executor.shutdown()
  await expect(executor.generateWith(output, 'x')).rejects.toThrow('this one was shut down')
})

test('generateWith() ends with the caller’s signal', async () => {
  const { executor } = scriptedHost([{ stalls: true }])
  await expect(executor.generateWith(output, 'x', { signal: AbortSignal.abort('left') })).rejects.toMatchObject({
    code: 'aborted',
  })
})

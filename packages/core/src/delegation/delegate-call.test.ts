import { expect, test } from 'vitest'
import { z } from 'zod'

import type { ExecutorOptions } from '../config.ts'
import type { RunEvent } from '../event.ts'
import type { RunInfo } from '../run-info.ts'
import { recordingCheckpointer, scriptedHost, type ScriptTurn } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'
import { type Palette, staticPalette } from './palette.ts'

const tool = (name: string) =>
  defineTool({
    name,
    description: name,
    effect: 'read',
    input: z.object({}),
    run: (_, { runId }) => `${name} in ${runId}`,
  })
const look = tool('look')
const usage = { inputTokens: 10, outputTokens: 1 }
const delegate = (name = 'child', id = 'd'): ScriptTurn => ({
  calls: [{ name: `agent__${name}`, input: { task: 'help me' }, id }],
  usage,
})
const boss = { name: 'boss', tools: ['look'], palette: ['child'] }
const palette = staticPalette([{ name: 'child', description: 'Helps.', instructions: 'You help.', tools: ['look'] }])
const host = (turns: readonly ScriptTurn[], options: ExecutorOptions = {}) =>
  scriptedHost(turns, { palette, tools: [look], ...options })

test('a model sees whom it may delegate to as tools, and what it says is the task of a run below', async () => {
  const { executor, model } = host([
    delegate(),
    { calls: [{ name: 'look' }], usage },
    { text: 'It is there.', usage },
    { text: 'Found.', usage },
  ])
  const run = executor.start(boss, 'go')
  const events = await Array.fromAsync(run.events())
  const result = await run.result

  expect(model.requests[0]?.tools?.[1]).toEqual({
    name: 'agent__child',
    description: 'Helps.',
    inputSchema: {
      type: 'object',
      properties: {
        task: {
          type: 'string',
          description: 'What to do, with everything needed to do it: nothing else is known there.',
        },
      },
      required: ['task'],
      additionalProperties: false,
    },
  })
  expect(model.requests[1]).toMatchObject({
    system: 'You help.',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'help me' }] }],
    tools: [{ name: 'look' }],
  })
  expect(model.requests[2]?.messages.at(-1)).toMatchObject({ content: [{ content: [{ text: 'look in run-1/d' }] }] })
  expect(model.requests[3]?.messages.at(-1)).toMatchObject({
    content: [{ callId: 'd', isError: false, content: [{ text: 'It is there.' }] }],
  })
  expect(result).toMatchObject({
    status: 'ok',
    output: 'Found.',
    steps: 2,
    usage: { inputTokens: 40, outputTokens: 4, unreportedCalls: 0 },
  })
  const told = events.filter((event) => event.type === 'child-event')
  expect(told.map(({ step, callId, event }) => [step, callId, event.runId, event.type])).toEqual(
    [
      'run-start',
      'step-start',
      'tool-call-start',
      'tool-call-end',
      'step-end',
      'step-start',
      'step-end',
      'run-end',
    ].map((type) => [1, 'd', 'run-1/d', type]),
  )
})

test('a skill takes what its own schema says, and its run gets what is made of that', async () => {
  const skill: Palette = {
    resolve: () => [
      {
        kind: 'skill',
        name: 'sum up!',
        description: 'Sums up.',
        agent: { name: 'summer' },
        input: defineTool({ name: 'x', description: 'x', input: z.object({ pages: z.number() }), run: () => '' }),
        inputOf: (input) => `Sum up ${(input as { pages: number }).pages} pages`,
      },
    ],
  }
  const { executor, model } = host(
    [
      { calls: [{ name: 'skill__sum_up_', input: { pages: 'many' } }] },
      { calls: [{ name: 'skill__sum_up_', input: { pages: 3 } }] },
      { text: 'Short.' },
      { text: 'Done.' },
    ],
    { palette: skill },
  )
  expect(await executor.run({ name: 'boss', palette: ['sum up!'] }, 'go')).toMatchObject({ status: 'ok', steps: 3 })
  expect(model.requests[0]?.tools).toMatchObject([
    { name: 'skill__sum_up_', description: 'Sums up.', inputSchema: { properties: { pages: { type: 'number' } } } },
  ])
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({ content: [{ isError: true }] })
  expect(model.requests[2]?.messages).toMatchObject([{ content: [{ text: 'Sum up 3 pages' }] }])
})

test('a delegated run that ends without an answer is an error result, with what it had written', async () => {
  const { executor, model } = host([delegate(), { text: 'I fear that', stopReason: 'refused' }, { text: 'So be it.' }])
  expect(await executor.run(boss, 'go')).toMatchObject({ status: 'ok', output: 'So be it.' })
  expect(model.requests[2]?.messages.at(-1)).toMatchObject({
    content: [
      {
        isError: true,
        content: [
          {
            text: 'agent__child ended without an answer (refused): The model declined to answer\nIt had written: I fear that',
          },
        ],
      },
    ],
  })
})

test('a delegate that cannot run is an error result', async () => {
  const broken: Palette = {
    resolve: () => [{ kind: 'agent', name: 'child', description: 'x', agent: { name: 'child', tier: 'none' } }],
  }
  const { executor, model } = host([delegate(), { text: 'So be it.' }], { palette: broken })
  expect(await executor.run(boss, 'go')).toMatchObject({ status: 'ok' })
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    content: [{ isError: true, content: [{ text: expect.stringContaining('Expected tier `none`') }] }],
  })
})

test('a task that is none is told to the model, and nothing is begun', async () => {
  const { executor, model } = host([{ calls: [{ name: 'agent__child', input: { task: ' ' } }] }, { text: 'Well.' }])
  await executor.run(boss, 'go')
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    content: [{ isError: true, content: [{ text: 'agent__child was not called: task: expected a text.' }] }],
  })
})

test('a run’s stop reaches the run below it, with its cause', async () => {
  const { executor, clock } = host([delegate(), { stalls: true }])
  const run = executor.start({ ...boss, limits: { timeoutMs: 3_000 } }, 'go')
  const ends: RunEvent[] = []
  run.on('child-event', ({ event }) => event.type === 'run-end' && ends.push(event))
  await clock.advance(3_000)
  expect(await run.result).toMatchObject({ status: 'timeout', messages: { 2: { content: [{ isError: true }] } } })
  expect(ends).toMatchObject([{ runId: 'run-1/d', result: { status: 'timeout', stopReason: 'deadline' } }])
  expect(clock.pending).toBe(0)
})

test('a delegated run’s own deadline is an error result, and its parent goes on', async () => {
  const short = staticPalette([{ name: 'child', description: 'x', limits: { timeoutMs: 1_000 } }])
  const { executor, clock } = host([delegate(), { stalls: true }, { text: 'Without it.' }], { palette: short })
  const run = executor.start(boss, 'go')
  await clock.advance(1_000)
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Without it.' })
})

test('agents above a run and levels below the limit are invisible', async () => {
  const seen: string[][] = []
  const all: Palette = {
    resolve: (names) =>
      names.map((name) => ({
        kind: 'agent',
        name,
        description: name,
        agent: { name, palette: ['boss', 'a', 'b', 'c', 'd'] },
      })),
  }
  const play = async (maxDepth: number | undefined, childDepth?: number) => {
    seen.length = 0
    const note: (turn: ScriptTurn) => ScriptTurn = (turn) => (request) => {
      seen.push((request.tools ?? []).map(({ name }) => name.replace('agent__', '')))
      return turn as never
    }
    const deeper: Palette = {
      resolve: async (...args) =>
        (await all.resolve(...args)).map((one) => ({
          ...one,
          agent: { ...one.agent, ...(childDepth !== undefined && { limits: { maxDepth: childDepth } }) },
        })),
    }
    const turns = ['a', 'b', 'c'].slice(0, maxDepth ?? 3).map((name) => note(delegate(name, name)))
    const { executor } = host([...turns, ...Array.from({ length: 4 }, () => note({ text: 'Done.' }))], {
      palette: deeper,
    })
    const agent = { name: 'boss', palette: ['boss', 'a', 'b', 'c', 'd'], ...(maxDepth && { limits: { maxDepth } }) }
    expect(await executor.run(agent, 'go')).toMatchObject({ status: 'ok' })
    return seen.map((names) => names.join(''))
  }
  expect(await play(undefined)).toEqual(['abcd', 'bcd', 'cd', '', 'cd', 'bcd', 'abcd'])
  expect(await play(1)).toEqual(['abcd', '', 'abcd'])
  expect(await play(1, 9)).toEqual(['abcd', '', 'abcd'])
})

test('a palette that fails keeps the run from beginning, and a name that it does not know is logged', async () => {
  const failing = host([], { palette: { resolve: () => Promise.reject(new Error('gone')) } })
  expect(await failing.executor.run(boss, 'go')).toMatchObject({
    status: 'error',
    stopReason: 'port',
    error: { message: 'The palette failed: gone' },
    steps: 0,
  })
  const { executor, logger } = host([{ text: 'Alone.' }])
  expect(await executor.run({ ...boss, palette: ['chidl'] }, 'go')).toMatchObject({ status: 'ok' })
  expect(logger.lines).toMatchObject([
    { level: 'warn', message: 'run run-1 of boss names chidl in its palette, which nobody knows' },
  ])
})

test('a delegated run of a durable one has a record of its own, and a resumed parent takes it up', async () => {
  const checkpointer = recordingCheckpointer()
  const first = host([delegate(), { calls: [{ name: 'look' }], usage }, { stalls: true }], { checkpointer })
  const run = first.executor.start(boss, 'go', { runId: 'r' })
  await first.clock.advance(1)
  await first.executor.shutdown()
  expect(await run.result).toMatchObject({ status: 'interrupted', durable: true })
  expect([...checkpointer.records].map(([id, { status, info }]) => [id, status, info.parentRunId])).toEqual([
    ['r', 'left', undefined],
    ['r/d', 'left', 'r'],
  ])

  const next = host(
    [
      { text: 'It is there.', usage },
      { text: 'Found.', usage },
    ],
    { checkpointer },
  )
  const result = await next.executor.resume('r').result
  expect(result).toMatchObject({ status: 'ok', output: 'Found.', steps: 2, usage: { inputTokens: 40 } })
  expect(next.model.requests[0]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool'])
  expect([...checkpointer.records.values()].map(({ status }) => status)).toEqual(['completed', 'completed'])
})

test('a delegated run of a run that keeps nothing keeps nothing itself', async () => {
  const begun: string[] = []
  const { executor } = host([delegate(), { text: 'Helped.' }, { text: 'Done.' }], {
    checkpointer: {
      begin(info) {
        begun.push(info.runId)
        return Promise.resolve(undefined)
      },
      reopen: () => Promise.resolve(undefined),
    },
  })
  expect(await executor.run(boss, 'go')).toMatchObject({ status: 'ok', durable: false })
  expect(begun).toEqual(['run-1'])
})

test('a delegated run whose record cannot be opened interrupts a durable run above it, and is begun when that is resumed', async () => {
  const kept = recordingCheckpointer()
  const begin = (info: RunInfo) =>
    info.parentRunId === undefined ? kept.begin(info) : Promise.reject(new Error('disk full'))
  const first = host([delegate()], { checkpointer: { ...kept, begin } })
  expect(await first.executor.run(boss, 'go', { runId: 'r' })).toMatchObject({
    status: 'interrupted',
    stopReason: 'storage',
  })

  const next = host([{ text: 'It is there.' }, { text: 'Found.' }], { checkpointer: kept })
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok', output: 'Found.' })
})

import { expect, test } from 'vitest'
import { z } from 'zod'

import type { ExecutorOptions } from '../config.ts'
import { staticPalette } from '../delegation/palette.ts'
import { scriptedHost } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'
import type { ApprovalDecision, ApprovalRequest, Approvals } from './approvals.ts'

const agent = { name: 'helper', tools: ['erase', 'look'] }
const erase = (n: number) => ({ name: 'erase', input: { n } })

/** A host whose tool `erase` must be asked for, with people who say what `ask` says. */
function opened(ask: Approvals['ask'], options: ExecutorOptions = {}, calls = [erase(1)]) {
  const done: unknown[] = []
  const asked: ApprovalRequest[] = []
  const host = scriptedHost([{ calls }, { text: 'Done.' }], {
    tools: [
      defineTool({
        name: 'erase',
        description: 'Erases.',
        effect: 'destructive',
        input: z.object({ n: z.number() }),
        resources: ({ n }) => [{ kind: 'record', value: String(n) }],
        run: ({ n }) => {
          done.push(n)
          return `erased ${n}`
        },
      }),
      defineTool({ name: 'look', description: 'Looks.', effect: 'read', input: z.object({}), run: () => 'seen' }),
    ],
    approvals: {
      ask(requests, context) {
        asked.push(...requests)
        return ask(requests, context)
      },
    },
    ...options,
  })
  const resultsOf = async () => {
    const run = host.executor.start(agent, 'go')
    const events = await Array.fromAsync(run.events())
    const result = await run.result
    const message = result.messages.find(({ role }) => role === 'tool')
    const texts = message?.content.map((part) =>
      part.type === 'tool-result' ? part.content.map((one) => (one.type === 'text' ? one.text : '')).join('') : '',
    )
    return { result, events, texts }
  }
  return { ...host, done, asked, resultsOf }
}

const yes = ({ id }: ApprovalRequest): ApprovalDecision => ({ id, isApproved: true, by: 'ann' })

test('a call that must be asked for is asked for with all that a person needs, and made after a yes', async () => {
  const { resultsOf, done, asked, clock } = opened((requests) => Promise.resolve(requests.map(yes)))
  const { result, events, texts } = await resultsOf()
  const request = {
    id: 'run-1/call_1_0',
    runId: 'run-1',
    rootRunId: 'run-1',
    callId: 'call_1_0',
    tool: 'erase',
    effect: 'destructive',
    input: { n: 1 },
    resources: [{ kind: 'record', value: '1' }],
    agentPath: ['helper'],
    expiresAtMs: clock.now() + 24 * 60 * 60 * 1_000,
  }
  expect(asked).toEqual([request])
  expect(result).toMatchObject({ status: 'ok', output: 'Done.' })
  expect(done).toEqual([1])
  expect(texts).toEqual(['erased 1'])
  expect(events.filter(({ type }) => type.startsWith('approval') || type === 'tool-call-start')).toMatchObject([
    { type: 'approval-request', step: 1, requests: [request] },
    { type: 'approval-decision', step: 1, decisions: [{ id: 'run-1/call_1_0', isApproved: true, by: 'ann' }] },
    { type: 'tool-call-start', callId: 'call_1_0' },
  ])
})

test.each<[string, Approvals['ask'], string]>([
  ['says no', (requests) => Promise.resolve(requests.map(({ id }) => ({ id, isApproved: false }))), 'it was declined'],
  [
    'says no and why',
    (requests) => Promise.resolve(requests.map(({ id }) => ({ id, isApproved: false, note: 'not today' }))),
    'it was declined: not today',
  ],
  ['says nothing', () => Promise.resolve([]), 'it was declined: it was not answered'],
  [
    'speaks of something else',
    () => Promise.resolve([{ id: 'run-1/call_9_9', isApproved: true }]),
    'it was declined: it was not answered',
  ],
  ['gives rubbish', () => Promise.resolve({ yes: true } as never), 'it was declined: it was not answered'],
  ['gives nothing at all', () => Promise.resolve(undefined as never), 'it was declined: it was not answered'],
  ['gives holes', () => Promise.resolve([null, undefined] as never), 'it was declined: it was not answered'],
  [
    'gives a yes that is none',
    (requests) => Promise.resolve(requests.map(({ id }) => ({ id, isApproved: 'yes' as unknown as boolean }))),
    'it was declined',
  ],
  ['rejects', () => Promise.reject(new Error('offline')), 'it was declined: nobody could be asked'],
  ['throws', () => expect.fail('offline'), 'it was declined: nobody could be asked'],
  ['puts it off', () => Promise.resolve('later'), 'it was declined: nobody can answer now'],
])('a call is not made where who is asked %s', async (_, ask, why) => {
  const { resultsOf, done } = opened(ask)
  const { result, texts } = await resultsOf()
  expect(result.status).toBe('ok')
  expect(done).toEqual([])
  expect(texts).toEqual([`erase was not called: ${why}.`])
})

test('all calls of a step are asked for at once, before any is made, and each gets its own answer', async () => {
  const calls = [{ name: 'look', input: {} }, erase(1), erase(2), erase(3)]
  const before: number[] = []
  const { resultsOf, done, asked } = opened(
    (requests) => {
      before.push(requests.length)
      return Promise.resolve([
        { id: requests[2]!.id, isApproved: true },
        { id: requests[0]!.id, isApproved: false },
        { id: requests[0]!.id, isApproved: true },
      ])
    },
    {},
    calls as never,
  )
  const { texts } = await resultsOf()
  expect(before).toEqual([3])
  expect(asked.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  expect(done).toEqual([3])
  expect(texts).toEqual([
    'seen',
    'erase was not called: it was declined.',
    'erase was not called: it was declined: it was not answered.',
    'erased 3',
  ])
})

test('the time that people take is no part of the run’s', async () => {
  let answer: (decisions: readonly ApprovalDecision[]) => void = () => {}
  const host = opened(() => new Promise((resolve) => (answer = resolve)))
  const run = host.executor.start(agent, 'go')
  await host.clock.advance(10 * 60 * 60 * 1_000)
  answer([{ id: 'run-1/call_1_0', isApproved: true }])
  expect(await run.result).toMatchObject({ status: 'ok', elapsedMs: 0 })
  expect(host.clock.pending).toBe(0)
})

test('a delegated run’s call is asked for with the way that leads to it, and nobody’s time runs meanwhile', async () => {
  let answer: (decisions: readonly ApprovalDecision[]) => void = () => {}
  const asked: ApprovalRequest[] = []
  const { executor, clock, model } = scriptedHost(
    [
      { calls: [{ name: 'agent__child', input: { task: 'help' }, id: 'd' }] },
      { calls: [erase(1)] },
      { text: 'Erased it.' },
      { text: 'Done.' },
    ],
    {
      tools: [
        defineTool({
          name: 'erase',
          description: 'x',
          effect: 'destructive',
          input: z.object({ n: z.number() }),
          run: () => 'erased',
        }),
      ],
      palette: staticPalette([{ name: 'child', description: 'helps', tools: ['erase'] }]),
      approvals: {
        ask(requests) {
          asked.push(...requests)
          return new Promise((resolve) => (answer = resolve))
        },
      },
    },
  )
  const run = executor.start({ name: 'boss', tools: ['erase'], palette: ['child'] }, 'go')
  await clock.advance(3_600_000)
  expect(asked).toMatchObject([
    { id: 'run-1/d/call_2_0', runId: 'run-1/d', rootRunId: 'run-1', agentPath: ['boss', 'child'] },
  ])
  answer([{ id: 'run-1/d/call_2_0', isApproved: true }])
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Done.', elapsedMs: 0 })
  expect(model.requests[2]?.messages.at(-1)).toMatchObject({ content: [{ content: [{ text: 'erased' }] }] })
})

test('a run stops while it waits for people, and its calls have results', async () => {
  let signal: AbortSignal | undefined
  const host = opened((_, context) => {
    ;({ signal } = context)
    return new Promise(() => {})
  })
  const run = host.executor.start(agent, 'go')
  await host.clock.advance(1)
  run.abort('enough')
  expect(await run.result).toMatchObject({
    status: 'cancelled',
    messages: { 2: { role: 'tool', content: [{ callId: 'call_1_0', isError: true }] } },
  })
  expect(signal?.aborted).toBe(true)
  expect(host.clock.pending).toBe(0)
})

test('a request that nobody answers in time is declined, even if who is asked never settles', async () => {
  const host = opened(() => new Promise(() => {}), { approvalTtlMs: 5_000 })
  const run = host.executor.start(agent, 'go')
  const decided: unknown[] = []
  run.on('approval-decision', ({ decisions }) => decided.push(...decisions))
  await host.clock.advance(5_000)
  expect(await run.result).toMatchObject({ status: 'ok', elapsedMs: 0 })
  expect(decided).toEqual([{ id: 'run-1/call_1_0', isApproved: false, note: 'nobody answered in time' }])
  expect(host.done).toEqual([])
  expect(host.clock.pending).toBe(0)
})

test('a tool that must be asked for does not exist where nobody can be asked', async () => {
  const { executor, model, logger } = scriptedHost([{ calls: [erase(1)] }, { text: 'Done.' }], {
    tools: [
      defineTool({
        name: 'erase',
        description: 'x',
        effect: 'destructive',
        input: z.object({ n: z.number() }),
        run: () => expect.fail('was called'),
      }),
      defineTool({ name: 'look', description: 'x', effect: 'read', input: z.object({}), run: () => 'seen' }),
    ],
  })
  await executor.run(agent, 'go')
  expect(model.requests[0]?.tools?.map(({ name }) => name)).toEqual(['look'])
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    content: [{ isError: true, content: [{ text: 'There is no tool named "erase". Available: look.' }] }],
  })
  expect(logger.lines).toEqual([])
})

test('a tool whose own definition asks is left out with a warning where nobody can be asked', async () => {
  const { executor, logger } = scriptedHost([{ text: 'Done.' }], {
    tools: [defineTool({ name: 'pay', description: 'x', approval: 'ask', input: z.object({}), run: () => '' })],
  })
  await executor.run({ name: 'a', tools: ['pay'] }, 'go')
  expect(logger.lines).toEqual([
    {
      level: 'warn',
      message: 'pay is left out of run run-1: it must be asked for, and nobody can be asked',
      details: undefined,
    },
  ])
})

import { fakeClock } from '@executus/llm/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import type { ExecutorOptions } from '../config.ts'
import { staticPalette } from '../delegation/palette.ts'
import type { ResumeOptions } from '../executor.ts'
import { recordingCheckpointer, type RecordingCheckpointer, scriptedHost, type ScriptTurn } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'
import { type ApprovalDecision, approveLater } from './approvals.ts'

const agent = { name: 'helper', tools: ['erase'] }
const ID = 'r/call_1_0'

/** One process of a host that asks for `erase` and waits for the answer in its journal. */
function process(checkpointer: RecordingCheckpointer, turns: readonly ScriptTurn[], options: ExecutorOptions = {}) {
  const done: unknown[] = []
  const erase = defineTool({
    name: 'erase',
    description: 'Erases.',
    effect: 'destructive',
    input: z.object({ n: z.number() }),
    run: ({ n }) => {
      done.push(n)
      return `erased ${n}`
    },
  })
  const host = scriptedHost(turns, { tools: [erase], approvals: approveLater, checkpointer, ...options })
  return { ...host, done }
}

const ASK: ScriptTurn = { calls: [{ name: 'erase', input: { n: 1 } }] }

async function suspended(options: ExecutorOptions = {}) {
  const clock = fakeClock()
  const checkpointer = recordingCheckpointer({ now: () => clock.now() })
  const first = process(checkpointer, [ASK], { clock, ...options })
  const result = await first.executor.run(agent, 'go', { runId: 'r' })
  expect(result).toMatchObject({
    status: 'suspended',
    stopReason: 'approval',
    approvals: [{ id: ID, tool: 'erase', input: { n: 1 } }],
    error: { code: 'approval', message: 'The run waits for a person to allow erase' },
    durable: true,
  })
  expect(result.messages.at(-1)).toMatchObject({ role: 'tool', content: [{ isError: true }] })
  expect(checkpointer.records.get('r')?.status).toBe('suspended')
  const resume = async (how: ResumeOptions = {}, changed: ExecutorOptions = {}) => {
    const next = process(checkpointer, [{ text: 'Done.' }], { clock, ...options, ...changed })
    const handle = next.executor.resume('r', how)
    const told: ApprovalDecision[] = []
    handle.on('approval-decision', ({ decisions }) => told.push(...decisions))
    await clock.advance(1)
    const resumed = await handle.result
    const answer = resumed.messages.find(({ role }) => role === 'tool')?.content[0]
    const text = answer?.type === 'tool-result' && answer.content[0]?.type === 'text' ? answer.content[0].text : ''
    return { result: resumed, done: next.done, text, told }
  }
  return { clock, checkpointer, resume }
}

const yes = { id: ID, isApproved: true }

test('a run that waits for a yes ends its segment, and another executor goes on with it', async () => {
  const { resume, checkpointer } = await suspended()
  const { result, done, text } = await resume({ approvals: [yes] })
  expect(result).toMatchObject({ status: 'ok', output: 'Done.', steps: 2, durable: true })
  expect(done).toEqual([1])
  expect(text).toBe('erased 1')
  expect(checkpointer.records.get('r')).toMatchObject({
    status: 'completed',
    outcome: { status: 'ok', output: 'Done.' },
  })
})

test('a run that is resumed without its answer waits on, and nothing is asked of a model', async () => {
  const { resume } = await suspended()
  expect((await resume()).result).toMatchObject({ status: 'suspended', approvals: [{ id: ID }], steps: 1 })
  expect((await resume({ approvals: [{ id: 'r/call_7_7', isApproved: true }] })).result.status).toBe('suspended')
  expect((await resume({ approvals: [yes] })).result.status).toBe('ok')
})

test('the first decision counts, whichever way a second one goes', async () => {
  const { resume } = await suspended()
  const { done, text } = await resume({ approvals: [{ id: ID, isApproved: false, note: 'no!' }, yes] })
  expect(done).toEqual([])
  expect(text).toBe('erase was not called: it was declined: no!.')
})

test('a decision may come to the journal itself; one that comes later changes nothing', async () => {
  const { resume, checkpointer } = await suspended()
  checkpointer.signal('r', ID, { isApproved: false })
  checkpointer.signal('r', ID, { isApproved: true })
  expect(await resume({ approvals: [yes] })).toMatchObject({ done: [], text: 'erase was not called: it was declined.' })
})

test('a decision is told of once, whichever way it came', async () => {
  const { resume, checkpointer } = await suspended({ approvalTtlMs: 1_000 })
  checkpointer.signal('r', ID, { isApproved: false, note: 'no!', by: 'ann' })
  expect((await resume()).told).toEqual([{ id: ID, isApproved: false, note: 'no!', by: 'ann' }])

  const given = await suspended()
  expect((await given.resume({ approvals: [yes] })).told).toEqual([yes])
})

test.each(['given', 'sent'])('of a step with two decisions a run tells of each once, the first one %s', async (way) => {
  const checkpointer = recordingCheckpointer({ now: () => 0 })
  const two: ScriptTurn = {
    calls: [1, 2].map((n) => ({ name: 'erase', input: { n } })),
  }
  const told: ApprovalDecision[][] = []
  const segment = async (turn: ScriptTurn, how?: ResumeOptions) => {
    const { executor } = process(checkpointer, [turn])
    const run = how === undefined ? executor.start(agent, 'go', { runId: 'r' }) : executor.resume('r', how)
    run.on('approval-decision', ({ decisions }) => told.push([...decisions]))
    return (await run.result).status
  }
  const second = { id: 'r/call_1_1', isApproved: true }

  expect(await segment(two)).toBe('suspended')
  if (way === 'sent') checkpointer.signal('r', ID, { isApproved: true })
  expect(await segment(two, way === 'given' ? { approvals: [yes] } : {})).toBe('suspended')
  expect(told).toEqual([[yes]])
  checkpointer.signal('r', second.id, { isApproved: true })
  expect(await segment({ text: 'Done.' }, {})).toBe('ok')
  expect(told).toEqual([[yes], [second]])
})

test('a signal is a yes only if it says so', async () => {
  const { resume, checkpointer } = await suspended()
  checkpointer.signal('r', ID, 'yes')
  expect(await resume()).toMatchObject({ done: [], text: 'erase was not called: it was declined.' })
})

test.each([
  ['given at the resume', (id: string) => ({ approvals: [{ id, isApproved: true }] }), undefined],
  ['sent to the journal', () => ({}), true],
])('a yes that is %s too late is a no', async (_, how, isSignal) => {
  const { resume, clock, checkpointer } = await suspended({ approvalTtlMs: 1_000 })
  await clock.advance(1_000)
  if (isSignal === true) checkpointer.signal('r', ID, { isApproved: true })
  expect(await resume(how(ID))).toMatchObject({
    done: [],
    text: 'erase was not called: it was declined: nobody answered in time.',
  })
})

test('a yes that came in time counts, however late the run is resumed', async () => {
  const { resume, clock, checkpointer } = await suspended({ approvalTtlMs: 1_000 })
  await clock.advance(999)
  checkpointer.signal('r', ID, { isApproved: true })
  await clock.advance(1_000_000)
  expect(await resume()).toMatchObject({ done: [1], text: 'erased 1' })
})

test('a request that nobody answered in time is declined at the next resume', async () => {
  const { resume, clock } = await suspended({ approvalTtlMs: 1_000 })
  await clock.advance(1_000)
  expect(await resume()).toMatchObject({
    done: [],
    text: 'erase was not called: it was declined: nobody answered in time.',
  })
})

test('a yes is for the very arguments that were shown', async () => {
  const { resume } = await suspended()
  const changed = defineTool({
    name: 'erase',
    description: 'Erases more.',
    effect: 'destructive',
    input: z.object({ n: z.number(), everything: z.boolean().default(true) }),
    run: () => expect.fail('was called'),
  })
  const { text } = await resume({ approvals: [yes] }, { tools: [changed] })
  expect(text).toBe('erase was not called: its arguments, or what they stand for, are no longer those allowed.')
})

test('a yes is for the very things that the arguments stood for', async () => {
  const { resume } = await suspended()
  const moved = defineTool({
    name: 'erase',
    description: 'Erases elsewhere.',
    effect: 'destructive',
    input: z.object({ n: z.number() }),
    resources: () => [{ kind: 'path', value: 'elsewhere' }],
    run: () => expect.fail('was called'),
  })
  const { text } = await resume({ approvals: [yes] }, { tools: [moved] })
  expect(text).toBe('erase was not called: its arguments, or what they stand for, are no longer those allowed.')
})

test('a policy that denies by now wins over a yes', async () => {
  const { resume } = await suspended()
  const gone = await resume({ approvals: [yes] }, { permissions: { mode: 'readonly' } })
  expect(gone).toMatchObject({
    done: [],
    text: 'There is no tool named "erase". No tools are available; answer without them.',
  })

  const other = await suspended()
  const denied = await other.resume({ approvals: [yes] }, { permissions: { judge: () => 'deny' } })
  expect(denied).toMatchObject({ done: [], text: 'erase was not called: it is not permitted here.' })
})

test('a call that no policy asks for any more still needs the yes that it waited for', async () => {
  const { resume } = await suspended()
  expect((await resume({}, { permissions: { mode: 'trusted' } })).result.status).toBe('suspended')
})

test('the wait is no part of the run’s time', async () => {
  const { resume, clock } = await suspended()
  await clock.advance(3_600_000)
  expect((await resume({ approvals: [yes] })).result).toMatchObject({ status: 'ok', elapsedMs: 0 })
})

test('an approval of a delegated run’s call surfaces at the root, and is answered there', async () => {
  const checkpointer = recordingCheckpointer()
  const palette = staticPalette([{ name: 'child', description: 'helps', tools: ['erase'] }])
  const boss = { name: 'boss', tools: ['erase'], palette: ['child'] }
  const delegate: ScriptTurn = { calls: [{ name: 'agent__child', input: { task: 'help' }, id: 'd' }] }
  const first = process(checkpointer, [delegate, ASK], { palette })
  const waiting = await first.executor.run(boss, 'go', { runId: 'r' })
  expect(waiting).toMatchObject({
    status: 'suspended',
    approvals: [
      {
        id: 'r/d/call_2_0',
        runId: 'r/d',
        rootRunId: 'r',
        tool: 'erase',
        agentPath: ['boss', 'child'],
        input: { n: 1 },
      },
    ],
  })
  expect([...checkpointer.records].map(([id, { status }]) => [id, status])).toEqual([
    ['r', 'suspended'],
    ['r/d', 'left'],
  ])

  const next = process(checkpointer, [{ text: 'Erased it.' }, { text: 'Done.' }], { palette })
  const result = await next.executor.resume('r', { approvals: [{ id: 'r/d/call_2_0', isApproved: true }] }).result
  expect(result).toMatchObject({ status: 'ok', output: 'Done.', steps: 2 })
  expect(next.done).toEqual([1])
  expect([...checkpointer.records.values()].map(({ status }) => status)).toEqual(['completed', 'completed'])
})

test('a yes to a delegated run’s call that came to the root in time counts, however late the root is resumed', async () => {
  const clock = fakeClock()
  const checkpointer = recordingCheckpointer({ now: () => clock.now() })
  const palette = staticPalette([{ name: 'child', description: 'helps', tools: ['erase'] }])
  const boss = { name: 'boss', tools: ['erase'], palette: ['child'] }
  const options = { palette, clock, approvalTtlMs: 1_000 }
  const delegate: ScriptTurn = { calls: [{ name: 'agent__child', input: { task: 'help' }, id: 'd' }] }
  await process(checkpointer, [delegate, ASK], options).executor.run(boss, 'go', { runId: 'r' })
  await clock.advance(500)
  checkpointer.signal('r', 'r/d/call_2_0', { isApproved: true })
  await clock.advance(5_000)

  const next = process(checkpointer, [{ text: 'Erased it.' }, { text: 'Done.' }], options)
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok' })
  expect(next.done).toEqual([1])
})

test('a run goes on without a pause when the answer was there before it could be left', async () => {
  const checkpointer = recordingCheckpointer({ now: () => 0 })
  const approvals = {
    ask() {
      checkpointer.signal('r', ID, { isApproved: true })
      return Promise.resolve('later' as const)
    },
  }
  const { executor, done } = process(checkpointer, [ASK, { text: 'Done.' }], { approvals })
  const run = executor.start(agent, 'go', { runId: 'r' })
  const told: ApprovalDecision[] = []
  run.on('approval-decision', ({ decisions }) => told.push(...decisions))
  expect(await run.result).toMatchObject({ status: 'ok' })
  expect(done).toEqual([1])
  expect(told).toEqual([yes])
})

test('an approval is not used again for a call whose outcome is unknown', async () => {
  const checkpointer = recordingCheckpointer()
  const host = process(checkpointer, [ASK, { text: 'Done.' }], {
    approvals: { ask: (requests) => Promise.resolve(requests.map(({ id }) => ({ id, isApproved: true }))) },
  })
  await host.executor.run(agent, 'go', { runId: 'r' })
  const { entries } = checkpointer.records.get('r')!
  const afterIntent = entries.findIndex((entry) => entry.type === 'intent' && entry.kind === 'tool') + 1

  const next = process(checkpointer.afterCrash(afterIntent), [{ text: 'I checked.' }])
  const result = await next.executor.resume('r', { approvals: [yes] }).result
  expect(next.done).toEqual([])
  expect(result).toMatchObject({ status: 'ok', output: 'I checked.' })
  expect(JSON.stringify(result.messages)).toContain('its outcome is unknown')
})

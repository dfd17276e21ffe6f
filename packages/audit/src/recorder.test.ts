import { type ApprovalRequest, defineTool, type RunEventBody, type RunInfo, RunError } from '@executus/core'
import { recordingCheckpointer, scriptedHost } from '@executus/core/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { auditScene, call, end, eventsOf, infoOf, resultOf, START } from './audit.test-kit.ts'

const look = defineTool({
  name: 'look',
  description: 'x',
  effect: 'read',
  input: z.object({ at: z.string() }),
  run: ({ at }) => `seen ${at}`,
})

test('a run with a tool leaves a record and its entries', async () => {
  const { audit } = auditScene()
  const { executor } = scriptedHost(
    [{ text: 'Hm.', calls: [{ name: 'look', input: { at: 'the sea' } }] }, { text: 'Blue.' }],
    {
      audit,
      tools: [look],
    },
  )
  const agent = { name: 'guide', tools: ['look'] }
  const invocation = {
    caller: 'eve',
    channel: 'c',
    guild: 'g',
    subject: 'tea',
    deliverTo: { room: 7 },
    requestKey: 'k',
  }
  const result = await executor.run(agent, 'What colour?', { runId: 'r', ...invocation })
  expect(await audit.find('r')).toMatchObject({
    ...{ runId: 'r', rootRunId: 'r', agent: 'guide', tier: 'fast', caller: 'eve', channel: 'c', guild: 'g' },
    ...{ subject: 'tea', deliverTo: '{"room":7}', requestKey: 'k', input: 'What colour?', inputMessages: 1 },
    ...{ status: 'ok', stopReason: 'answered', output: 'Blue.', steps: 2, toolCalls: 1, segments: 1, dropped: 0 },
    ...{ usage: result.usage, elapsedMs: result.elapsedMs, entries: 6, limits: { maxSteps: 12 } },
  })
  expect(await audit.entries('r')).toMatchObject([
    { seq: 1, type: 'start', agent: 'guide', isResumed: false },
    { seq: 2, type: 'tool-call', callId: 'call_1_0', tool: 'look', arguments: '{"at":"the sea"}' },
    { seq: 3, type: 'tool-result', callId: 'call_1_0', tool: 'look', result: 'seen the sea', isError: false },
    { seq: 4, type: 'step', step: 1, text: 'Hm.', stopReason: 'tool-calls' },
    { seq: 5, type: 'step', step: 2, text: 'Blue.', stopReason: 'stop' },
    { seq: 6, type: 'end', status: 'ok', stopReason: 'answered', steps: 2, toolCalls: 1 },
  ])
  expect(audit.stats()).toEqual({ buffered: 0, bufferedChars: 0, written: 6, dropped: 0, failedWrites: 0 })
})

test('a run that fails leaves why, with the causes', async () => {
  const { audit } = auditScene()
  const { executor } = scriptedHost([], { audit, identity: { principalOf: () => expect.fail('no directory') } })
  await executor.run({ name: 'a' }, 'go', { runId: 'r' })
  expect(await audit.find('r')).toMatchObject({
    status: 'error',
    stopReason: 'port',
    error: { name: 'RunError', code: 'port', causes: ['AssertionError: no directory'] },
  })
})

test.each([
  ['a proxy that is revoked', revokedProxy()],
  ['an error whose message throws', Object.defineProperty(new Error('x'), 'message', { get: () => expect.fail('no') })],
  ['an object without a prototype', Object.create(null) as unknown],
  ['a symbol', Symbol('s')],
])('how a run ended is kept, whatever caused it: %s', async (_, cause) => {
  const { audit } = auditScene()
  const recorder = audit.open(infoOf('r'), { isResumed: false })
  const discarded = { type: 'attempt-discarded', step: 1, model: 'a', nextModel: 'b', error: cause, waitMs: 0 }
  const error = new RunError('fault', 'broken', { cause })
  const ended = end('r', { status: 'error', stopReason: 'fault', error })
  for (const event of eventsOf('r', START, discarded as RunEventBody, ended)) recorder.event(event)
  expect(await audit.find('r')).toMatchObject({
    ...{ status: 'error', dropped: 0, entries: 3 },
    error: { message: 'broken', causes: [expect.any(String)] },
  })
})

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

test('each kind of event is kept as what it says, and deltas are not', async () => {
  const { audit } = auditScene()
  const recorder = audit.open(infoOf('r'), { isResumed: false })
  const request: ApprovalRequest = {
    ...{ id: 'r/1', runId: 'r', rootRunId: 'r', callId: '1', tool: 'pay', input: { euros: 4 } },
    effect: 'destructive',
    ...{ resources: [], agentPath: ['agent'], expiresAtMs: 9 },
  } as const
  const message = { role: 'user', content: [{ type: 'text', text: 'hurry' }] } as const
  const tokens = { tokensBefore: 9, tokensAfter: 5, messagesBefore: 4, messagesAfter: 2 }
  const bodies: readonly RunEventBody[] = [
    START,
    { type: 'phase-start', phase: 'plan', index: 0, model: 'p/m' },
    { type: 'step-start', step: 1 },
    { type: 'text-delta', step: 1, text: 'H' },
    { type: 'reasoning-delta', step: 1, text: 'H' },
    { type: 'attempt-discarded', step: 1, model: 'p/m', nextModel: 'p/n', waitMs: 5, error: new Error('busy') },
    { type: 'approval-request', step: 1, requests: [request] },
    { type: 'approval-decision', step: 1, decisions: [{ id: 'r/1', isApproved: false, note: 'too dear', by: 'eve' }] },
    { type: 'compaction', step: 1, strategy: 'shrink', ...tokens },
    { type: 'limits-raised', step: 1, maxSteps: 20, timeoutMs: 5 },
    { type: 'steer-delivered', step: 1, message },
    { type: 'child-event', step: 1, callId: '2', event: eventsOf('r/2', START)[0]! },
    { type: 'child-event', step: 1, callId: '2', event: eventsOf('r/2', call('x'))[0]! },
    { type: 'child-event', step: 1, callId: '2', event: eventsOf('r/2', end('r/2'))[0]! },
    { type: 'phase-end', phase: 'plan', index: 0, output: 'a plan' },
    end('r', { artifacts: [{ name: 'a.png', mediaType: 'image/png', source: { base64: 'AAAA' } }] }),
  ]
  for (const event of eventsOf('r', ...bodies)) recorder.event(event)
  await recorder.close(resultOf('r'))
  const entries = await audit.entries('r')
  expect(entries.map(({ runId: _r, seq: _s, atMs: _a, ...body }) => body)).toEqual([
    { type: 'start', agent: 'agent', model: 'p/m', isResumed: false },
    { type: 'phase-start', phase: 'plan', index: 0, model: 'p/m' },
    { type: 'attempt-discarded', step: 1, model: 'p/m', nextModel: 'p/n', waitMs: 5, error: 'Error: busy' },
    {
      type: 'approval-request',
      step: 1,
      requests: [
        {
          id: 'r/1',
          callId: '1',
          tool: 'pay',
          effect: 'destructive',
          arguments: '{"euros":4}',
          resources: '[]',
          expiresAtMs: 9,
        },
      ],
    },
    { type: 'approval-decision', step: 1, decisions: [{ id: 'r/1', isApproved: false, note: 'too dear', by: 'eve' }] },
    { type: 'compaction', step: 1, strategy: 'shrink', ...tokens },
    { type: 'limits-raised', step: 1, maxSteps: 20, timeoutMs: 5 },
    { type: 'steer', step: 1, text: 'hurry' },
    { type: 'child', step: 1, callId: '2', childRunId: 'r/2', status: 'running' },
    { type: 'child', step: 1, callId: '2', childRunId: 'r/2', status: 'ok' },
    { type: 'phase-end', phase: 'plan', index: 0, output: 'a plan' },
    { type: 'end', status: 'ok', stopReason: 'answered', steps: 1, toolCalls: 0, elapsedMs: 40 },
  ])
  expect(await audit.find('r')).toMatchObject({ artifacts: ['a.png (image/png)'] })
})

test('texts are cut at maxTextChars, with a note; bytes are not kept', async () => {
  const { audit } = auditScene({ maxTextChars: 10 })
  const image = { type: 'image', mediaType: 'image/png', source: { base64: 'QUJD' } } as const
  const input: RunInfo['input'] = [
    { role: 'user', content: [{ type: 'text', text: 'first' }] },
    { role: 'user', content: [image, { type: 'text', text: 'second' }] },
  ]
  const recorder = audit.open(infoOf('r', { input }), { isResumed: false })
  for (const event of eventsOf('r', START, call('1', 'x'.repeat(1_000_000)))) recorder.event(event)
  await audit.flush()
  expect(await audit.find('r')).toMatchObject({ input: '[image ima… [13 more characters]', inputMessages: 2 })
  expect((await audit.entries('r'))[1]).toMatchObject({ arguments: `${'x'.repeat(10)}… [999990 more characters]` })
})

test('a run that goes on elsewhere goes on in its record', async () => {
  const { audit } = auditScene({ chain: true })
  const checkpointer = recordingCheckpointer()
  const first = scriptedHost([{ calls: [{ name: 'look', input: { at: 'a' } }] }, { stalls: true }], {
    audit,
    checkpointer,
    tools: [look],
  })
  const run = first.executor.start({ name: 'a', tools: ['look'] }, 'go', { runId: 'r' })
  await first.clock.advance(1)
  await first.executor.shutdown()
  await run.result
  expect(await audit.find('r')).toMatchObject({ status: 'interrupted', segments: 1, toolCalls: 1, steps: 2 })
  const other = scriptedHost([{ calls: [{ name: 'look', input: { at: 'b' } }] }, { text: 'Hi.' }], {
    audit,
    checkpointer,
    tools: [look],
  })
  await other.executor.resume('r').result
  const record = await audit.find('r')
  expect(record).toMatchObject({ status: 'ok', output: 'Hi.', segments: 2, toolCalls: 2 })
  expect(record).not.toHaveProperty('error')
  const entries = await audit.entries('r')
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
  expect(entries.filter(({ type }) => type === 'start' || type === 'end')).toMatchObject([
    { type: 'start', isResumed: false },
    { type: 'end', status: 'interrupted' },
    { type: 'start', isResumed: true },
    { type: 'end', status: 'ok' },
  ])
  expect(await audit.verify('r')).toMatchObject({ isWhole: true, entries: entries.length })
})

test('a second run of one id goes on in the record of the first, and is what the record tells of', async () => {
  const { audit } = auditScene()
  for (const caller of ['eve', 'bob']) {
    const recorder = audit.open(infoOf('r', { caller }), { isResumed: false })
    for (const event of eventsOf('r', START, call('1'), end('r'))) recorder.event(event)
    await recorder.close(resultOf('r'))
  }
  expect(await audit.find('r')).toMatchObject({ caller: 'bob', segments: 2, toolCalls: 1, entries: 6 })
})

test('of two processes with one run, the one that was shut out does not say how it ended', async () => {
  const { audit, store } = auditScene()
  const other = auditScene({ store }).audit
  const lost = audit.open(infoOf('r'), { isResumed: false })
  lost.event(eventsOf('r', START)[0]!)
  await audit.flush()
  const owner = other.open(infoOf('r'), { isResumed: true })
  for (const event of eventsOf('r', { ...START, isResumed: true } as RunEventBody, end('r'))) owner.event(event)
  await owner.close(resultOf('r'))
  const error = new RunError('fenced', 'taken over')
  lost.event(eventsOf('r', end('r', { status: 'interrupted', stopReason: 'fenced', error }))[0]!)
  await lost.close(resultOf('r'))
  expect(await audit.find('r')).toMatchObject({ status: 'ok', segments: 2, entries: 4 })
  expect((await audit.entries('r')).at(-1)).toMatchObject({ seq: 4, type: 'end', status: 'interrupted' })
})

test('an event that nobody can read is dropped, and the next one kept', async () => {
  const { audit, logger } = auditScene()
  const recorder = audit.open(infoOf('r'), { isResumed: false })
  recorder.event(eventsOf('r', START)[0]!)
  recorder.event({ ...eventsOf('r', call('1'))[0]!, argumentsText: undefined } as never)
  recorder.event(eventsOf('r', call('2'))[0]!)
  expect((await audit.entries('r')).map(({ type }) => type)).toEqual(['start', 'dropped', 'tool-call'])
  expect(audit.stats()).toMatchObject({ dropped: 1 })
  expect(logger.lines).toHaveLength(1)
})

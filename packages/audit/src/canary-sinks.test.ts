// Secrets are put into every field that comes in, and then looked for in all that goes out.
import {
  type ApprovalRequest,
  defineTool,
  type RunEvent,
  type RunEventBody,
  RunError,
  userMessage,
} from '@executus/core'
import { scriptedHost } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'

import type { AuditLog } from './audit-log.ts'
import { auditScene, contentOf, end, eventsOf, heldStore, infoOf, resultOf, START } from './audit.test-kit.ts'
import { CANARY, LABELLED, LABELLED_SECRET, SHAPED, SPELLINGS, tracesIn } from './canaries.test-kit.ts'

/** All that is given out about a run. */
async function allOf(audit: AuditLog, runId: string): Promise<string> {
  const [run, page, entries] = [await audit.find(runId), await audit.list(), await audit.entries(runId)]
  const lines = await Array.fromAsync(audit.exportRun(runId, { below: true }))
  return [JSON.stringify([run, page, entries]), ...lines].join('\n')
}

/** A run in whose every field `secret` stands. Ids alone are kept as they are. */
async function fill(audit: AuditLog, secret: string): Promise<void> {
  const image = { type: 'image', mediaType: secret, source: { url: `https://h/?x=${secret}` } } as const
  const file = { type: 'file', mediaType: 'text/plain', name: secret, source: { base64: 'QQ==' } } as const
  const said = { role: 'user', content: [{ type: 'text', text: `a ${secret} b` }, image, file] } as const
  const info = infoOf('r', {
    agent: { name: secret, instructions: secret, description: secret },
    ...{ tier: secret, model: secret, subject: `x ${secret}`, caller: secret, channel: secret, guild: secret },
    ...{ deliverTo: { to: [secret], [secret]: 1 }, requestKey: secret, input: [said] },
  })
  const recorder = audit.open(info, { isResumed: false })
  const error = new RunError('fault', `m ${secret}`, { cause: new Error(secret, { cause: secret }) })
  const request: ApprovalRequest = {
    ...{ id: `r/${secret}`, runId: 'r', rootRunId: 'r', callId: secret, tool: secret, effect: 'write' },
    ...{ input: { a: { [secret]: [secret] } }, resources: [{ kind: secret }] as never, reason: secret },
    ...{ agentPath: [secret], expiresAtMs: 9 },
  }
  const content = [{ type: 'text', text: JSON.stringify({ deep: JSON.stringify([secret]) }) }, image] as const
  const child = eventsOf('r/1', { type: 'run-start', agent: secret, model: secret, isResumed: false })[0]!
  const bodies: readonly RunEventBody[] = [
    { type: 'run-start', agent: secret, model: secret, isResumed: false },
    { type: 'phase-start', phase: secret, index: 0, model: secret },
    { type: 'text-delta', step: 1, text: secret },
    { type: 'attempt-discarded', step: 1, model: secret, nextModel: secret, error: new Error(secret), waitMs: 0 },
    { type: 'tool-call-start', step: 1, callId: secret, tool: secret, argumentsText: JSON.stringify({ x: secret }) },
    {
      type: 'tool-call-start',
      step: 1,
      callId: '2',
      tool: 'b',
      argumentsText: `{"cut": ${JSON.stringify(secret).slice(0, -1)}`,
    },
    {
      ...{ type: 'tool-call-end', step: 1, callId: secret, tool: secret, elapsedMs: 1 },
      result: { type: 'tool-result', callId: secret, name: secret, content, isError: true },
    },
    { type: 'approval-request', step: 1, requests: [request] },
    { type: 'approval-decision', step: 1, decisions: [{ id: secret, isApproved: true, note: secret, by: secret }] },
    { type: 'child-event', step: 1, callId: secret, event: child },
    { type: 'steer-delivered', step: 1, message: said },
    {
      ...{ type: 'step-end', step: 1, stopReason: 'stop' },
      message: {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: secret },
          { type: 'text', text: secret },
        ],
      },
    },
    { type: 'phase-end', phase: secret, index: 0, output: secret },
    end('r', {
      ...{ status: 'error', stopReason: 'fault', error, output: `x ${secret}`, object: { secret } },
      artifacts: [{ name: secret, mediaType: secret, source: { url: `https://h/?${secret}` } }],
    }),
  ]
  for (const event of eventsOf('r', ...bodies)) recorder.event(event)
  await recorder.close(resultOf('r'))
  await audit.note('r', { about: secret, text: `a ${secret} b`, by: secret })
}

test.each(Object.entries(SPELLINGS))('a known secret in any field is nowhere in the audit: %s', async (_, spelling) => {
  const { audit, store, logger } = auditScene({ secrets: [CANARY], chain: true })
  await fill(audit, spelling)
  const all = `${await allOf(audit, 'r')}${await contentOf(store)}${JSON.stringify(logger.lines)}`
  expect(all.split('[redacted:secret]').length).toBeGreaterThan(60)
  expect(tracesIn(all)).toEqual([])
})

test.each(Object.entries(SHAPED))('a secret of a known shape in any field is nowhere: %s', async (_, secret) => {
  const { audit, store } = auditScene()
  await fill(audit, secret)
  expect(`${await allOf(audit, 'r')}${await contentOf(store)}`).not.toMatch(/aB3|2345|GaBc/)
})

test.each(Object.entries(LABELLED))('a secret that a name tells of in any field is nowhere: %s', async (_, secret) => {
  const { audit, store } = auditScene()
  await fill(audit, secret)
  expect(`${await allOf(audit, 'r')}${await contentOf(store)}`).not.toMatch(LABELLED_SECRET)
})

test('a real run with secrets in its tools, its answers and its approvals leaves none', async () => {
  const { audit, store, logger } = auditScene({ secrets: () => [CANARY] })
  const fetchKey = defineTool({
    name: 'fetch_key',
    description: 'x',
    effect: 'destructive',
    input: z.object({ login: z.object({ password: z.string() }), note: z.string() }),
    run: ({ note }) => {
      if (note === 'fail') throw new Error(`bad: ${CANARY}`, { cause: new Error(CANARY) })
      return { headers: { authorization: 'S3CR-et' }, body: `${SPELLINGS['base64']} ${SHAPED['jwt']}` }
    },
  })
  const login = { password: 'S3CR-et' }
  const { executor, logger: coreLog } = scriptedHost(
    [
      { calls: [{ name: 'fetch_key', input: { login, note: CANARY } }] },
      { calls: [{ name: 'fetch_key', input: { login, note: 'fail' } }] },
      { calls: [{ name: 'fetch_key', argumentsText: `{"login":{"password":"S3CR-et` }] },
      { text: `It is ${CANARY}, and ${SHAPED['github']}` },
    ],
    {
      audit,
      tools: [fetchKey],
      approvals: {
        ask: (requests) =>
          Promise.resolve(requests.map(({ id }) => ({ id, isApproved: true, note: CANARY, by: 'eve' }))),
      },
      sessionTools: () => ({
        tools: [],
        postRun: () => [{ name: `${CANARY}.txt`, mediaType: 'text/plain', source: { text: CANARY } }],
      }),
    },
  )
  const agent = { name: 'a', tools: ['fetch_key'], instructions: `The key is ${CANARY}` }
  const file = { type: 'file', mediaType: 'text/plain', name: `${CANARY}.txt`, source: { base64: 'QQ==' } } as const
  const input = `Log in with password=S3CR-et or ${CANARY}`
  const result = await executor.run(agent, input, {
    runId: 'r',
    subject: CANARY,
    files: [file],
    deliverTo: { token: 'S3CR-et' },
  })
  expect(result.status).toBe('ok')
  const all = `${await allOf(audit, 'r')}${await contentOf(store)}${JSON.stringify([logger.lines, coreLog.lines])}`
  expect(tracesIn(all)).toEqual([])
  expect(all).not.toMatch(LABELLED_SECRET)
  expect(all).not.toMatch(/aB3/)
  expect(await audit.find('r')).toMatchObject({
    toolCalls: 3,
    output: 'It is [redacted:secret], and [redacted:github-token]',
  })
})

test('what a store throws is logged without secrets, and what the audit throws holds none', async () => {
  const { store, held } = heldStore()
  const { audit, logger } = auditScene({ secrets: [CANARY], store })
  const recorder = audit.open(infoOf('r'), { isResumed: false })
  recorder.event(eventsOf('r', START)[0]!)
  const closing = recorder.close(resultOf('r'))
  await vi.waitFor(() => expect(held).toHaveLength(1))
  held[0]!.fail(new Error(`INSERT failed near ${CANARY}`, { cause: { password: 'S3CR-et' } }))
  await closing
  expect(logger.lines).toHaveLength(1)
  expect(tracesIn(JSON.stringify(logger.lines))).toEqual([])
  expect(JSON.stringify(logger.lines)).not.toMatch(LABELLED_SECRET)
})

test('a caller whose name was redacted is found by his name', async () => {
  const { audit } = auditScene({ secrets: [CANARY] })
  await fill(audit, CANARY)
  for (const name of ['caller', 'channel', 'guild', 'agent'] as const)
    expect((await audit.list({ [name]: CANARY })).runs).toHaveLength(1)
  expect((await audit.list({ caller: 'other' })).runs).toEqual([])
})

test('when the secrets cannot be told, nothing is kept', async () => {
  let isOpen = true
  const secrets = () => {
    if (isOpen) return [CANARY]
    throw new Error('the vault is closed')
  }
  const { audit, store, logger } = auditScene({ secrets })
  const recorder = audit.open(infoOf('r'), { isResumed: false })
  const [first, second] = eventsOf('r', START, { type: 'steer-delivered', step: 1, message: userMessage('unseen') })
  recorder.event(first!)
  isOpen = false
  recorder.event(second!)
  expect(audit.open(infoOf('s'), { isResumed: false }).event(second as RunEvent)).toBeUndefined()
  await audit.flush()
  expect(await contentOf(store)).not.toContain('unseen')
  expect(audit.stats()).toMatchObject({ dropped: 2 })
  expect(logger.lines.length).toBeLessThanOrEqual(1)
})

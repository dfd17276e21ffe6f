import type { JsonValue, RunResult } from '@executus/core'
import { scriptedHost } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { agentJob } from './agent-job.ts'
import { MINUTE, NOON, scene, settle } from './scene.test-kit.ts'

const helper = { name: 'helper', instructions: 'Be brief.' }

function host(
  turns: Parameters<typeof scriptedHost>[0],
  payload: JsonValue,
  options: { readonly timeoutMs?: number } = {},
) {
  const delivered: unknown[] = []
  const delivery = {
    deliver: async ({ runId, output }: RunResult, { target }: { readonly target: JsonValue }) =>
      void delivered.push([runId, target, output]),
    deliverError: async () => {},
  }
  const scripted = scriptedHost(turns, { delivery })
  const run = agentJob(scripted.executor, (name) => (name === 'helper' ? helper : undefined))
  const timed = scene({ run, clock: scripted.clock, ...options })
  const add = () =>
    timed.schedule.add({ id: 'a', name: 'Tea', owner: 'eve', trigger: { atMs: NOON + MINUTE }, payload })
  return { ...timed, delivered, add }
}

test('agentJob() runs the agent that the payload names, under the id of the firing, and delivers where it says', async () => {
  const { schedule, clock, delivered, add } = host([{ text: 'Tea is ready.' }], {
    agent: 'helper',
    input: 'Is there tea?',
    deliverTo: { channel: 'kitchen' },
  })
  await add()
  await clock.advance(MINUTE)
  expect(await schedule.tick()).toMatchObject([{ outcome: 'ran' }])
  expect(delivered).toEqual([[`a@${NOON + MINUTE}`, { channel: 'kitchen' }, 'Tea is ready.']])
})

test('agentJob() gives the run its id, its subject, and its caller', async () => {
  const started: unknown[] = []
  const result = Promise.resolve({ status: 'ok' })
  const start = (...args: unknown[]) => {
    started.push(args)
    return { result, abort() {} }
  }
  const run = agentJob({ start: start as never }, () => helper)
  const firing = { id: 'a@5', jobId: 'a', name: 'Tea', owner: 'eve', dueAtMs: 5, startedAtMs: 6 }
  const { signal } = new AbortController()
  await run({ ...firing, payload: { agent: 'helper', input: 'Tea?' } }, { signal })
  await run(
    { ...firing, payload: { agent: 'helper', input: 'Tea?', caller: 'bob', channel: 'c', guild: 'g' } },
    { signal },
  )
  const same = { runId: 'a@5', requestKey: 'a@5', isFirstParty: true, subject: 'Tea' }
  expect(started).toEqual([
    [helper, 'Tea?', { ...same, caller: 'eve' }],
    [helper, 'Tea?', { ...same, caller: 'bob', channel: 'c', guild: 'g' }],
  ])
})

test.each<[JsonValue, string]>([
  ['helper', 'Expected `payload` to be an object with `agent` and `input`'],
  [{ input: 'x' }, 'Expected `payload.agent` to be a string'],
  [{ agent: 'helper', input: ' ' }, 'Expected `payload.input` to be a string that is not blank'],
  [{ agent: 'helper', input: 'x', caller: 7 }, 'Expected `payload.caller` to be a string'],
  [{ agent: 'stranger', input: 'x' }, 'There is no agent stranger'],
])('the payload %o fails the firing', async (payload, message) => {
  const { schedule, clock, add } = host([], payload)
  await add()
  await clock.advance(MINUTE)
  expect(await schedule.tick()).toMatchObject([{ outcome: 'failed', error: expect.stringContaining(message) }])
})

test('a run that ends without an answer fails its firing', async () => {
  const run = (ending: object) =>
    agentJob({ start: (() => ({ result: Promise.resolve(ending), abort() {} })) as never }, () => helper)(
      { id: 'a@5', jobId: 'a', dueAtMs: 5, startedAtMs: 5, payload: { agent: 'helper', input: 'x' } },
      { signal: new AbortController().signal },
    )
  const error = new Error('why')
  await expect(run({ status: 'error', stopReason: 'step-limit', error })).rejects.toThrow(
    'The run ended as error (step-limit): why',
  )
  await expect(run({ status: 'rejected', stopReason: 'duplicate', error })).rejects.toThrow('rejected (duplicate)')
  await expect(run({ status: 'interrupted', stopReason: 'shutdown', durable: false, error })).rejects.toThrow(
    'interrupted',
  )
  await run({ status: 'interrupted', stopReason: 'shutdown', durable: true, error })
  await run({ status: 'suspended', stopReason: 'approval', error })
})

test('a firing that takes too long aborts its run; the end of a loop leaves it to the executor', async () => {
  const aborted: unknown[] = []
  const run = agentJob(
    { start: (() => ({ result: new Promise(() => {}), abort: (reason: unknown) => aborted.push(reason) })) as never },
    () => helper,
  )
  const { schedule, clock } = scene({ run, timeoutMs: 5_000, graceMs: 0 })
  await schedule.add({ trigger: { everyMs: MINUTE }, payload: { agent: 'helper', input: 'x' } })
  await clock.advance(MINUTE)
  const ticked = schedule.tick()
  await clock.advance(5_000)
  expect(await ticked).toMatchObject([{ outcome: 'failed' }])
  expect(aborted).toMatchObject([{ name: 'TimeoutError' }])

  await clock.advance(MINUTE)
  const controller = new AbortController()
  const stopped = schedule.tick(undefined, { signal: controller.signal })
  await settle()
  controller.abort(new Error('bye'))
  await clock.advance(0)
  expect(await stopped).toMatchObject([{ outcome: 'failed' }])
  expect(aborted).toHaveLength(1)
})

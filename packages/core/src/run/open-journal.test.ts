import { expect, test } from 'vitest'

import type { ExecutorOptions } from '../config.ts'
import { JournalError } from '../errors.ts'
import type { Checkpointer, CheckpointerFactory } from '../journal/checkpointer.ts'
import type { RunInfo } from '../run-info.ts'
import { recordingCheckpointer, scriptedHost } from '../testing/index.ts'

const agent = { name: 'a' }
const play = (options: ExecutorOptions) => {
  const host = scriptedHost([{ text: 'Hi.' }], options)
  return { ...host, result: host.executor.run(agent, 'go', { runId: 'r' }) }
}

test('a run has one checkpointer, which its factory mints from what is known about it', async () => {
  const checkpointer = recordingCheckpointer()
  const begun: RunInfo[] = []
  const { result } = play({
    checkpointer: {
      ...checkpointer,
      begin(info) {
        begun.push(info)
        return checkpointer.begin(info)
      },
    },
  })
  expect(await result).toMatchObject({ status: 'ok', durable: true })
  expect(begun).toMatchObject([{ runId: 'r', agent, input: [{ role: 'user' }] }])
  const { entries, status, outcome } = checkpointer.records.get('r')!
  expect(entries.map((entry) => ('key' in entry ? `${entry.type} ${entry.key}` : entry.type))).toEqual([
    'intent model:1',
    'result model:1',
  ])
  expect([status, outcome]).toEqual(['completed', { status: 'ok', stopReason: 'answered', output: 'Hi.' }])
})

test('a factory that gives nothing leaves the run without durability', async () => {
  const { result, logger } = play({
    checkpointer: { begin: () => Promise.resolve(undefined), reopen: () => Promise.resolve(undefined) },
  })
  expect(await result).toMatchObject({ status: 'ok', durable: false })
  expect(logger.lines).toEqual([])
})

const failing: [string, CheckpointerFactory['begin']][] = [
  ['rejects', () => Promise.reject(new Error('disk full'))],
  ['throws', () => expect.fail('disk full')],
]

test.each(failing)('a run whose factory %s goes on without durability, with a warning', async (_, begin) => {
  const { result, logger } = play({ checkpointer: { ...recordingCheckpointer(), begin } })
  expect(await result).toMatchObject({ status: 'ok', output: 'Hi.', durable: false })
  expect(logger.lines).toMatchObject([
    { level: 'warn', message: 'run r goes on without a journal', details: { message: 'disk full' } },
  ])
})

test.each(failing)('a run that must be durable is rejected when its factory %s', async (_, begin) => {
  const { result, model } = play({ requireDurable: true, checkpointer: { ...recordingCheckpointer(), begin } })
  expect(await result).toMatchObject({
    status: 'rejected',
    stopReason: 'not-durable',
    error: { code: 'not-durable', cause: { message: 'disk full' } },
    durable: false,
  })
  expect(model.requests).toEqual([])
})

test('requireDurable needs a checkpointer', () => {
  expect(() => scriptedHost([], { requireDurable: true })).toThrow(
    'Expected `checkpointer` to be given where `requireDurable` is set',
  )
})

test('a record that is opened when the run has stopped is closed', async () => {
  const checkpointer = recordingCheckpointer()
  let open: () => void = () => {}
  const { executor, clock } = scriptedHost([], {
    checkpointer: {
      ...checkpointer,
      begin: (info) => new Promise((resolve) => (open = () => resolve(checkpointer.begin(info)))),
    },
  })
  const run = executor.start(agent, 'go', { runId: 'r' })
  await clock.advance(1)
  run.abort()
  expect(await run.result).toMatchObject({ status: 'cancelled', durable: false })
  open()
  await clock.advance(1)
  expect(checkpointer.records.get('r')?.status).toBe('failed')
})

test('a run that is resumed goes on with its own record', async () => {
  const checkpointer = recordingCheckpointer()
  const first = scriptedHost([{ stalls: true }], { checkpointer })
  const run = first.executor.start(agent, 'go', { runId: 'r' })
  await first.clock.advance(1)
  await first.executor.shutdown()
  await run.result

  const begin = () => expect.fail('a second record')
  const next = scriptedHost([{ text: 'Hi.' }], { checkpointer: { ...checkpointer, begin } })
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok', durable: true, runId: 'r' })
  expect(checkpointer.records.size).toBe(1)
})

test.each([
  ['cannot be written', new JournalError('storage', 'disk full'), 'storage'],
  ['throws anything', 'oops', 'storage'],
  ['is another process’s', new JournalError('fenced', 'taken'), 'fenced'],
] as const)(
  'a run whose journal %s stops before its next effect and stays resumable',
  async (_, thrown, stopReason) => {
    const base = recordingCheckpointer()
    const breaking = (opened: Checkpointer | undefined): Checkpointer => ({
      ...opened!,
      step() {
        throw thrown as Error
      },
    })
    const checkpointer: CheckpointerFactory = {
      begin: async (info) => breaking(await base.begin(info)),
      reopen: (runId) => base.reopen(runId),
    }
    const { executor, model } = scriptedHost([{ text: 'never' }], { checkpointer })
    expect(await executor.run(agent, 'go', { runId: 'r' })).toMatchObject({
      status: 'interrupted',
      stopReason,
      error: { code: stopReason },
      durable: false,
    })
    expect(model.requests).toEqual([])
    expect(base.records.get('r')?.status).toBe('left')
    const next = scriptedHost([{ text: 'Hi.' }], { checkpointer: base })
    expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok' })
  },
)

test('a run that another process has claimed stops at once', async () => {
  const base = recordingCheckpointer()
  const lost = new AbortController()
  const { executor, clock } = scriptedHost([{ stalls: true }], {
    checkpointer: {
      ...base,
      begin: async (info) => ({ ...(await base.begin(info))!, lost: lost.signal }),
    },
  })
  const run = executor.start(agent, 'go')
  await clock.advance(1)
  lost.abort(new Error('epoch 2'))
  expect(await run.result).toMatchObject({
    status: 'interrupted',
    stopReason: 'fenced',
    error: { code: 'fenced', cause: { message: 'epoch 2' } },
  })
})

test('a run whose agent does not fit its executor any more gives its record back', async () => {
  const checkpointer = recordingCheckpointer()
  const first = scriptedHost([{ stalls: true }], { checkpointer })
  const run = first.executor.start(agent, 'go', { runId: 'r' })
  await first.clock.advance(1)
  await first.executor.shutdown()
  await run.result

  const next = scriptedHost([{ text: 'Hi.' }], { checkpointer })
  expect(await next.executor.resume('r', { agent: { name: 'a', tools: ['gone'] } }).result).toMatchObject({
    status: 'error',
    stopReason: 'fault',
    error: { message: expect.stringContaining('got `gone`') },
  })
  expect(checkpointer.records.get('r')?.status).toBe('left')
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok' })
})

test('resume() of a run that is unknown, finished or nowhere kept is rejected', async () => {
  const checkpointer = recordingCheckpointer()
  const { executor } = scriptedHost([{ text: 'Hi.' }], { checkpointer })
  await executor.run(agent, 'go', { runId: 'r' })
  const rejection = {
    status: 'rejected',
    stopReason: 'not-resumable',
    error: { code: 'not-resumable' },
    steps: 0,
    messages: [],
    durable: false,
  }
  expect(await executor.resume('r').result).toMatchObject({ ...rejection, runId: 'r' })
  expect(await executor.resume('nobody').result).toMatchObject({
    ...rejection,
    runId: 'nobody',
    error: { message: 'There is no record of nobody that could be continued here' },
  })
  expect(await scriptedHost([]).executor.resume('r').result).toMatchObject(rejection)
})

test('a tool that was given for the run and is missing at the resume is an error result', async () => {
  const checkpointer = recordingCheckpointer()
  const first = scriptedHost([{ stalls: true }], { checkpointer })
  const run = first.executor.start(agent, 'go', { runId: 'r' })
  await first.clock.advance(1)
  await first.executor.shutdown()
  await run.result
  const next = scriptedHost([{ calls: [{ name: 'extra' }] }, { text: 'Without it.' }], { checkpointer })
  expect(await next.executor.resume('r').result).toMatchObject({
    status: 'ok',
    messages: { 2: { role: 'tool', content: [{ isError: true }] } },
  })
})

import { expect, test } from 'vitest'

import { ModelError, type ModelErrorCode, type ModelErrorDetails } from './errors.ts'
import { failover, type FailoverOptions } from './failover.ts'
import { textOf } from './message.ts'
import type { Model, ModelEvent } from './model.ts'
import { fakeClock, scriptedModel, type ScriptTurn } from './testing/index.ts'

const question = { messages: [] }

function fails(code: ModelErrorCode, details: Partial<ModelErrorDetails> = {}): ModelError {
  return new ModelError(`${code}!`, { ...details, code })
}

/** A chain of scripted models a/1, b/2, ... with a fake clock and no jitter, and what happens when it is asked. */
function chain(scripts: readonly (readonly ScriptTurn[])[], options: FailoverOptions = {}) {
  const clock = fakeClock()
  const caller = new AbortController()
  const specs = ['a/1', 'b/2', 'c/3']
  const models = scripts.map((turns, index) => scriptedModel(turns, { spec: specs[index]!, clock }))
  const events: ModelEvent[] = []
  const outcome = failover(models, { clock, random: () => 1, ...options })
    .stream(question, { signal: caller.signal })
    .result((event) => events.push(event))
    .catch((error: unknown) => error)
  return { clock, caller, models, events, outcome, asked: () => models.map(({ requests }) => requests.length) }
}

const answer = { message: { content: [{ type: 'text', text: 'Hi' }] }, stopReason: 'stop' }

test('failover() needs a model', () => {
  expect(() => failover([])).toThrow(new RangeError('Expected a chain of at least one model, got an empty one'))
})

test.each([0, Number.NaN, -1])('failover() refuses to ask %s times', (maxAttempts) => {
  expect(() => failover([scriptedModel([])], { maxAttempts })).toThrow(
    new RangeError(`Expected \`maxAttempts\` to be 1 or more, got \`${maxAttempts}\``),
  )
})

test('failover() is named for its first model, and asks no other while that one answers', async () => {
  const { outcome, asked, events } = chain([[{ text: 'Hi' }], []])
  expect(await outcome).toMatchObject(answer)
  expect(asked()).toEqual([1, 0])
  expect(events).toEqual([{ type: 'text-delta', text: 'Hi' }])
  expect(failover([scriptedModel([], { spec: 'a/1' })]).spec).toBe('a/1')
})

test('failover() asks the same model again after a passing failure, later each time', async () => {
  const { outcome, clock, asked, events } = chain([[fails('overloaded'), fails('network'), { text: 'Hi' }], []])
  await clock.advance(499)
  expect(asked()).toEqual([1, 0])
  await clock.advance(1)
  expect(asked()).toEqual([2, 0])
  await clock.advance(1_000)

  expect(await outcome).toMatchObject(answer)
  expect(asked()).toEqual([3, 0])
  const same = { type: 'attempt-discarded', spec: 'a/1', nextSpec: 'a/1' }
  expect(events).toEqual([
    { ...same, error: fails('overloaded'), waitMs: 500 },
    { ...same, error: fails('network'), waitMs: 1_000 },
    { type: 'text-delta', text: 'Hi' },
  ])
  expect(clock.pending).toBe(0)
})

test('failover() asks the next model after three attempts, and begins to count anew', async () => {
  const failure = fails('truncated')
  const { outcome, clock, asked } = chain([
    [failure, failure, failure],
    [failure, failure, { text: 'Hi' }],
  ])
  await clock.advance(10_000)
  expect(await outcome).toMatchObject(answer)
  expect(asked()).toEqual([3, 3])
})

test.each<ModelErrorCode>(['auth', 'quota', 'not-found', 'context-overflow'])(
  'failover() asks the next model at once after `%s`',
  async (code) => {
    const { outcome, asked, events } = chain([[fails(code)], [{ text: 'Hi' }]])
    expect(await outcome).toMatchObject(answer)
    expect(asked()).toEqual([1, 1])
    expect(events).toEqual([
      { type: 'attempt-discarded', spec: 'a/1', error: fails(code), nextSpec: 'b/2', waitMs: 0 },
      { type: 'text-delta', text: 'Hi' },
    ])
  },
)

test.each<ModelErrorCode>(['bad-request', 'refused', 'aborted'])('failover() stops at `%s`', async (code) => {
  const failure = fails(code)
  const { outcome, asked, events } = chain([[failure], [{ text: 'Hi' }]])
  expect(await outcome).toBe(failure)
  expect(asked()).toEqual([1, 0])
  expect(events).toEqual([])
})

test.each([
  ['a short wait', 5_000, 'a/1', 5_000],
  ['no wait at all', 0, 'a/1', 0],
  ['a longer wait than a switch costs', 5_001, 'b/2', 0],
])('failover() heeds a provider that asks for %s', async (_what, retryAfterMs, nextSpec, waitMs) => {
  const { outcome, clock, events } = chain([
    [fails('rate-limited', { retryAfterMs }), { text: 'Hi' }],
    [{ text: 'Hi' }],
  ])
  await clock.advance(waitMs)
  expect(await outcome).toMatchObject(answer)
  expect(events[0]).toMatchObject({ type: 'attempt-discarded', nextSpec, waitMs })
})

test('failover() waits up to a minute for its last model, and not longer', async () => {
  const patient = chain([[fails('rate-limited', { retryAfterMs: 60_000 }), { text: 'Hi' }]])
  await patient.clock.advance(60_000)
  expect(await patient.outcome).toMatchObject(answer)

  const failure = fails('rate-limited', { retryAfterMs: 60_001 })
  const { outcome, clock, asked } = chain([[failure, { text: 'Hi' }]])
  expect(await outcome).toBe(failure)
  expect(asked()).toEqual([1])
  expect(clock.pending).toBe(0)
})

test('failover() says of what was streamed in a failed attempt that it is void', async () => {
  const breaksOff: Model = {
    spec: 'a/1',
    stream: () => ({
      result: async (onEvent = () => {}) => {
        onEvent({ type: 'text-delta', text: 'Hal' })
        throw fails('truncated')
      },
      [Symbol.asyncIterator]: () => {
        throw new Error('not used')
      },
    }),
  }
  const stream = failover([breaksOff, scriptedModel([{ text: 'Hi' }], { spec: 'b/2' })], { maxAttempts: 1 })
  expect(await Array.fromAsync(stream.stream(question))).toEqual([
    { type: 'text-delta', text: 'Hal' },
    { type: 'attempt-discarded', spec: 'a/1', error: fails('truncated'), nextSpec: 'b/2', waitMs: 0 },
    { type: 'text-delta', text: 'Hi' },
  ])
})

test('failover() names all failures when all models failed, and acts like the last', async () => {
  const details = { provider: 'c', model: '3', status: 429, retryAfterMs: 90_000 }
  const failures = [fails('auth'), fails('network'), fails('network'), fails('network'), fails('rate-limited', details)]
  const { outcome, clock } = chain([failures.slice(0, 1), failures.slice(1, 4), failures.slice(4)])
  await clock.advance(10_000)

  const message = '5 attempts failed. auth! / network! / rate-limited!'
  expect(await outcome).toEqual(
    new ModelError(message, { ...details, code: 'rate-limited', cause: new AggregateError(failures) }),
  )
})

test('failover() gives a single failure as it is', async () => {
  const failure = fails('auth')
  expect(await chain([[failure]]).outcome).toBe(failure)
})

test('failover() takes attempts and backoff from its options', async () => {
  const failure = fails('network')
  const options = { maxAttempts: 4, backoff: { firstMs: 10, maxMs: 20 } }
  const { outcome, clock, asked, events } = chain([[failure, failure, failure, failure]], options)
  await clock.advance(50)
  expect(await outcome).toMatchObject({ code: 'network' })
  expect(asked()).toEqual([4])
  expect(events.map((event) => event.type === 'attempt-discarded' && event.waitMs)).toEqual([10, 20, 20])
})

test('failover() tells what the last of several failures used', async () => {
  const usage = { inputTokens: 7, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
  const { outcome } = chain([[fails('auth')], [fails('refused', { usage })]])
  expect(await outcome).toMatchObject({ code: 'refused', usage })
})

test('failover() goes on where a model that is async by mistake rejects', async () => {
  const broken = { spec: 'own/broken', stream: () => Promise.reject(new Error('no stream')) as never }
  const model = failover([broken, scriptedModel([{ text: 'here' }])])
  const reply = await model.stream({ messages: [] }).result()
  expect(textOf(reply.message)).toBe('here')
})

import { createProviders, type Model, ModelError, modelStream, noUsage, parseSpec, userMessage } from '@executus/llm'
import { fakeClock, scriptedModel, type ScriptTurn } from '@executus/llm/testing'
import { expect, test } from 'vitest'

import { laneModel, laneProviders } from './lane-models.ts'
import { createLane } from './lane.ts'

const settle = () => new Promise(setImmediate)
const request = { messages: [userMessage('Hello')] }

function opened(turns: readonly ScriptTurn[]) {
  const lane = createLane({ concurrency: 1 })
  const scripted = scriptedModel(turns)
  return { lane, scripted, model: laneModel({ ...scripted, credential: 'acme' }, lane) }
}

test('a call takes its slot when it is read, under its credential, and gives it back with the reply', async () => {
  const { lane, model } = opened([() => ({ text: JSON.stringify(lane.stats) })])
  const stream = model.stream(request)
  await settle()
  expect(lane.stats.running).toBe(0)
  const { message } = await stream.result()
  expect(JSON.parse(String(message.content.map((part) => (part.type === 'text' ? part.text : ''))))).toEqual({
    running: 1,
    queued: 0,
    keys: { acme: { running: 1, queued: 0 } },
  })
  expect(lane.stats.running).toBe(0)
})

test('result() with a listener and iteration both see the events', async () => {
  const { lane, model } = opened([{ text: 'one two' }, { text: 'three' }])
  const heard: unknown[] = []
  await model.stream(request).result((event) => heard.push(event))
  expect(heard).toEqual([
    { type: 'text-delta', text: 'one ' },
    { type: 'text-delta', text: 'two' },
  ])
  expect(await Array.fromAsync(model.stream(request))).toEqual([{ type: 'text-delta', text: 'three' }])
  await settle()
  expect(lane.stats.running).toBe(0)
})

test('a call that fails gives its slot back', async () => {
  const error = new ModelError('busy', { code: 'overloaded' })
  const { lane, model } = opened([error, error])
  await expect(model.stream(request).result()).rejects.toBe(error)
  expect(lane.stats.running).toBe(0)
  await expect(Array.fromAsync(model.stream(request))).rejects.toBe(error)
  expect(lane.stats.running).toBe(0)
})

test('a call that is aborted gives its slot back', async () => {
  const { lane, model } = opened([{ stalls: true }])
  const controller = new AbortController()
  const reply = model.stream(request, { signal: controller.signal }).result()
  await settle()
  expect(lane.stats.running).toBe(1)
  controller.abort('enough')
  await expect(reply).rejects.toMatchObject({ code: 'aborted', cause: 'enough' })
  expect(lane.stats.running).toBe(0)
})

test('an iteration that is left early aborts the call and gives its slot back', async () => {
  const lane = createLane({ concurrency: 1 })
  const endless: Model = {
    spec: 'acme/endless',
    stream: (_request, options) =>
      modelStream(({ emit, signal }) => {
        emit({ type: 'text-delta', text: 'so ' })
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new ModelError('aborted', { code: 'aborted' })))
        })
      }, options),
  }
  for await (const event of laneModel(endless, lane).stream(request)) {
    expect(event).toEqual({ type: 'text-delta', text: 'so ' })
    expect(lane.stats.keys).toEqual({ 'acme/endless': { running: 1, queued: 0 } })
    break
  }
  await settle()
  expect(lane.stats.running).toBe(0)
})

test('a call whose events a listener chokes on gives its slot back', async () => {
  const { lane, model } = opened([{ text: 'Hi' }])
  const choke = () => {
    throw new Error('choked')
  }
  await expect(model.stream(request).result(choke)).rejects.toThrow('choked')
  expect(lane.stats.running).toBe(0)
})

test('the wait for a slot ends with the signal, before the model is asked', async () => {
  const { lane, model, scripted } = opened([{ text: 'Hi' }])
  const held = await lane.acquire('other')
  const controller = new AbortController()
  const reply = model.stream(request, { signal: controller.signal }).result()
  const events = Array.fromAsync(model.stream(request, { signal: controller.signal }))
  const failures = Promise.allSettled([reply, events])
  await settle()
  expect(lane.stats.queued).toBe(2)
  controller.abort('enough')
  for (const end of await failures) {
    expect(end).toMatchObject({ status: 'rejected', reason: { name: 'ModelError', code: 'aborted', cause: 'enough' } })
  }
  expect([lane.stats.queued, scripted.requests.length]).toEqual([0, 0])
  held.release()
})

test('an iteration that is left while it waits for a slot leaves the queue', async () => {
  const { lane, model, scripted } = opened([])
  const held = await lane.acquire('other')
  const iterator = model.stream(request)[Symbol.asyncIterator]()
  const first = iterator.next()
  await settle()
  expect(lane.stats.queued).toBe(1)
  await iterator.return?.()
  expect(await first).toEqual({ done: true, value: undefined })
  expect(lane.stats.queued).toBe(0)
  held.release()
  await settle()
  expect(scripted.requests).toEqual([])
})

test('a full lane is an overloaded model, a closed one an aborted call', async () => {
  const lane = createLane({ concurrency: 1, maxQueued: 0 })
  const model = laneModel(scriptedModel([]), lane)
  const held = await lane.acquire('other')
  await expect(model.stream(request).result()).rejects.toMatchObject({
    name: 'ModelError',
    code: 'overloaded',
    message: 'scripted/model: The lane is full: 0 wait already',
    cause: { code: 'full' },
  })
  void lane.drain()
  await expect(model.stream(request).result()).rejects.toMatchObject({ code: 'aborted', cause: { code: 'closed' } })
  held.release()
})

test('the usage of a reply, or of a failure that tells it, settles what was reserved', async () => {
  const clock = fakeClock()
  const lane = createLane({ concurrency: 2, tokensPerMinute: 1_000, clock })
  const usage = { ...noUsage, inputTokens: 300, outputTokens: 200 }
  const failure = new ModelError('cut off', { code: 'truncated', usage })
  const model = laneModel(scriptedModel([{ text: 'Hi', usage }, failure]), lane)
  const long = { messages: [userMessage('word '.repeat(600))] } // estimated as about 830
  await model.stream(long).result()
  const probe = await lane.acquire('a', { tokens: 500 })
  probe.release({ tokens: 0 })
  const second = model.stream(long).result()
  const settled = Promise.allSettled([second])
  await clock.advance(59_999)
  expect(lane.stats.queued).toBe(1)
  await clock.advance(1)
  await settled
  const rest = await lane.acquire('a', { tokens: 500 })
  rest.release()
})

test('keyOf says between whom the lane is fair', async () => {
  const lane = createLane({ concurrency: 1 })
  const scripted = scriptedModel([() => ({ text: Object.keys(lane.stats.keys).join() })])
  const model = laneModel(scripted, lane, {
    keyOf: ({ spec }, { attribution }) => `${spec} for ${attribution?.['caller']}`,
  })
  const { message } = await model.stream(request, { attribution: { caller: 'ann' } }).result()
  expect(message.content).toEqual([{ type: 'text', text: 'scripted/model for ann' }])
})

test('a keyOf that throws fails the call as a ModelError', async () => {
  const model = laneModel(scriptedModel([]), createLane({ concurrency: 1 }), {
    keyOf: () => {
      throw new Error('no key')
    },
  })
  await expect(model.stream(request).result()).rejects.toMatchObject({ name: 'ModelError', code: 'bad-request' })
})

test('laneProviders() passes on what a model is, and leaves a model without a lane as it was', () => {
  const providers = createProviders({ groq: { api: 'openai-chat', baseUrl: 'http://localhost:1' } })
  const lane = createLane({ concurrency: 1 })
  const laned = laneProviders(providers, ({ credential }) => (credential === 'anthropic' ? lane : undefined))
  expect(laned.names).toEqual(providers.names)
  for (const text of ['anthropic/claude-haiku-4-5', 'groq/llama']) {
    const told = { ...providers.model(parseSpec(text)), stream: undefined }
    const passedOn = { ...laned.model(parseSpec(text)), stream: undefined }
    expect(passedOn).toEqual(told)
  }
  expect(laneProviders(providers, lane).model(parseSpec('groq/llama')).credential).toBe('groq')
})

test('two calls of one lane follow each other', async () => {
  const clock = fakeClock()
  const lane = createLane({ concurrency: 1 })
  const turn = { text: 'Hi', delayMs: 1_000 }
  const model = laneModel(scriptedModel([turn, turn], { clock }), lane)
  const replies = Promise.all([model.stream(request).result(), model.stream(request).result()])
  await clock.advance(1_000)
  expect(lane.stats).toMatchObject({ running: 1, queued: 0 })
  await clock.advance(1_000)
  await replies
  expect(lane.stats.running).toBe(0)
})

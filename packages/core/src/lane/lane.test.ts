import { getEventListeners } from 'node:events'

import { expect, test } from 'vitest'

import { LaneError } from './errors.ts'
import { createLane, type Lane } from './lane.ts'

const settle = () => new Promise(setImmediate)

/** Queues `count` jobs of each key behind a slot that is held, and gives the order in which they had their turns. */
async function turns(lane: Lane, jobs: readonly (readonly [key: string, count: number])[]): Promise<string> {
  const order: string[] = []
  const first = await lane.acquire('first')
  const all = jobs.flatMap(([key, count]) =>
    Array.from({ length: count }, () => lane.run(key, () => void order.push(key))),
  )
  first.release()
  await Promise.all(all)
  return order.join('')
}

test('a key with 1,000 waiting does not keep one with 1 from its turn', async () => {
  const order = await turns(createLane({ concurrency: 1 }), [
    ['a', 1_000],
    ['b', 1],
  ])
  expect(order.indexOf('b')).toBe(1)
  expect(order).toHaveLength(1_001)
})

test('a weight is the number of turns in a round', async () => {
  const lane = createLane({ concurrency: 1, weights: { a: 3, c: 2 } })
  const order = await turns(lane, [
    ['a', 7],
    ['b', 3],
    ['c', 3],
  ])
  expect(order).toBe('aaabccaaabcab')
})

test('a key named like what every object has gets weight 1', async () => {
  const lane = createLane({ concurrency: 1, weights: { b: 2 } })
  const order = await turns(lane, [
    ['__proto__', 2],
    ['constructor', 2],
  ])
  expect(order).toBe('__proto__constructor__proto__constructor')
})

test('keys that keep coming cannot hold up one that waits', async () => {
  const lane = createLane({ concurrency: 1 })
  const order: string[] = []
  const first = await lane.acquire('first')
  const old = [1, 2].map(() => lane.run('old', () => void order.push('old')))
  let count = 0
  const another = (): Promise<unknown> => {
    count += 1
    const key = `new-${count}`
    return lane.run(key, async () => {
      order.push(key)
      if (count < 10) another().catch(() => 'drained')
      await settle()
    })
  }
  void another()
  first.release()
  await Promise.all(old)
  expect(order.slice(0, 3)).toEqual(['old', 'new-1', 'old'])
  await lane.drain()
})

test('stats tell who runs and who waits, and forget who is done', async () => {
  const lane = createLane({ concurrency: 2 })
  const a = await lane.acquire('a')
  const b = await lane.acquire('b')
  const waiting = [lane.acquire('a'), lane.acquire('c')]
  expect(lane.stats).toEqual({
    running: 2,
    queued: 2,
    keys: { a: { running: 1, queued: 1 }, b: { running: 1, queued: 0 }, c: { running: 0, queued: 1 } },
  })
  a.release()
  b.release()
  for (const lease of await Promise.all(waiting)) lease.release()
  expect(lane.stats).toEqual({ running: 0, queued: 0, keys: {} })
})

test('a lease is released once, however often it is said', async () => {
  const lane = createLane({ concurrency: 2 })
  const [first, second] = [await lane.acquire('a'), await lane.acquire('a')]
  first.release()
  first.release()
  expect(lane.stats.running).toBe(1)
  second.release()
  expect(lane.stats.running).toBe(0)
})

test('run() gives the slot back when the work throws at once, rejects, or has given it back itself', async () => {
  const lane = createLane({ concurrency: 1 })
  const bad = () => {
    throw new Error('bad')
  }
  await expect(lane.run('a', bad)).rejects.toThrow('bad')
  await expect(lane.run('a', () => Promise.reject(new Error('worse')))).rejects.toThrow('worse')
  await lane.run('a', (lease) => lease.release())
  expect(await lane.run('a', () => 'fine')).toBe('fine')
  expect(lane.stats.running).toBe(0)
})

test('a full lane says so, and a key that has its share of the queue as well', async () => {
  const lane = createLane({ concurrency: 1, maxQueued: 2, maxQueuedPerKey: 1 })
  const held = await lane.acquire('a')
  const waiting = [lane.acquire('a')]
  await expect(lane.acquire('a')).rejects.toMatchObject({
    code: 'full',
    message: 'The lane is full for `a`: 1 wait already',
  })
  waiting.push(lane.acquire('b'))
  await expect(lane.acquire('c')).rejects.toMatchObject({ code: 'full', message: 'The lane is full: 2 wait already' })
  held.release()
  for (const lease of waiting) (await lease).release()
  expect(lane.stats.queued).toBe(0)
})

test('a lane without a queue serves who comes while there is a slot', async () => {
  const lane = createLane({ concurrency: 1, maxQueued: 0 })
  const lease = await lane.acquire('a')
  await expect(lane.acquire('b')).rejects.toMatchObject({ code: 'full' })
  lease.release()
  ;(await lane.acquire('b')).release()
})

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length

test('who is aborted while it waits leaves nothing behind', async () => {
  const lane = createLane({ concurrency: 1 })
  const held = await lane.acquire('a')
  const controller = new AbortController()
  const { signal } = controller
  const waiting = lane.acquire('b', { signal })
  expect(listeners(signal)).toBe(1)
  const reason = new Error('no longer wanted')
  controller.abort(reason)
  const error: unknown = await waiting.catch((thrown: unknown) => thrown)
  expect(LaneError.is(error)).toBe(true)
  expect(error).toMatchObject({ name: 'LaneError', code: 'aborted', cause: reason })
  expect(listeners(signal)).toBe(0)
  expect(lane.stats).toEqual({ running: 1, queued: 0, keys: { a: { running: 1, queued: 0 } } })
  held.release()
  expect(lane.stats.running).toBe(0)
})

test('who has a slot keeps no listener, and an abort does not take the slot away', async () => {
  const lane = createLane({ concurrency: 1 })
  const controller = new AbortController()
  const { signal } = controller
  const held = await lane.acquire('a', { signal })
  expect(listeners(signal)).toBe(0)
  const waiting = lane.acquire('a', { signal })
  held.release()
  const lease = await waiting
  expect(listeners(signal)).toBe(0)
  controller.abort('late')
  expect(lane.stats.running).toBe(1)
  lease.release()
  await expect(lane.acquire('a', { signal })).rejects.toMatchObject({ code: 'aborted', cause: 'late' })
})

test('who is aborted in the middle of its key leaves the others in their order', async () => {
  const lane = createLane({ concurrency: 1 })
  const held = await lane.acquire('a')
  const controller = new AbortController()
  const order: number[] = []
  const jobs = [0, 1, 2, 3].map((number) =>
    lane.run('a', () => void order.push(number), number === 1 ? { signal: controller.signal } : {}),
  )
  controller.abort()
  held.release()
  const ends = await Promise.allSettled(jobs)
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(order).toEqual([0, 2, 3])
})

test('drain() takes no more, lets those who wait have their turn, and resolves when all are done', async () => {
  const lane = createLane({ concurrency: 1 })
  const held = await lane.acquire('a')
  const waiting = lane.acquire('b')
  let isDrained = false
  const drained = lane.drain().then(() => (isDrained = true))
  await expect(lane.acquire('c')).rejects.toMatchObject({ code: 'closed' })
  held.release()
  const lease = await waiting
  await settle()
  expect(isDrained).toBe(false)
  lease.release()
  await drained
  await lane.drain()
})

test('drain() refuses those who wait where it is told to, and an idle lane is drained at once', async () => {
  const lane = createLane({ concurrency: 1 })
  const held = await lane.acquire('a')
  const waiting = lane.acquire('b').catch((error: unknown) => error)
  const drained = lane.drain({ dropQueued: true })
  expect(await waiting).toMatchObject({ code: 'closed' })
  held.release()
  await drained
  await createLane({ concurrency: 1 }).drain()
})

test('release() refuses tokens that are no count, and gives the slot back all the same', async () => {
  const lane = createLane({ concurrency: 1 })
  const lease = await lane.acquire('a')
  expect(() => lease.release({ tokens: Number.NaN })).toThrow(
    new RangeError('Expected `tokens` to be an integer of 0 or more, got `NaN`'),
  )
  expect(lane.stats.running).toBe(0)
})

test.each([
  [{ concurrency: 0 }, 'Expected `concurrency` to be an integer of 1 or more, got `0`'],
  [{ concurrency: 1, maxQueued: -1 }, 'Expected `maxQueued` to be an integer of 0 or more, got `-1`'],
  [{ concurrency: 1, weights: { a: 0.5 } }, 'Expected `weights.a` to be an integer of 1 or more, got `0.5`'],
  [{ concurrency: 1, weights: { a: Infinity } }, 'Expected `weights.a` to be a finite integer, got `Infinity`'],
  [{ concurrency: 1, tokensPerMinute: 0 }, 'Expected `tokensPerMinute` to be an integer of 1 or more, got `0`'],
])('createLane(%j) is refused', (options, message) => {
  expect(() => createLane(options)).toThrow(new RangeError(message))
})

test('acquire() refuses a key or tokens that are none, at once', () => {
  const lane = createLane({ concurrency: 1 })
  expect(() => lane.acquire(undefined as unknown as string)).toThrow(
    new TypeError('Expected `key` to be a string, got `undefined`'),
  )
  expect(() => lane.acquire('a', { tokens: Infinity })).toThrow(RangeError)
  expect(lane.stats.running).toBe(0)
})

import { getEventListeners } from 'node:events'

import { expect, test } from 'vitest'

import { createLane } from './lane.ts'

const settle = () => new Promise(setImmediate)

test('work that waits for work of its own lane inside yieldWhile() cannot deadlock, however deep', async () => {
  const lane = createLane({ concurrency: 1 })
  const nest = (depth: number): Promise<number> =>
    lane.run(`depth-${depth}`, async (lease) => {
      expect(lane.stats.running).toBe(1)
      const below = depth === 0 ? 0 : await lease.yieldWhile(nest(depth - 1))
      expect(lane.stats.running).toBe(1)
      return below + 1
    })
  expect(await Promise.all([nest(20), nest(20)])).toEqual([21, 21])
  expect(lane.stats).toEqual({ running: 0, queued: 0, keys: {} })
})

test('without yieldWhile() such work waits for itself', async () => {
  const lane = createLane({ concurrency: 1 })
  const controller = new AbortController()
  const stuck = lane.run('parent', () => lane.run('child', () => 'never', { signal: controller.signal }))
  await settle()
  expect(lane.stats).toMatchObject({ running: 1, queued: 1 })
  controller.abort()
  await expect(stuck).rejects.toMatchObject({ code: 'aborted' })
})

test('who comes back goes before all who queue', async () => {
  const lane = createLane({ concurrency: 1 })
  const order: string[] = []
  const { promise, resolve } = Promise.withResolvers<string>()
  const parent = lane.run('parent', async (lease) => {
    order.push(`parent got ${await lease.yieldWhile(promise)}`)
  })
  await settle()
  const other = lane.run('other', async () => {
    resolve('an answer')
    await settle()
    order.push('other')
  })
  const queued = lane.run('queued', () => void order.push('queued'))
  await Promise.all([parent, other, queued])
  expect(order).toEqual(['other', 'parent got an answer', 'queued'])
})

test('yieldWhile() passes on a failure, with the slot taken again', async () => {
  const lane = createLane({ concurrency: 1 })
  const lease = await lane.acquire('a')
  await expect(lease.yieldWhile(Promise.reject(new Error('child failed')))).rejects.toThrow('child failed')
  expect(lane.stats.running).toBe(1)
  lease.release()
  expect(lane.stats.running).toBe(0)
})

test('several waits of one lease hold no slot until the last is done', async () => {
  const lane = createLane({ concurrency: 1 })
  const lease = await lane.acquire('a')
  const [one, two] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()]
  const first = lease.yieldWhile(one.promise)
  const second = lease.yieldWhile(two.promise)
  expect(lane.stats.running).toBe(0)
  one.resolve(1)
  expect(await first).toBe(1)
  expect(lane.stats.running).toBe(0)
  two.resolve(2)
  expect(await second).toBe(2)
  expect(lane.stats.running).toBe(1)
  lease.release()
})

test('a lease that is released while it is away, or while it waits to come back, takes no slot again', async () => {
  const lane = createLane({ concurrency: 1 })
  const away = await lane.acquire('a')
  const work = Promise.withResolvers<string>()
  const waiting = away.yieldWhile(work.promise)
  away.release()
  work.resolve('done')
  expect(await waiting).toBe('done')
  expect(lane.stats.running).toBe(0)

  const coming = await lane.acquire('a')
  const back = coming.yieldWhile(Promise.resolve('done'))
  const other = await lane.acquire('b')
  await settle()
  coming.release()
  expect(await back).toBe('done')
  expect(lane.stats).toMatchObject({ running: 1, keys: { b: { running: 1 } } })
  other.release()
  expect(lane.stats.running).toBe(0)
})

test('after an abort nobody waits to come back: winding down needs no slot', async () => {
  const lane = createLane({ concurrency: 1 })
  const controller = new AbortController()
  const lease = await lane.acquire('a', { signal: controller.signal })
  const back = lease.yieldWhile(Promise.resolve('done'))
  const other = await lane.acquire('b')
  await settle()
  controller.abort()
  expect(await back).toBe('done')
  expect(await lease.yieldWhile(Promise.resolve('again'))).toBe('again')
  lease.release()
  expect(lane.stats.running).toBe(1)
  other.release()
})

test('who has come back keeps no listener', async () => {
  const lane = createLane({ concurrency: 1 })
  const { signal } = new AbortController()
  const lease = await lane.acquire('a', { signal })
  const back = lease.yieldWhile(Promise.resolve('done'))
  const other = await lane.acquire('b')
  await settle()
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  other.release()
  await back
  expect(getEventListeners(signal, 'abort')).toEqual([])
  lease.release()
})

test('drain() waits for leases that are away', async () => {
  const lane = createLane({ concurrency: 1 })
  const lease = await lane.acquire('a')
  const work = Promise.withResolvers<undefined>()
  const back = lease.yieldWhile(work.promise)
  let isDrained = false
  const drained = lane.drain().then(() => (isDrained = true))
  await settle()
  expect(isDrained).toBe(false)
  work.resolve(undefined)
  await back
  lease.release()
  await drained
})

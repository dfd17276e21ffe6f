import { fakeClock } from '@executus/llm/testing'
import { expect, test } from 'vitest'

import { createLane } from './lane.ts'

const settle = () => new Promise(setImmediate)

test('a lane begins no more than requestsPerMinute in any 60 seconds', async () => {
  const clock = fakeClock()
  const startMs = clock.now()
  const lane = createLane({ concurrency: 10, requestsPerMinute: 2, clock })
  const beganMs: number[] = []
  const begin = () => lane.run('a', () => void beganMs.push(clock.now() - startMs))
  await begin()
  await clock.advance(20_000)
  const all = Promise.all([begin(), begin(), begin(), begin()])
  await clock.advance(200_000)
  await all
  expect(beganMs).toEqual([0, 20_000, 60_000, 80_000, 120_000])
  expect(clock.pending).toBe(0)
})

test('a lane uses no more than tokensPerMinute: it reserves the estimate and settles with the actual', async () => {
  const clock = fakeClock()
  const lane = createLane({ concurrency: 10, tokensPerMinute: 1_000, clock })
  expect(lane.countsTokens).toBe(true)
  const first = await lane.acquire('a', { tokens: 900 })
  let isSecond = false
  const second = lane.acquire('a', { tokens: 500 }).then((lease) => {
    isSecond = true
    return lease
  })
  await settle()
  expect([isSecond, clock.pending]).toEqual([false, 1])
  first.release({ tokens: 400 })
  await settle()
  expect([isSecond, clock.pending]).toEqual([true, 0])

  // 400 + 500, of which the latter become 700 half a minute later.
  await clock.advance(30_000)
  ;(await second).release({ tokens: 700 })
  const third = lane.acquire('a', { tokens: 900 })
  await clock.advance(29_999)
  expect(lane.stats.running).toBe(0)
  await clock.advance(1)
  expect(lane.stats.running).toBe(0)
  await clock.advance(30_000)
  ;(await third).release()
})

test('what is larger than the limit of tokens waits for an empty minute, and is not kept out for ever', async () => {
  const clock = fakeClock()
  const lane = createLane({ concurrency: 10, tokensPerMinute: 1_000, clock })
  const small = await lane.acquire('a', { tokens: 1 })
  small.release()
  const large = lane.acquire('a', { tokens: 5_000 })
  await clock.advance(59_999)
  expect(lane.stats.running).toBe(0)
  await clock.advance(1)
  ;(await large).release()
})

test('a wait for a rate ends with its signal, and no timer stays', async () => {
  const clock = fakeClock()
  const lane = createLane({ concurrency: 10, requestsPerMinute: 1, clock })
  await lane.run('a', () => {})
  const controller = new AbortController()
  const waiting = lane.acquire('a', { signal: controller.signal }).catch((error: unknown) => error)
  expect(clock.pending).toBe(1)
  controller.abort()
  expect(await waiting).toMatchObject({ code: 'aborted' })
  expect(clock.pending).toBe(0)
})

test('a clock that is set back by an hour does not stop the lane for an hour', async () => {
  let nowMs = 10 * 3_600_000
  const lane = createLane({ concurrency: 1, requestsPerMinute: 1, clock: { now: () => nowMs, after: () => () => {} } })
  await lane.run('a', () => {})
  nowMs -= 3_600_000
  expect(await lane.run('a', () => 'runs')).toBe('runs')
})

import { expect, test } from 'vitest'

import { fakeClock } from '../testing/index.ts'
import { Deadline } from './deadline.ts'

/** A clock that somebody sets, beside one that only grows. */
function settableClock() {
  const clock = fakeClock()
  let setMs = 0
  return {
    clock: { ...clock, now: () => clock.now() + setMs, monotonicMs: () => clock.now() },
    advance: (ms: number) => clock.advance(ms),
    set: (ms: number) => {
      setMs += ms
    },
  }
}

test.each([86_400_000, -86_400_000])('a clock that is set by %d ms takes and gives no time', async (jumpMs) => {
  const { clock, advance, set } = settableClock()
  const deadline = new Deadline(clock)
  let isDue = false
  deadline.start(10_000, 0, () => {
    isDue = true
  })
  await advance(4_000)
  set(jumpMs)
  expect(deadline.elapsedMs).toBe(4_000)
  deadline.extend(1_000)
  const goOn = deadline.pause()
  expect(deadline.isPaused).toBe(true)
  await advance(50_000)
  set(jumpMs)
  goOn()
  expect([deadline.isPaused, deadline.elapsedMs]).toEqual([false, 4_000])
  await advance(6_999)
  expect(isDue).toBe(false)
  await advance(1)
  expect([isDue, deadline.elapsedMs]).toEqual([true, 11_000])
  deadline.release()
  expect(deadline.isPaused).toBe(false)
})

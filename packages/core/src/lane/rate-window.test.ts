import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { RateWindow } from './rate-window.ts'

test('waitMs() is exact: before it the amount does not fit, and then it does', () => {
  const step = fc.record({ amount: fc.integer({ min: 0, max: 60 }), pauseMs: fc.integer({ min: 0, max: 40_000 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let nowMs = 1_000_000
      const window = new RateWindow(50, { now: () => nowMs, after: () => () => {} })
      const taken: { readonly atMs: number; readonly amount: number }[] = []
      const usedAt = (atMs: number) =>
        taken.filter((each) => each.atMs > atMs - 60_000).reduce((total, { amount }) => total + amount, 0)
      for (const { amount, pauseMs } of steps) {
        nowMs += pauseMs
        const waitMs = window.waitMs(amount)
        const room = 50 - Math.min(amount, 50)
        expect(waitMs === 0 || usedAt(nowMs + waitMs - 1) > room).toBe(true)
        expect(usedAt(nowMs + waitMs)).toBeLessThanOrEqual(room)
        nowMs += waitMs
        expect(window.waitMs(amount)).toBe(0)
        window.take(amount)
        taken.push({ atMs: nowMs, amount })
      }
    }),
  )
})

test('settle() counts what was used beyond the estimate from now, and gives back what was not used', () => {
  let nowMs = 0
  const window = new RateWindow(100, { now: () => nowMs, after: () => () => {} })
  const first = window.take(50)
  const second = window.take(50)
  window.settle(first, 20)
  expect([window.waitMs(30), window.waitMs(31)]).toEqual([0, 60_000])
  nowMs = 50_000
  window.settle(second, 80)
  expect(window.waitMs(70)).toBe(10_000)
  expect(window.waitMs(71)).toBe(60_000)
  nowMs = 60_000
  expect(window.waitMs(70)).toBe(0)
  window.settle(second, 10) // it has left the window, and is not given back twice
  expect([window.waitMs(70), window.waitMs(71)]).toEqual([0, 50_000])
})

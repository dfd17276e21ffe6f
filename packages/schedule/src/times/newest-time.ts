import type { NextTime } from '../trigger.ts'

/**
 * The newest due time from `fromMs`, which is one, up to `untilMs`. However many lie between: each look halves what is left,
 * so a year of seconds takes some forty.
 */
export function newestTime(next: NextTime, fromMs: number, untilMs: number): number {
  let newest = fromMs
  // No due time lies after this one.
  let end = untilMs
  const first = next(newest)
  if (first === undefined || first > end) return newest
  newest = first
  while (newest < end) {
    const middle = Math.floor((newest + end) / 2)
    const time = next(middle)
    if (time !== undefined && time <= end) newest = time
    else end = middle
  }
  return newest
}

/**
 * The oldest of the `count` newest due times from `fromMs`, which is one, up to the due time `newestMs`; steps back by the
 * gaps that it finds.
 */
export function oldestOfNewest(next: NextTime, fromMs: number, newestMs: number, count: number): number {
  let oldest = newestMs
  let gapMs = 1
  for (let found = 1; found < count && oldest > fromMs; found++) {
    const before = timeBefore(next, fromMs, oldest, gapMs)
    gapMs = oldest - before
    oldest = before
  }
  return oldest
}

/** The newest due time before `timeMs`; `gapMs` is how far it is likely to be. */
function timeBefore(next: NextTime, fromMs: number, timeMs: number, gapMs: number): number {
  for (let backMs = gapMs; timeMs - 1 - backMs > fromMs; backMs *= 2) {
    const time = next(timeMs - 1 - backMs)
    if (time !== undefined && time < timeMs) return newestTime(next, time, timeMs - 1)
  }
  return newestTime(next, fromMs, timeMs - 1)
}

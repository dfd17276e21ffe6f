/** Where time comes from, so that a test can hold it still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /**
   * Milliseconds from any beginning, that only grow, whatever is done to the machine's clock: for how long something took.
   *
   * @default now
   */
  monotonicMs?(): number
  /**
   * Calls back once, after `delayMs`; the returned function calls it off.
   * A pending callback keeps the process alive: a run that only waits must not vanish.
   */
  after(delayMs: number, callback: () => void): () => void
}

// setTimeout fires at once when the delay is above 2^31 - 1 (https://nodejs.org/api/timers.html).
const LONGEST_DELAY_MS = 2 ** 31 - 1

/** How late it is by the clock that only grows; `clock` may be of those that have but one. */
export function monotonicMs(clock: Clock): number {
  return clock.monotonicMs?.() ?? clock.now()
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => Math.floor(performance.now()), // whole, as all other times are
  after(delayMs, callback) {
    if (delayMs <= LONGEST_DELAY_MS) {
      const timer = setTimeout(callback, delayMs)
      return () => clearTimeout(timer)
    }
    let timer: ReturnType<typeof setTimeout>
    const start = (leftMs: number) => {
      timer =
        leftMs > LONGEST_DELAY_MS
          ? setTimeout(() => start(leftMs - LONGEST_DELAY_MS), LONGEST_DELAY_MS)
          : setTimeout(callback, leftMs)
    }
    start(delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}

/** Where time comes from, so that a test can hold it still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /**
   * Calls back once, after `delayMs`; the returned function calls it off.
   * A pending callback keeps the process alive: a run that only waits must not vanish.
   */
  after(delayMs: number, callback: () => void): () => void
}

// setTimeout fires at once when the delay is above 2^31 - 1 (https://nodejs.org/api/timers.html).
const LONGEST_DELAY_MS = 2 ** 31 - 1

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
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

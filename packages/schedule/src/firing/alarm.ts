import type { Clock } from '@executus/core'

/** A sleep that can be cut short, also just before it begins. */
export class Alarm {
  readonly #clock: Clock
  #hasRung = false
  #wake: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Ends the sleep, or the next one. */
  ring(): void {
    this.#hasRung = true
    this.#wake?.()
  }

  /** What has rung so far does not end the next sleep. */
  quiet(): void {
    this.#hasRung = false
  }

  /** Resolves after `ms`, when it rings, or when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#hasRung || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        cancelTimer()
        signal.removeEventListener('abort', wake)
        this.#wake = undefined
        resolve()
      }
      const cancelTimer = this.#clock.after(ms, wake)
      signal.addEventListener('abort', wake)
      this.#wake = wake
    })
  }
}

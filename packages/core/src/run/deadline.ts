import { type Clock, monotonicMs } from '@executus/llm'

/** A run's time, whatever is done to the machine's clock: counts what it is at work, stands still while it waits for people, and calls back when it is up. */
export class Deadline {
  readonly #clock: Clock
  #onDue: () => void = () => {}
  #timeoutMs = Number.POSITIVE_INFINITY
  #elapsedMs = 0
  #runningSinceMs: number | undefined
  #pauses = 0
  #cancelTimer: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** What the run may take in all. */
  get timeoutMs(): number {
    return this.#timeoutMs
  }

  get isPaused(): boolean {
    return this.#pauses > 0 && this.#pauses < Number.POSITIVE_INFINITY
  }

  get elapsedMs(): number {
    const since = this.#runningSinceMs
    return this.#elapsedMs + (since === undefined ? 0 : Math.max(0, monotonicMs(this.#clock) - since))
  }

  /** Begins to count from `elapsedMs`, which earlier segments took. */
  start(timeoutMs: number, elapsedMs: number, onDue: () => void): void {
    this.#timeoutMs = timeoutMs
    this.#elapsedMs = elapsedMs
    this.#onDue = onDue
    this.#go()
  }

  extend(timeMs: number): void {
    this.#timeoutMs += timeMs
    if (this.#runningSinceMs === undefined) return
    this.#halt()
    this.#go()
  }

  /** Stands still until the returned function is called; several may ask at once. */
  pause(): () => void {
    if (this.#pauses === 0) this.#halt()
    this.#pauses += 1
    let isPaused = true
    return () => {
      if (!isPaused) return
      isPaused = false
      this.#pauses -= 1
      if (this.#pauses === 0) this.#go()
    }
  }

  release(): void {
    this.#halt()
    this.#onDue = () => {}
    this.#pauses = Number.POSITIVE_INFINITY
  }

  #go(): void {
    if (this.#pauses > 0) return
    this.#runningSinceMs = monotonicMs(this.#clock)
    if (this.#timeoutMs === Number.POSITIVE_INFINITY) return
    this.#cancelTimer = this.#clock.after(Math.max(0, this.#timeoutMs - this.#elapsedMs), this.#onDue)
  }

  #halt(): void {
    this.#elapsedMs = this.elapsedMs
    this.#runningSinceMs = undefined
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
}

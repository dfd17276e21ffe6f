/**
 * How long a run has been silent. What passes is taken from the timers that fired, and the clock only says where between
 * two of them something was heard: time in which the whole process stood still is no run's silence.
 */
export class Silence {
  readonly #idleMs: number
  #silentMs = 0
  #heardMs: number | undefined
  /** What was announced to take longer. */
  #graceMs = 0
  #armed = { nowMs: 0, delayMs: 0 }

  constructor(idleMs: number) {
    this.#idleMs = idleMs
  }

  /** A sign of life. `graceMs` is how long it says that there will be none. */
  heard(nowMs: number, graceMs = 0): void {
    this.#heardMs = nowMs
    this.#graceMs = graceMs
  }

  /** A timer is set that fires after `delayMs`. */
  arm(nowMs: number, delayMs: number): void {
    this.#armed = { nowMs, delayMs }
  }

  /** Takes in what passed since `arm`, whose timer has fired. */
  pass(): void {
    const { nowMs, delayMs } = this.#armed
    if (this.#heardMs === undefined) this.#silentMs += delayMs
    else {
      const agoMs = nowMs + delayMs - this.#heardMs
      // The timer was late and something came after it was due, or a clock of the host's was set: a new window begins.
      this.#silentMs = agoMs >= 0 && agoMs <= delayMs ? agoMs : 0
    }
    this.#heardMs = undefined
  }

  /** Begins a new window, as somebody looks after the run. */
  restart(): void {
    this.#silentMs = 0
  }

  get silentMs(): number {
    return this.#silentMs
  }

  /** How much of the window is left. */
  get leftMs(): number {
    return this.#idleMs + this.#graceMs - this.#silentMs
  }
}

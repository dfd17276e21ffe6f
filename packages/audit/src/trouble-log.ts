import type { Clock, Logger } from '@executus/core'

// A store that is down for an hour is one line a minute, whatever the load.
const INTERVAL_MS = 60_000

/** Counts what went wrong with the audit, and tells of it now and then. */
export class TroubleLog {
  readonly #clock: Clock
  readonly #logger: Logger
  #dropped = 0
  #failedWrites = 0
  #told = { dropped: 0, failedWrites: 0, atMs: Number.NEGATIVE_INFINITY }

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock
    this.#logger = logger
  }

  get counts(): { readonly dropped: number; readonly failedWrites: number } {
    return { dropped: this.#dropped, failedWrites: this.#failedWrites }
  }

  dropped(count: number, error?: unknown): void {
    this.#dropped += count
    this.#tell(error)
  }

  failed(error: unknown): void {
    this.#failedWrites += 1
    this.#tell(error)
  }

  /** Tells what was not told yet, if it is time to: a burst is counted in the line that follows it. */
  remind(): void {
    if (this.#hasMore) this.#tell(undefined)
  }

  /** Tells what was not told yet: no line follows. */
  close(): void {
    this.#told.atMs = Number.NEGATIVE_INFINITY
    this.remind()
  }

  get #hasMore(): boolean {
    return this.#dropped > this.#told.dropped || this.#failedWrites > this.#told.failedWrites
  }

  #tell(error: unknown): void {
    const atMs = this.#clock.now()
    if (atMs - this.#told.atMs < INTERVAL_MS) return
    const dropped = this.#dropped - this.#told.dropped
    const failedWrites = this.#failedWrites - this.#told.failedWrites
    this.#told = { dropped: this.#dropped, failedWrites: this.#failedWrites, atMs }
    try {
      this.#logger.warn(`the audit dropped ${dropped} entries and failed to write ${failedWrites} times`, error)
    } catch {
      // There is nowhere left to tell it.
    }
  }
}

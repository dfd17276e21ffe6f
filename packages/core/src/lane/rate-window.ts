import type { Clock } from '@executus/llm'

import { type Link, LinkedList } from './linked-list.ts'

const WINDOW_MS = 60_000

/** What was taken, and when. */
export interface Taken {
  readonly atMs: number
  amount: number
}

/**
 * An amount that may be used in any 60 seconds. A window that slides, and not a bucket that refills: after a full burst
 * a bucket lets almost twice the limit through within a minute, which a provider that counts by the minute refuses.
 */
export class RateWindow {
  readonly #limit: number
  readonly #clock: Clock
  readonly #taken = new LinkedList<Taken>()
  #used = 0

  constructor(limit: number, clock: Clock) {
    this.#limit = limit
    this.#clock = clock
  }

  /**
   * Milliseconds until `amount` may be taken; 0 when it may be now. What is larger than the limit waits for an empty
   * window: it can never fit, and whether it is too large is for the provider to say.
   */
  waitMs(amount: number): number {
    const nowMs = this.#clock.now()
    this.#forget(nowMs)
    let over = this.#used + Math.min(amount, this.#limit) - this.#limit
    if (over <= 0) return 0
    for (let link = this.#taken.first; link !== undefined; link = link.next) {
      over -= link.value.amount
      if (over <= 0) return link.value.atMs + WINDOW_MS - nowMs
    }
    return WINDOW_MS
  }

  take(amount: number): Link<Taken> {
    this.#used += amount
    return this.#taken.append({ atMs: this.#clock.now(), amount })
  }

  /** Corrects what was taken to what was used. What was used beyond it counts from now: it may have come late. */
  settle(link: Link<Taken>, amount: number): void {
    const beyond = amount - link.value.amount
    if (beyond > 0) {
      this.take(beyond)
    } else if (link.isIn) {
      this.#used += beyond
      link.value.amount = amount
    }
  }

  #forget(nowMs: number): void {
    for (let link = this.#taken.first; link !== undefined; link = this.#taken.first) {
      // A clock that was set back by an hour must not stop the lane for an hour.
      if (Math.abs(nowMs - link.value.atMs) < WINDOW_MS) return
      this.#taken.remove(link)
      this.#used -= link.value.amount
    }
  }
}

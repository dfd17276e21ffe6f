import type { Clock } from '@executus/llm'

import { JournalError } from '../errors.ts'
import type { Call, Checkpointer, Settled, Suspension, Wait } from './checkpointer.ts'
import type { JournalEntry, JournalEntryBody } from './entry.ts'

/** How long a door may take once its run has stopped: a disk that hangs must not hold the run for ever. */
const PATIENCE_MS = 5_000

/** Tells when the run that uses the door stops. */
interface Stop {
  readonly cause: unknown
  onStop(callback: () => void): () => void
}

/**
 * A run's way to its checkpointer: sees to it that one effect is under way at a time, makes every failure of the
 * checkpointer a `JournalError`, and does not wait for one that never answers.
 */
export class Door {
  /** Whether anything is kept. */
  readonly isDurable: boolean
  readonly #checkpointer: Checkpointer
  readonly #stop: Stop
  readonly #clock: Clock
  #underWay: string | undefined
  #hasFailed = false

  constructor(checkpointer: Checkpointer, isDurable: boolean, stop: Stop, clock: Clock) {
    this.#checkpointer = checkpointer
    this.isDurable = isDurable
    this.#stop = stop
    this.#clock = clock
  }

  /** Whether all that passed is kept. */
  get isWhole(): boolean {
    return this.isDurable && !this.#hasFailed
  }

  // Where nothing is kept nothing is replayed, and a run is not to pay for the watch over it.
  step<T>(call: Call<T>): Promise<Settled<T>> {
    if (!this.isDurable) return this.#checkpointer.step(call)
    return this.#pass(call.key, () => this.#checkpointer.step(call))
  }

  batch<T>(calls: readonly Call<T>[], concurrency: number): Promise<readonly Settled<T>[]> {
    if (!this.isDurable) return this.#checkpointer.batch(calls, { concurrency })
    return this.#pass('a batch of calls', () => this.#checkpointer.batch(calls, { concurrency }))
  }

  /** Keeps what happened, and gives it with its time. */
  async note(bodies: readonly JournalEntryBody[]): Promise<readonly JournalEntry[]> {
    const atMs = this.#clock.now()
    const entries = bodies.map((body): JournalEntry => ({ ...body, atMs }))
    if (this.isDurable) await this.#pass('a note', () => this.#checkpointer.note(entries))
    return entries
  }

  suspend(waits: readonly Wait[]): Promise<Suspension> {
    if (!this.isDurable) return this.#checkpointer.suspend(waits)
    return this.#pass('a suspension', () => this.#checkpointer.suspend(waits))
  }

  /** Replays differ where two effects begin in an order that nothing fixes, so a second one is refused. */
  async #pass<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#underWay !== undefined)
      throw new Error(`The door was asked for ${what} while ${this.#underWay} is under way; use a batch`)
    this.#underWay = what
    try {
      return await this.#settled(what, work)
    } finally {
      this.#underWay = undefined
    }
  }

  #settled<T>(what: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        this.#hasFailed = true
        reject(journalError(what, error))
      }
      let cancelTimer = () => {}
      const hurry = () => {
        cancelTimer = this.#clock.after(PATIENCE_MS, () => fail(new Error('it did not settle')))
      }
      const offStop = this.#stop.onStop(hurry)
      const release = () => {
        offStop()
        cancelTimer()
      }
      // A checkpointer may throw instead of rejecting.
      Promise.resolve().then(work).then(resolve, fail).finally(release)
      if (this.#stop.cause !== undefined) hurry()
    })
  }
}

function journalError(what: string, error: unknown): JournalError {
  if (JournalError.is(error)) return error
  return new JournalError('storage', `The journal failed at ${what}`, { cause: error })
}

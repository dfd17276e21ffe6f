import type { Clock, JournalEntry, JournalError, Outcome, Suspension } from '@executus/core'

import { isFenced, journalErrorOf } from './journal-error.ts'
import type { ClaimRef, JournalStore, Signal } from './journal-store.ts'
import { retryBusy } from './retry-busy.ts'

/** What is to be written, and who waits for it. */
interface Waiting {
  readonly entries: readonly JournalEntry[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Writes the journal of one claimed run, an append at a time. What is to be written while one is under way goes with the
 * next, in one. After the first failure nothing is written any more but what was left over, at the release.
 */
export class JournalWriter {
  readonly #store: JournalStore
  readonly #claim: ClaimRef
  readonly #clock: Clock
  readonly #lost: AbortController = new AbortController()
  readonly #cancelled: AbortController = new AbortController()
  #head: number
  #waiting: Waiting[] = []
  #isWriting = false
  #fault: JournalError | undefined
  /** Entries that the store would not take. */
  #unsaved: JournalEntry[] = []
  #isGivenBack = false

  constructor(
    store: JournalStore,
    claim: ClaimRef & { readonly head: number; readonly cancelReason?: string },
    clock: Clock,
  ) {
    this.#store = store
    this.#claim = { runId: claim.runId, epoch: claim.epoch }
    this.#head = claim.head
    this.#clock = clock
    this.#hearCancel(claim.cancelReason)
  }

  /** Aborts when another owner has claimed the run. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** Aborts, with the reason, when somebody asked for the run's end. */
  get cancelled(): AbortSignal {
    return this.#cancelled.signal
  }

  /** The first failure. */
  get fault(): JournalError | undefined {
    return this.#fault
  }

  /**
   * Resolves when `entries` are durable. With `isOneOfMany`, what others write in the same turn of the event loop goes along.
   */
  write(entries: readonly JournalEntry[], isOneOfMany = false): Promise<void> {
    if (this.#fault !== undefined) {
      this.#keepForLater(entries)
      return Promise.reject(this.#fault)
    }
    if (!this.#isWriting && !isOneOfMany) return this.#writeAlone(entries)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, resolve, reject })
      if (!this.#isWriting) void this.#writeAll(isOneOfMany)
    })
  }

  /** Most writes are of a run that does one thing after the other: nobody waits for them but who asked. */
  async #writeAlone(entries: readonly JournalEntry[]): Promise<void> {
    this.#isWriting = true
    try {
      await this.#append(entries)
    } catch (error) {
      const fault = this.#fail(error)
      this.#keepForLater(entries)
      throw fault
    } finally {
      this.#isWriting = false
      if (this.#waiting.length > 0) void this.#writeAll(false)
    }
  }

  async #writeAll(isOneOfMany: boolean): Promise<void> {
    this.#isWriting = true
    if (isOneOfMany) await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      const entries = group.length === 1 ? group[0]!.entries : group.flatMap((one) => one.entries)
      try {
        if (this.#fault !== undefined) throw this.#fault
        await this.#append(entries)
        for (const { resolve } of group) resolve()
      } catch (error) {
        const fault = this.#fail(error)
        this.#keepForLater(entries)
        for (const { reject } of group) reject(fault)
      }
    }
    this.#isWriting = false
  }

  async #append(entries: readonly JournalEntry[]): Promise<void> {
    const head = this.#head
    const append = () => this.#store.append(this.#claim, entries, { expectHead: head })
    const { cancelReason } = await retryBusy(this.#clock, append)
    this.#head = head + entries.length
    this.#hearCancel(cancelReason)
  }

  /** An intent is not among them: what it tells of has not begun. */
  #keepForLater(entries: readonly JournalEntry[]): void {
    this.#unsaved.push(...entries.filter(({ type }) => type !== 'intent'))
  }

  #hearCancel(reason: string | undefined): void {
    if (reason !== undefined) this.#cancelled.abort(reason)
  }

  #fail(error: unknown): JournalError {
    this.#fault ??= journalErrorOf(`Writing the journal of ${this.#claim.runId}`, error)
    if (isFenced(error)) this.#lost.abort(this.#fault)
    return this.#fault
  }

  /** Gives the run back until one of `names` comes; or the signals that have come, as entries. */
  async park(names: readonly string[]): Promise<Suspension> {
    const parked = await this.#end(() => this.#store.park(this.#claim, names))
    if (parked === 'parked') {
      this.#isGivenBack = true
      return { suspended: true }
    }
    if (parked.length === 0) await this.#hearWhyNotParked()
    return { suspended: false, signals: parked.map(entryOf) }
  }

  /** A store parks all but what is to be cancelled; one that gives no reason either would be asked for ever. */
  async #hearWhyNotParked(): Promise<void> {
    await this.write([])
    if (!this.#cancelled.signal.aborted)
      throw this.#fail(new Error('The store neither parked the run nor gave signals'))
  }

  /** Closes the record. */
  async settle({ status, stopReason, output, error }: Outcome): Promise<void> {
    const outcome = { status, stopReason, output, ...(error !== undefined && { error }) }
    await this.#end(() => this.#store.settle(this.#claim, outcome))
    this.#isGivenBack = true
  }

  async #end<T>(work: () => Promise<T>): Promise<T> {
    if (this.#fault !== undefined) throw this.#fault
    try {
      return await retryBusy(this.#clock, work)
    } catch (error) {
      throw this.#fail(error)
    }
  }

  /** Gives the run back, with what could not be written before if that succeeds now. A run that is lost is given back. */
  async release(): Promise<void> {
    if (this.#isGivenBack || this.#lost.signal.aborted) return
    const unsaved = this.#unsaved.splice(0)
    // What is not saved now is as if a crash had taken it.
    if (unsaved.length > 0) await this.#append(unsaved).catch(() => {})
    try {
      await retryBusy(this.#clock, () => this.#store.release(this.#claim))
      this.#isGivenBack = true
    } catch (error) {
      const fault = journalErrorOf(`Giving back ${this.#claim.runId}`, error)
      if (fault.code !== 'fenced') throw fault
      this.#lost.abort(fault)
    }
  }
}

/** A signal as core reads it. */
export function entryOf({ name, value, atMs }: Signal): JournalEntry {
  return { type: 'signal', name, value, atMs }
}

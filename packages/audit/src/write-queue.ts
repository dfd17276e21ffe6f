import type { Clock, Logger } from '@executus/core'

import type { AuditEntryBody } from './audit-entry.ts'
import type { AuditRun } from './audit-run.ts'
import type { AuditStore, AuditWritten } from './audit-store.ts'
import { batchOf, charsOf, isBatch } from './batch.ts'
import { bounded } from './bounded.ts'
import { LiveRuns } from './live-runs.ts'
import type { PendingChange, PendingRun } from './pending-run.ts'
import type { EntrySink } from './run-recorder.ts'
import { TroubleLog } from './trouble-log.ts'

export interface WriteQueueOptions {
  readonly maxBuffered: number
  readonly maxBufferedChars: number
  readonly flushAfterMs: number
  readonly waitMs: number
  readonly clock: Clock
  readonly logger: Logger
}

/** So many tries by the clock, over half a minute; after that, one at an event, as a timer keeps the process alive. */
const TIMED_TRIES = 6
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000
/** A run that a store refuses so often by itself, while it takes others, is not worth holding them up. */
const MOST_FAILURES = 4
/** A store that says so often that a record moved, though it is where it was, must be wrong. */
export const MOST_MOVES = 20

/** Holds what is not written yet, bounded, and writes it in the background. One write at a time. */
export class WriteQueue implements EntrySink {
  readonly trouble: TroubleLog
  readonly #store: AuditStore
  readonly #options: WriteQueueOptions
  readonly #dirty = new Set<PendingRun>()
  readonly #live = new LiveRuns()
  #buffered = 0
  #bufferedChars = 0
  #written = 0
  #writing: { readonly sinceMs: number; readonly done: Promise<boolean> } | undefined
  #cancelTimer: (() => void) | undefined
  #failuresInARow = 0
  #retryAtMs = Number.NEGATIVE_INFINITY

  constructor(store: AuditStore, options: WriteQueueOptions) {
    this.#store = store
    this.#options = options
    this.trouble = new TroubleLog(options.clock, options.logger)
  }

  get size(): { readonly buffered: number; readonly bufferedChars: number; readonly written: number } {
    return { buffered: this.#buffered, bufferedChars: this.#bufferedChars, written: this.#written }
  }

  /** Whether something of a run waits to be written. */
  isWaiting(runId: string): boolean {
    return [...this.#dirty].some((pending) => pending.runId === runId)
  }

  opened(pending: PendingRun): void {
    this.#live.add(pending)
  }

  add(pending: PendingRun, body: AuditEntryBody, atMs: number, apply?: (run: AuditRun) => AuditRun): void {
    if (pending.isMuted) return
    const chars = charsOf(body)
    const { maxBuffered, maxBufferedChars } = this.#options
    const isFull = this.#buffered >= maxBuffered || this.#bufferedChars + chars > maxBufferedChars
    // How a run ended is worth more than its steps; with a store that never answers, even these must have an end.
    if (isFull && !(body.type === 'end' && this.#dirty.size < maxBuffered)) return this.#drop(pending, atMs)
    pending.add({ body, atMs, chars, ...(apply !== undefined && { apply }) })
    this.#buffered += 1
    this.#bufferedChars += chars
    this.#dirty.add(pending)
    this.#schedule(isBatch(this.#buffered, this.#bufferedChars) ? 0 : this.#options.flushAfterMs)
  }

  lose(pending: PendingRun, error: unknown): void {
    this.trouble.dropped(1, error)
    this.#mark(pending, this.#options.clock.now())
  }

  #drop(pending: PendingRun, atMs: number): void {
    this.trouble.dropped(1)
    this.#mark(pending, atMs)
    this.#schedule(this.#options.flushAfterMs)
  }

  #mark(pending: PendingRun, atMs: number): void {
    if (pending.isMuted || (!this.#dirty.has(pending) && this.#dirty.size >= this.#options.maxBuffered)) return
    if (pending.addDropped(1, Math.trunc(atMs))) this.#buffered += 1
    this.#dirty.add(pending)
  }

  async finish(pending: PendingRun): Promise<void> {
    pending.isClosed = true
    if (pending.length === 0 || pending.isMuted) {
      this.#live.settle(pending)
      return
    }
    const { clock, waitMs } = this.#options
    const isHanging = this.#writing !== undefined && clock.now() - this.#writing.sinceMs >= waitMs
    // A store that is known to fail is not waited for: the run has ended.
    if (isHanging || this.#failuresInARow > 0) return
    const written = new Promise<void>((resolve) => pending.waiters.push(resolve))
    void this.#write()
    await bounded(clock, waitMs, written)
  }

  /** Writes all that is pending; gives whether it could, within the time that one waits. */
  async flush(): Promise<boolean> {
    const { clock, waitMs } = this.#options
    return (await bounded(clock, waitMs, this.#drain())) === true
  }

  /** Waits for the store, though not for long. */
  async patiently(work: Promise<unknown>): Promise<void> {
    await bounded(this.#options.clock, this.#options.waitMs, work)
  }

  async #drain(): Promise<boolean> {
    while (this.#dirty.size > 0) if (!(await this.#write())) return false
    return true
  }

  /** Forgets what is pending of a run and of those below it, and keeps nothing more of them. */
  async mute(runId: string): Promise<void> {
    for (const one of this.#live.tree(runId)) this.#forget(one)
    const { clock, waitMs } = this.#options
    if (this.#writing !== undefined) await bounded(clock, waitMs, this.#writing.done)
  }

  stop(): void {
    this.#cancelTimer?.()
    for (const one of this.#live.all()) {
      if (one.length > 0) this.trouble.dropped(one.length)
      this.#silence(one)
    }
    this.trouble.close()
  }

  #forget(pending: PendingRun): void {
    pending.forget()
    this.#silence(pending)
  }

  #silence(pending: PendingRun): void {
    pending.isMuted = true
    this.#count(pending.discard())
    this.#settle(pending)
  }

  #schedule(delayMs: number): void {
    const { clock } = this.#options
    if (this.#writing !== undefined) return // it looks for more when it is done
    const now = clock.now()
    if (this.#failuresInARow > 0 && (now < this.#retryAtMs || this.#cancelTimer !== undefined)) return
    if (delayMs === 0) return void this.#write()
    this.#cancelTimer ??= clock.after(delayMs, () => void this.#write())
  }

  /** One write. Gives whether it was done; one that is under way already counts as this one. */
  #write(): Promise<boolean> {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#writing ??= {
      sinceMs: this.#options.clock.now(),
      done: this.#writeBatch().then((isDone) => {
        this.#writing = undefined
        if (this.#dirty.size > 0) this.#again(isDone)
        return isDone
      }),
    }
    return this.#writing.done
  }

  #again(isDone: boolean): void {
    if (isDone) {
      // A run whose record has moved goes on at once, or one that others write to all the time would always come too late.
      const isHurried = [...this.#dirty].some(({ isClosed, moves }) => isClosed || moves > 0)
      const isUrgent = isHurried || isBatch(this.#buffered, this.#bufferedChars)
      return this.#schedule(isUrgent ? 0 : this.#options.flushAfterMs)
    }
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (this.#failuresInARow - 1), LONGEST_RETRY_MS)
    this.#retryAtMs = this.#options.clock.now() + delayMs
    if (this.#failuresInARow <= TIMED_TRIES)
      this.#cancelTimer = this.#options.clock.after(delayMs, () => void this.#write())
  }

  async #writeBatch(): Promise<boolean> {
    await Promise.resolve() // a recorder's event returns at once, though a store may work before its promise is there
    // After a failure each by itself, so that one run that a store cannot take is no trouble to the others.
    const changes = batchOf(this.#dirty, { mostRuns: this.#failuresInARow > 0 ? 1 : Number.POSITIVE_INFINITY })
    if (changes.length === 0) return true
    try {
      const became = await this.#store.write(changes.map(({ run, after, entries }) => ({ run, after, entries })))
      for (const [index, change] of changes.entries()) await this.#became(change, became[index])
      this.#failuresInARow = 0
      this.trouble.remind()
      return true
    } catch (error) {
      this.#failed(changes, error)
      return false
    }
  }

  async #became(change: PendingChange, became: AuditWritten | undefined): Promise<void> {
    const { pending } = change
    if (pending.isMuted) return
    if (became === 'written') this.#commit(change)
    else if (became === 'gone') this.#forget(pending) // somebody else did
    else if (became === 'moved') await this.#catchUp(change)
    else throw new TypeError('Expected `store.write()` to tell of each change')
  }

  /** Another segment has written, or this one's write was done though it was refused. */
  async #catchUp(change: PendingChange): Promise<void> {
    const { pending, after, entries } = change
    try {
      const stored = await this.#store.find(pending.runId)
      if (pending.isMuted) return
      if (stored === undefined) return this.#forget(pending)
      const query = { after, limit: entries.length }
      const done = pending.isUnsure && pending.writtenOf(await this.#store.entries(pending.runId, query))
      if (typeof done === 'object') return this.#commit(done)
      pending.rebase(stored)
      pending.moves = stored.entries === after ? pending.moves + 1 : 1
      if (pending.moves > MOST_MOVES) throw new Error('Its record is never where the store says')
    } catch (error) {
      this.trouble.dropped(pending.length, error)
      this.#silence(pending)
    }
  }

  #commit(change: PendingChange): void {
    const { pending, entries } = change
    this.#written += entries.length
    this.#count(pending.commit(change))
    if (pending.length === 0) this.#settle(pending)
  }

  #failed(changes: readonly PendingChange[], error: unknown): void {
    this.#failuresInARow += 1
    this.trouble.failed(error)
    for (const { pending } of changes) {
      pending.isUnsure = true
      if (changes.length === 1) pending.failures += 1
      this.#wake(pending)
    }
    const [only] = changes
    if (changes.length > 1 || only === undefined) return
    const { pending } = only
    if (pending.failures >= MOST_FAILURES && this.#failuresInARow < pending.failures) {
      this.trouble.dropped(pending.length, error)
      this.#silence(pending)
    } else if (this.#dirty.delete(pending)) this.#dirty.add(pending) // the next comes first
  }

  #count({ entries, chars }: { readonly entries: number; readonly chars: number }): void {
    this.#buffered -= entries
    this.#bufferedChars -= chars
  }

  #settle(pending: PendingRun): void {
    this.#dirty.delete(pending)
    this.#live.settle(pending)
    this.#wake(pending)
  }

  #wake(pending: PendingRun): void {
    for (const wake of pending.waiters.splice(0)) wake()
  }
}

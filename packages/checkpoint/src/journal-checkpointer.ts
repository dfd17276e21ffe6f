import {
  type Call,
  type CallReconciled,
  type Checkpointer,
  type Clock,
  type JournalEntry,
  JournalError,
  type Outcome,
  RunError,
  type RunInfo,
  type Settled,
  type Suspension,
  type Wait,
} from '@executus/core'

import { journalErrorOf } from './journal-error.ts'
import type { Claim, JournalStore } from './journal-store.ts'
import { entryOf, JournalWriter } from './journal-writer.ts'
import { fitResult } from './result-size.ts'

export interface JournalCheckpointerOptions {
  readonly clock: Clock
  /** A larger result is refused. In bytes of JSON. */
  readonly maxResultBytes: number
  /** Called when the run could not be given back; with its outcome, when that could not be kept. */
  readonly onHeld: (outcome?: Outcome) => void
  /** Called before the record is closed, which closes all that are still open below it. */
  readonly beforeSettle: () => Promise<void>
}

/** The door of a claimed run. `entries` are those that its record holds. */
export class JournalCheckpointer implements Checkpointer {
  readonly info: RunInfo
  readonly history: readonly JournalEntry[]
  readonly #store: JournalStore
  readonly #writer: JournalWriter
  readonly #options: JournalCheckpointerOptions
  /** By key, of earlier owners. */
  readonly #results = new Map<string, unknown>()
  /** Keys of results that were kept since; they are in the store, and hardly ever asked for. */
  readonly #keptSince = new Set<string>()
  /** How often each call was begun. */
  readonly #attempts = new Map<string, number>()

  constructor(
    store: JournalStore,
    claim: Claim,
    entries: readonly JournalEntry[],
    options: JournalCheckpointerOptions,
  ) {
    this.info = claim.info
    this.history = claim.signals.length === 0 ? entries : [...entries, ...claim.signals.map(entryOf)]
    this.#store = store
    this.#writer = new JournalWriter(store, claim, options.clock)
    this.#options = options
    for (const entry of entries)
      if (entry.type === 'result') this.#results.set(entry.key, entry.value)
      else if (entry.type === 'intent') this.#attempts.set(entry.key, entry.attempt)
  }

  get lost(): AbortSignal {
    return this.#writer.lost
  }

  get cancelled(): AbortSignal {
    return this.#writer.cancelled
  }

  async step<T>(call: Call<T>): Promise<Settled<T>> {
    this.#checkSound()
    const before = this.#isKnown(call) ? await this.#outcomeBefore(call) : undefined
    if (before !== undefined) return before
    if (call.replay !== 'rerun') await this.#writer.write(this.#intents([{ call }]))
    const done = await this.#run(call)
    if (done.ok) {
      await this.#writer.write([this.#result(call, done.value)])
      this.#keptSince.add(call.key)
    }
    this.#checkSound()
    return done
  }

  async batch<T>(
    calls: readonly Call<T>[],
    { concurrency = Number.POSITIVE_INFINITY }: { readonly concurrency?: number } = {},
  ): Promise<readonly Settled<T>[]> {
    if (calls.length === 1) return [await this.step(calls[0]!)]
    this.#checkSound()
    const outcomes: Settled<T>[] = []
    const due: DueCall<T>[] = []
    for (const [index, call] of calls.entries()) {
      const before = this.#isKnown(call) ? await this.#outcomeBefore(call) : undefined
      if (before === undefined) due.push({ call, index })
      else outcomes[index] = before
    }
    const first = due.slice(0, concurrency)
    await this.#writeIntents(first)
    let next = first.length
    let halt: Unsettled | undefined
    const isOneOfMany = first.length > 1

    // Each of these does one call after the other; the intent of the next goes with the result of the one before.
    const work = async (one: DueCall<T> | undefined): Promise<void> => {
      for (let mine = one; mine !== undefined;) {
        const { call, index } = mine
        const done = await this.#run(call)
        if (!done.ok && isHalt(done.error)) halt = done
        const following = halt === undefined && this.#writer.fault === undefined ? due[next] : undefined
        if (following !== undefined) next += 1
        const entries = [
          ...(done.ok ? [this.#result(call, done.value)] : []),
          ...(following === undefined ? [] : this.#intents([following])),
        ]
        if (entries.length > 0) await this.#writer.write(entries, isOneOfMany)
        if (done.ok) this.#keptSince.add(call.key)
        outcomes[index] = done
        mine = following
      }
    }
    // What is under way when a write fails is awaited: a run must not outlive its end.
    await Promise.allSettled(first.map(work))
    this.#checkSound()
    for (const { index } of due.slice(next)) outcomes[index] = halt!
    return outcomes
  }

  /** Whether an earlier owner, or this one, has begun it. */
  #isKnown({ key }: Pick<Call<unknown>, 'key'>): boolean {
    return this.#results.has(key) || this.#keptSince.has(key) || this.#attempts.has(key)
  }

  /** What is kept for a call, or known of it; `undefined` when it is to be done. */
  async #outcomeBefore<T>(call: Call<T>): Promise<Settled<T> | undefined> {
    const { key, replay } = call
    if (this.#results.has(key)) return { ok: true, value: this.#results.get(key) as T }
    if (this.#keptSince.has(key)) return { ok: true, value: (await this.#readResult(key)) as T }
    if (replay !== 'once' || !this.#attempts.has(key)) return undefined
    const found = await this.#reconcile(call)
    if ('error' in found) return found
    if ('unknown' in found) return { ok: false, inDoubt: true }
    if (!found.done) return undefined
    const value = fitResult(call, found.value, this.#options.maxResultBytes)
    await this.#writer.write([this.#result(call, value)])
    this.#keptSince.add(key)
    return { ok: true, value }
  }

  /** A tool that cannot tell leaves its call in doubt. */
  async #reconcile<T>(call: Call<T>): Promise<CallReconciled<T> | Unsettled> {
    try {
      return (await call.reconcile?.(this.#idempotencyKey(call))) ?? UNKNOWN
    } catch (error) {
      return isHalt(error) ? { ok: false, error } : UNKNOWN
    }
  }

  async #readResult(key: string): Promise<unknown> {
    try {
      const entries = await this.#store.read(this.info.runId)
      for (const entry of entries) if (entry.type === 'result' && entry.key === key) return entry.value
      return undefined
    } catch (error) {
      throw journalErrorOf(`Reading the journal of ${this.info.runId}`, error)
    }
  }

  async #run<T>(call: Call<T>): Promise<{ readonly ok: true; readonly value: T } | Unsettled> {
    try {
      const attempt = this.#attempts.get(call.key) ?? 1
      const value = await call.run({ idempotencyKey: this.#idempotencyKey(call), attempt })
      return { ok: true, value: fitResult(call, value, this.#options.maxResultBytes) }
    } catch (error) {
      return { ok: false, error }
    }
  }

  #idempotencyKey({ key }: Pick<Call<unknown>, 'key'>): string {
    return `${this.info.runId}/${key}`
  }

  async #writeIntents<T>(due: readonly DueCall<T>[]): Promise<void> {
    const intents = this.#intents(due)
    if (intents.length > 0) await this.#writer.write(intents)
  }

  /** A call that may always be made again needs none, which saves a write for each model call and read tool. */
  #intents<T>(due: readonly Pick<DueCall<T>, 'call'>[]): JournalEntry[] {
    const atMs = this.#options.clock.now()
    return due
      .filter(({ call }) => call.replay !== 'rerun')
      .map(({ call: { key, kind } }) => {
        const attempt = (this.#attempts.get(key) ?? 0) + 1
        this.#attempts.set(key, attempt)
        return { type: 'intent', key, kind, attempt, atMs }
      })
  }

  #result<T>({ key, kind }: Call<T>, value: T): JournalEntry {
    return { type: 'result', key, kind, value, atMs: this.#options.clock.now() }
  }

  note(entries: readonly JournalEntry[]): Promise<void> {
    return this.#writer.write(entries)
  }

  suspend(waits: readonly Wait[]): Promise<Suspension> {
    return this.#writer.park(waits.map(({ signal }) => signal))
  }

  complete(outcome: Outcome): Promise<void> {
    return this.#settle(outcome)
  }

  fail(outcome: Outcome): Promise<void> {
    return this.#settle(outcome)
  }

  async #settle(outcome: Outcome): Promise<void> {
    try {
      await this.#options.beforeSettle()
      await this.#writer.settle(outcome)
    } catch (error) {
      this.#options.onHeld(outcome)
      throw error
    }
  }

  async leave(): Promise<void> {
    try {
      await this.#writer.release()
    } catch (error) {
      this.#options.onHeld()
      throw error
    }
  }

  #checkSound(): void {
    if (this.#writer.fault !== undefined) throw this.#writer.fault
  }
}

type Unsettled = { readonly ok: false; readonly error: unknown }

/** Whether it is the run that ends, and not just this call: then no other call is begun. */
function isHalt(error: unknown): boolean {
  return RunError.is(error) || JournalError.is(error)
}

interface DueCall<T> {
  readonly call: Call<T>
  readonly index: number
}

const UNKNOWN = { unknown: true } as const

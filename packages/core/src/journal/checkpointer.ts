import type { RunInfo } from '../run-info.ts'
import type { ReplayClass } from '../tool/tool.ts'
import type { CallKind, JournalEntry } from './entry.ts'

/** Mints the one checkpointer of each run. A battery implements it; without one, nothing is kept. */
export interface CheckpointerFactory {
  /**
   * A new record for a run; `undefined` when this run is not to be durable. Resolves when the record is. Rejects with a
   * `JournalError` of code `fenced` when there is a record of this id already: such a run is not begun a second time.
   */
  begin(info: RunInfo): Promise<Checkpointer | undefined>
  /** The record of an earlier run, claimed for this process; `undefined` when it is not ours to continue. */
  reopen(runId: string): Promise<Checkpointer | undefined>
}

/**
 * The one door of a run: each of its effects passes here, and what the door has kept is never done again.
 *
 * Contract: a method resolves only when what it keeps is durable, and rejects with `JournalError` only; it is called when
 * the one before it has settled, `batch` being all the parallelism that there is.
 */
export interface Checkpointer {
  /** What `begin` was given when the run was new. */
  readonly info: RunInfo
  /** What earlier owners of this run wrote, signals that have come since included, oldest first. */
  readonly history: readonly JournalEntry[]
  /** Set when the record is closed, as a delegated run's may be before its parent knew: it is told so, and nothing is done. */
  readonly ended?: Outcome
  /** Aborts when this process may no longer write the run, as another has claimed it. */
  readonly lost?: AbortSignal
  /** Aborts when somebody asked for the run's end through its record; the run then ends `cancelled`. */
  readonly cancelled?: AbortSignal
  /**
   * Does the call, or gives what is already kept for its key. A call that rejects leaves no result, so it is done anew
   * when the run is resumed; one of class `once` that may have begun is in doubt then.
   */
  step<T>(call: Call<T>): Promise<Settled<T>>
  /** Several at once: begun in this order, at most `concurrency` at a time, all awaited; one outcome for each. */
  batch<T>(calls: readonly Call<T>[], options?: { readonly concurrency?: number }): Promise<readonly Settled<T>[]>
  /** Keeps entries of the loop's own. */
  note(entries: readonly JournalEntry[]): Promise<void>
  /** Gives the run back until one of `waits` has come; `signals` that came before are given instead, and it goes on. */
  suspend(waits: readonly Wait[]): Promise<Suspension>
  /** Closes the record: the run has answered. */
  complete(outcome: Outcome): Promise<void>
  /** Closes the record: the run has failed for good. */
  fail(outcome: Outcome): Promise<void>
  /** Gives the run back as it is, for the next boot to continue. */
  leave(): Promise<void>
}

/** One effect. */
export interface Call<T> {
  /** Made of data, and unique in the run: `model:7`, `tool:<callId>`. */
  readonly key: string
  readonly kind: CallKind
  readonly replay: ReplayClass
  /** The most time that `run` takes; it keeps this by itself. `Infinity` for a child, which has limits of its own. */
  readonly timeoutMs: number
  /** Does it. Gives plain JSON. */
  run(context: CallAttempt): Promise<T>
  /** Whether an earlier attempt took effect, for class `once`. */
  reconcile?(idempotencyKey: string): Promise<CallReconciled<T>>
}

export type CallReconciled<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false }
  | { readonly unknown: true }

/** What a call is told about its attempt. */
export interface CallAttempt {
  /** `runId/key`, the same at every attempt. */
  readonly idempotencyKey: string
  /** Counts from 1, as far as it is kept: of class `rerun` it need not be. */
  readonly attempt: number
}

/** What became of a call. `inDoubt`: it may have taken effect before a crash, and must not be tried again. */
export type Settled<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown }
  | { readonly ok: false; readonly inDoubt: true }

/** What a suspended run waits for: a signal of this name. */
export interface Wait {
  readonly signal: string
}

export type Suspension =
  | { readonly suspended: true }
  | { readonly suspended: false; readonly signals: readonly JournalEntry[] }

/** How a run ended, as its record keeps it. */
export interface Outcome {
  readonly status: string
  readonly stopReason: string
  readonly output: string
  /** What went wrong, in words. */
  readonly error?: string
}

import type { JournalEntry, JsonValue, RunInfo } from '@executus/core'

/**
 * Where the records of runs are kept. One opened store is one owner: what it claims is its own until it gives it back, or
 * is found dead by another.
 *
 * Contract for every method: it resolves only when its effect is durable, and is then seen by every owner; it rejects with
 * a `StoreError` and leaves the store as it was. What is given out are copies, and what is taken in is copied. Ids, names
 * and texts are any strings, but that a half of a surrogate pair may come back well-formed. A method that is given a claim
 * rejects with `fenced` when that is not the newest of its run, or was given back.
 */
export interface JournalStore {
  /**
   * Makes the record of a new run and claims it, in one. A run of this id that is there already is left as it is.
   */
  create(run: NewRun): Promise<{ readonly created: true; readonly claim: Claim } | { readonly created: false }>

  /**
   * Takes up to `limit` runs that nobody works on, oldest first: released ones, waiting ones whose signal has come, and
   * ones whose owner is dead and whose time of rest is over. With `runId` it takes that one alone, also while it waits or
   * rests. Settled, poisoned and quarantined runs, and those of living owners, this one included, are never taken. Each
   * claim raises the epoch. The time of rest begins at the last claim or append, and is what `restMs` says; a clock that is
   * set back ends it.
   */
  claim(query: ClaimQuery): Promise<readonly Claim[]>

  /**
   * Adds entries, all or none. `expectHead` is how many there were: when they are there already, as an answer got lost,
   * nothing is added; any other head means that somebody else has written, and it rejects with `fenced`. An entry that is
   * progress (see `isProgress`) ends the crash streaks of the run and of its root.
   */
  append(claim: ClaimRef, entries: readonly JournalEntry[], options: { readonly expectHead: number }): Promise<Appended>

  /**
   * The entries of a run, oldest first. Rejects with `not-found`; with `corrupt` when one is damaged, and then the run is
   * quarantined and its claim void. One that is settled stays so.
   */
  read(runId: string): Promise<readonly JournalEntry[]>

  /**
   * Gives a run back until a signal of one of these names comes; if there are such signals already, the claim stays and
   * they are given. Both are one step: no signal can come between the look and the waiting. A run that is to be cancelled
   * keeps its claim as well, without a signal if none has come; its next append tells it why.
   */
  park(claim: ClaimRef, waits: readonly string[]): Promise<readonly Signal[] | 'parked'>

  /** Gives a run back, for the next who looks. A clean release is no crash, and ends a crash streak. */
  release(claim: ClaimRef): Promise<void>

  /** Closes the record; those below it that are still open are closed with it, as cancelled. */
  settle(claim: ClaimRef, outcome: StoredOutcome): Promise<void>

  /**
   * Sets a run aside that crashed too often, for a human to look at; `revive` brings it back.
   */
  poison(claim: ClaimRef, reason: string): Promise<void>

  /** Brings a signal to a run that is not settled. A run that waits for its name is `signalled` then. */
  deliver(runId: string, signal: Signal): Promise<Delivered>

  /**
   * Has a run end as cancelled, and those below it: at once when nobody works on it, else when its owner writes next, or
   * whoever claims it after that. Gives whether there was a run that was not settled.
   */
  cancel(runId: string, reason: string): Promise<boolean>

  /** What is known about a run; `undefined` when there is none. */
  find(runId: string): Promise<RunRecord | undefined>

  /** Runs in the order in which they were made, oldest first; `next` is there when more may follow. */
  list(query: ListQuery): Promise<{ readonly runs: readonly RunSummary[]; readonly next?: string }>

  /**
   * A new root, released, of the first `upTo` entries of another run; signals stay behind. Its info is that run's, with its
   * own id as `runId` and `rootRunId` and without `parentRunId`. Rejects with `exists` or `not-found`; with `corrupt`
   * when one of these entries is damaged.
   */
  fork(runId: string, upTo: number, newRunId: string): Promise<void>

  /** Brings a poisoned or quarantined run back as released, its counts at nought. Gives whether there was one. */
  revive(runId: string): Promise<boolean>

  /**
   * Forgets roots that were settled before `settledBeforeMs` with all runs below them, at most `limit` roots; gives how
   * many roots.
   */
  sweep(query: { readonly settledBeforeMs: number; readonly limit: number }): Promise<number>

  /** Gives back what it holds, as released, and closes. Every later call but another `close` rejects with `closed`. */
  close(): Promise<void>
}

export interface NewRun {
  readonly runId: string
  readonly info: RunInfo
}

export interface ClaimQuery {
  readonly limit: number
  readonly runId?: string
  /** Only runs that no other run began: those resume their own. @default false */
  readonly rootsOnly?: boolean
}

/** The right to write a run: `epoch` tells a newer right from an older one. */
export interface ClaimRef {
  readonly runId: string
  readonly epoch: number
}

export interface Claim extends ClaimRef {
  readonly info: RunInfo
  /** How many entries there are. */
  readonly head: number
  /** All signals that have come so far. */
  readonly signals: readonly Signal[]
  /** Crashes in a row without progress in between, this one included; 0 after a clean release. */
  readonly crashStreak: number
  /** Crashes in all. */
  readonly crashes: number
  /** Set when somebody asked that the run, or one above it, be cancelled. */
  readonly cancelReason?: string
}

export interface Appended {
  readonly head: number
  /** As in `Claim`. */
  readonly cancelReason?: string
}

/** A word from outside: a person's decision. */
export interface Signal {
  readonly name: string
  /** Unique in the run: what makes a repeated delivery one. */
  readonly id: string
  readonly value: JsonValue
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

/** `duplicate`: one of its id or of its name is there already, and stays. `closed`: the run is settled. */
export type Delivered = 'accepted' | 'duplicate' | 'closed' | 'no-such-run'

export interface StoredOutcome {
  readonly status: string
  readonly stopReason: string
  readonly output: string
  readonly error?: string
}

/**
 * - `running`: claimed; its owner may be dead. `released`: nobody's.
 * - `waiting`: for a signal. `signalled`: one has come, and nobody has claimed it yet.
 * - `settled`: closed. `poisoned`: crashed too often. `quarantined`: an entry is damaged.
 */
export type RecordStatus = 'running' | 'released' | 'waiting' | 'signalled' | 'settled' | 'poisoned' | 'quarantined'

export interface ListQuery {
  readonly limit: number
  readonly status?: readonly RecordStatus[]
  /** Only those that `claim` would take now, without `runId`. @default false */
  readonly claimableOnly?: boolean
  /** Only runs that no other run began. @default false */
  readonly rootsOnly?: boolean
  /** `next` of the page before; runs made since then follow, and those forgotten are passed over. */
  readonly after?: string
}

export interface RunSummary {
  readonly runId: string
  readonly rootRunId: string
  readonly parentRunId?: string
  readonly agent: string
  readonly status: RecordStatus
  readonly head: number
  readonly epoch: number
  readonly crashes: number
  readonly crashStreak: number
  /** By the store's clock. */
  readonly createdAtMs: number
  readonly settledAtMs?: number
  readonly outcome?: StoredOutcome
  /** Why it was poisoned or quarantined. */
  readonly reason?: string
  /** Names of the signals that it waits for; absent unless it is `waiting`. */
  readonly waits?: readonly string[]
}

/** A summary with what the run was begun with. */
export interface RunRecord extends RunSummary {
  readonly info: RunInfo
}

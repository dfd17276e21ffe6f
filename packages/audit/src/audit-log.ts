import type { Audit } from '@executus/core'

import type { AuditEntry } from './audit-entry.ts'
import type { AuditRun } from './audit-run.ts'
import type { AuditFilter, AuditPage } from './audit-store.ts'
import type { AuditVerdict } from './chain.ts'

/** What runs did: what an executor takes as its `audit`, and what a host asks about it. */
export interface AuditLog extends Audit {
  /** The record of a run; `undefined` when there is none. Rejects, as all that follow, with `StoreError`. */
  find(runId: string): Promise<AuditRun | undefined>
  /** Runs by when they were begun, newest first, in pages of `limit`; `next` of a page is `after` of the one that follows. */
  list(query?: AuditQuery): Promise<AuditPage>
  /** What happened in a run, oldest first: `after` is the `seq` of the last entry seen. */
  entries(runId: string, query?: EntriesQuery): Promise<readonly AuditEntry[]>
  /**
   * A run as lines of JSON, each with its line break: the record (`kind` is `run`), then its entries (`entry`), and, if
   * asked, the same of all runs below it. No lines for a run that is not there.
   */
  exportRun(runId: string, options?: { readonly below?: boolean }): AsyncIterable<string>
  /** Follows the chain of a run's record; `undefined` when there is none. */
  verify(runId: string): Promise<AuditVerdict | undefined>
  /**
   * Adds a word of the host's own to a run's record, whether the run is at work, here or in another process, or has ended;
   * what the record says of the run stays as it is. Resolves when it is written. Rejects with `busy` when the record could not
   * be begun yet (try again), with `not-found` when there is none, as of a run that was forgotten, with `fenced` when others
   * write it all the time, and with `closed` when the audit is.
   *
   * @throws TypeError or RangeError that names the option
   */
  note(runId: string, note: AuditNote): Promise<void>
  /**
   * Forgets a run with all runs below it, and gives how many. What is still at work here is not recorded any more, nor
   * what begins below it.
   */
  forget(runId: string): Promise<number>
  /** Forgets trees of runs in which nothing happened since `endedBeforeMs`, at most `limit`; gives how many. */
  sweep(query: SweepQuery): Promise<number>
  /** Writes what is waiting. Gives whether all of it could be written, within `waitMs`. */
  flush(): Promise<boolean>
  /** How it does. */
  stats(): AuditStats
  /** Flushes, and closes the store; what then comes is dropped. To be called when the executor has shut down. */
  close(): Promise<void>
}

/** Texts are compared as a whole; each condition narrows. */
export interface AuditQuery extends AuditFilter {
  /** @default 50 */
  readonly limit?: number
  readonly after?: string
}

export interface EntriesQuery {
  /** @default 0 */
  readonly after?: number
  /** @default 1_000 */
  readonly limit?: number
}

/** Texts are redacted and bounded, as all others. */
export interface AuditNote {
  /** A label to look for, such as `delivery`. */
  readonly about: string
  readonly text: string
  /** Who says so. */
  readonly by?: string
}

export interface SweepQuery {
  readonly endedBeforeMs: number
  /** @default 1_000 */
  readonly limit?: number
}

export interface AuditStats {
  /** Entries that wait to be written. */
  readonly buffered: number
  readonly bufferedChars: number
  /** Entries written since it was made. */
  readonly written: number
  /** Entries lost since then. */
  readonly dropped: number
  readonly failedWrites: number
}

import type { AuditEntry } from './audit-entry.ts'
import type { AuditRun, AuditStatus } from './audit-run.ts'

/**
 * Where the audit is kept. Any number of processes may write to it, to one run also.
 *
 * Contract for every method: it resolves only when its effect is durable, and is then seen by all; it rejects with a
 * `StoreError` and leaves the store as it was. What is given out are copies, and what is taken in is copied. Ids and texts
 * are any strings, but that a half of a surrogate pair may come back well-formed. What is damaged shows itself
 * (`isDamaged`, `damaged`) and hides nothing else; `find` alone rejects with `corrupt`.
 */
export interface AuditStore {
  /**
   * Does each change as a whole, in this order, and says what became of it. A run whose entries are not `after` any more
   * (`moved`), or that is not there although `after` is not 0 (`gone`), stays as it is; that of the others is not touched by it.
   */
  write(changes: readonly AuditChange[]): Promise<readonly AuditWritten[]>

  /** The record of a run; `undefined` when there is none. */
  find(runId: string): Promise<AuditRun | undefined>

  /**
   * Runs of which all that the query names is true, by when they were begun, newest first; of one moment, the one that was
   * made last comes first. `next` is there when more may follow.
   */
  list(query: AuditStoreQuery): Promise<AuditPage>

  /** Entries of a run with a `seq` above `after`, oldest first, at most `limit`; none of a run that is not there. */
  entries(runId: string, query: { readonly after: number; readonly limit: number }): Promise<readonly AuditEntry[]>

  /** Forgets a run with all runs below it; gives how many runs. */
  forget(runId: string): Promise<number>

  /**
   * Forgets at most `limit` trees of runs in which nothing has been written since `endedBeforeMs`, those of the longest
   * silence first; gives how many. Whether their runs have ended does not count: one whose process died never will.
   */
  sweep(query: { readonly endedBeforeMs: number; readonly limit: number }): Promise<number>

  /** Closes. Every later call but another `close` rejects with `closed`. */
  close(): Promise<void>
}

export interface AuditChange {
  /** The record as it is with these entries. Replaces the one there. */
  readonly run: AuditRun
  /** How many entries there were before; 0 makes the record. */
  readonly after: number
  /** Their `seq` goes on from `after`. */
  readonly entries: readonly AuditEntry[]
}

export type AuditWritten = 'written' | 'moved' | 'gone'

/** What to look for; texts are compared as a whole. */
export interface AuditFilter {
  /** All runs of one tree, the root among them. */
  readonly rootRunId?: string
  /** The runs that this one delegated to. */
  readonly parentRunId?: string
  readonly caller?: string
  readonly channel?: string
  readonly guild?: string
  readonly agent?: string
  readonly subject?: string
  readonly status?: readonly AuditStatus[]
  /** Begun at this time or later. */
  readonly fromMs?: number
  /** Begun before this time. */
  readonly toMs?: number
}

export interface AuditStoreQuery extends AuditFilter {
  readonly limit: number
  /** `next` of the page before: those that follow, also when that page's runs are gone. */
  readonly after?: string
}

export interface AuditPage {
  readonly runs: readonly AuditRun[]
  readonly next?: string
}

/** A place in a list, as text. */
export function cursorOf(startedAtMs: number, number: number): string {
  return `${startedAtMs}/${number}`
}

/** @throws RangeError when it is none */
export function placeOf(cursor: string): { readonly startedAtMs: number; readonly number: number } {
  const [, startedAtMs, number] = /^(-?\d{1,16})\/(\d{1,16})$/.exec(cursor) ?? []
  if (number === undefined) throw new RangeError('Expected `query.after` to be `next` of an earlier page')
  return { startedAtMs: Number(startedAtMs), number: Number(number) }
}

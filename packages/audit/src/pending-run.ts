import type { AuditEntry, AuditEntryBody } from './audit-entry.ts'
import type { AuditRun } from './audit-run.ts'
import type { AuditChange } from './audit-store.ts'
import { aboutHashOf, canonicalJson, hashOf, outcomeHashOf } from './chain.ts'

interface Item {
  readonly body: AuditEntryBody
  readonly atMs: number
  readonly chars: number
  /** What the entry changes of the record; it is written with it. */
  readonly apply?: (run: AuditRun) => AuditRun
}

/** What is about to be written of a run, and what is left when it has been. */
export interface PendingChange extends AuditChange {
  readonly pending: PendingRun
}

/** One run's record as the store has it, and what has happened since. Has `seq` and hashes only when it is written. */
export class PendingRun {
  readonly runId: string
  readonly parentRunId: string | undefined
  /** How often the record had been opened when this opened it; 1 until the store was asked. */
  segment = 1
  /** Nothing more is kept of it. */
  isMuted = false
  /** Somebody forgot the run. */
  isForgotten = false
  /** The recorder is closed: nothing more comes. */
  isClosed = false
  /** A write was refused, and may have been done all the same. */
  isUnsure = false
  /** Writes in a row that failed with this run alone in them. */
  failures = 0
  /** How often in a row the store said that others had written before; counted anew when they had. */
  moves = 0
  /** Called once when nothing is left to be written, or waiting for it is in vain. */
  waiters: (() => void)[] = []
  readonly #isResumed: boolean
  readonly #hasChain: boolean
  #run: AuditRun
  #items: Item[] = []
  /** So many of them may be in the store already, and stay as they are. */
  #frozen = 0
  #hasBegun = false

  constructor(run: AuditRun, options: { readonly isResumed: boolean; readonly hasChain: boolean }) {
    this.runId = run.runId
    this.parentRunId = run.parentRunId
    this.#run = run
    this.#isResumed = options.isResumed
    this.#hasChain = options.hasChain
  }

  get length(): number {
    return this.#items.length
  }

  add(item: Item): void {
    this.#items.push(item)
  }

  /** Counts entries for which there was no room, in the place where they are missing. Gives whether that is a new one. */
  addDropped(count: number, atMs: number): boolean {
    const last = this.#items.length > this.#frozen ? this.#items.at(-1) : undefined
    const before = last?.body.type === 'dropped' ? last.body.count : 0
    if (before > 0) this.#items.pop()
    const total = before + count
    const apply = (run: AuditRun) => ({ ...run, dropped: run.dropped + total })
    this.#items.push({ body: { type: 'dropped', count: total }, atMs, chars: 0, apply })
    return before === 0
  }

  /** The oldest of what is pending, at most `limit` entries. */
  change(limit: number): PendingChange {
    let run = this.#run
    const after = run.entries
    const entries: AuditEntry[] = []
    this.#frozen = Math.max(this.#frozen, Math.min(limit, this.#items.length))
    for (const { body, atMs, apply } of this.#items.slice(0, limit)) {
      run = apply?.(run) ?? run
      const place = { runId: this.runId, seq: after + entries.length + 1, atMs }
      let entry: AuditEntry = { ...this.#finished(body, run), ...place }
      if (this.#hasChain) entry = { ...entry, hash: hashOf(run.headHash ?? '', entry) }
      entries.push(entry)
      run = { ...run, entries: entry.seq, updatedAtMs: atMs, ...(entry.hash !== undefined && { headHash: entry.hash }) }
    }
    return { pending: this, run, after, entries }
  }

  /** What an entry says of the whole run is known only as it is written. */
  #finished(body: AuditEntryBody, run: AuditRun): AuditEntryBody {
    if (body.type === 'start' && this.#hasChain) return { ...body, aboutHash: aboutHashOf(run) }
    if (body.type !== 'end') return body
    const end = { ...body, toolCalls: run.toolCalls }
    return this.#hasChain && run.status === body.status ? { ...end, outcomeHash: outcomeHashOf(run) } : end
  }

  /** The change is in the store. Gives how much room it took. */
  commit({ run, entries }: AuditChange): { readonly entries: number; readonly chars: number } {
    this.#run = run
    this.#hasBegun = true
    this.isUnsure = false
    this.failures = 0
    this.moves = 0
    return this.#remove(entries.length)
  }

  /**
   * What of `stored`, which follows the record as it was last seen, was written from here though the store refused it; what
   * others have written behind that is left out.
   */
  writtenOf(stored: readonly AuditEntry[]): PendingChange | undefined {
    const { entries } = this.change(stored.length)
    const other = stored.findIndex((entry, index) => canonicalJson(entry) !== canonicalJson(entries[index]))
    const count = other === -1 ? stored.length : other
    return count > 0 ? this.change(count) : undefined
  }

  /** Nothing more is kept of it, nor of what begins below it. */
  forget(): void {
    this.isMuted = true
    this.isForgotten = true
  }

  /** Lets go of all that is pending. Gives how much that was. */
  discard(): { readonly entries: number; readonly chars: number } {
    return this.#remove(this.#items.length)
  }

  #remove(count: number): { readonly entries: number; readonly chars: number } {
    const removed = this.#items.splice(0, count)
    this.#frozen = Math.max(0, this.#frozen - count)
    return { entries: removed.length, chars: removed.reduce((sum, { chars }) => sum + chars, 0) }
  }

  /** Goes on behind what the store has of this run. */
  rebase(stored: AuditRun): void {
    this.isUnsure = false
    if (this.#hasBegun) {
      this.#run = stored
      return
    }
    this.#hasBegun = true
    this.segment = stored.segments + 1
    const { stopReason: _1, output: _2, error: _3, endedAtMs: _4, ...begun } = stored
    const { entries, dropped, headHash } = stored
    const head = headHash === undefined ? {} : { headHash }
    // A run of its own that has an id of an earlier one goes on in that one's record, and what is said of it is the newest.
    const run = this.#isResumed ? begun : { ...this.#run, entries, dropped, ...head }
    this.#run = { ...run, status: 'running', segments: this.segment }
  }
}

import { type Clock, StoreError } from '@executus/core'
import { checkKeys, checkText } from '@executus/core/check-option'

import type { AuditEntry, AuditEntryBody } from './audit-entry.ts'
import type { AuditNote } from './audit-log.ts'
import type { AuditRun } from './audit-run.ts'
import type { AuditStore } from './audit-store.ts'
import { hashOf } from './chain.ts'
import type { TextMaker } from './text-of.ts'
import { MOST_MOVES, type WriteQueue } from './write-queue.ts'

/** @throws TypeError or RangeError that names the option */
export function noteBodyOf(note: AuditNote, make: TextMaker): AuditEntryBody {
  checkKeys('note', note, ['about', 'text', 'by'])
  const { about, text, by } = note
  checkText('note.about', about)
  checkText('note.text', text)
  if (by !== undefined) checkText('note.by', by)
  return { type: 'note', about: make.label(about), text: make.text(text), ...make.optional('by', by) }
}

/** Writes what a host says of runs, whoever is at work on them. Unlike an event, a note is told whether it was kept. */
export class NoteWriter {
  readonly #store: AuditStore
  readonly #queue: WriteQueue
  readonly #hasChain: boolean
  readonly #clock: Clock
  #written = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(store: AuditStore, queue: WriteQueue, options: { readonly hasChain: boolean; readonly clock: Clock }) {
    this.#store = store
    this.#queue = queue
    this.#hasChain = options.hasChain
    this.#clock = options.clock
  }

  get written(): number {
    return this.#written
  }

  /** One after the other, so that notes of one process do not outrun each other. */
  add(runId: string, body: AuditEntryBody): Promise<void> {
    const atMs = Math.trunc(this.#clock.now())
    const writing = this.#last.then(() => this.#write(runId, body, atMs))
    this.#last = writing.catch(() => {})
    return writing
  }

  /** Resolves when none is under way. */
  async idle(): Promise<void> {
    await this.#last
  }

  async #write(runId: string, body: AuditEntryBody, atMs: number): Promise<void> {
    await this.#queue.flush() // what was told before comes before, and a run that has just begun has its record
    for (let moves = 0, seen = 0; moves <= MOST_MOVES;) {
      const stored = await this.#store.find(runId)
      // Written behind nothing, a note would make the record, also that of a run that was forgotten.
      if (stored === undefined || stored.entries === 0) throw this.#nothingOf(runId)
      moves = stored.entries === seen ? moves + 1 : 0
      seen = stored.entries
      const [became] = await this.#store.write([this.#changeOf(stored, body, atMs)])
      if (became === 'gone') throw this.#nothingOf(runId)
      if (became === 'written') {
        this.#written += 1
        return
      }
      if (became !== 'moved') throw new TypeError('Expected `store.write()` to tell of each change')
    }
    throw new StoreError('fenced', `The record of ${runId} is never where the store says`)
  }

  #changeOf(stored: AuditRun, body: AuditEntryBody, atMs: number) {
    const { runId, entries: after, headHash } = stored
    let entry: AuditEntry = { ...body, runId, seq: after + 1, atMs }
    // A record with a chain keeps it, though this audit makes none.
    if (this.#hasChain || headHash !== undefined) entry = { ...entry, hash: hashOf(headHash ?? '', entry) }
    const head = entry.hash === undefined ? {} : { headHash: entry.hash }
    return { run: { ...stored, entries: entry.seq, updatedAtMs: atMs, ...head }, after, entries: [entry] }
  }

  #nothingOf(runId: string): StoreError {
    if (this.#queue.isWaiting(runId)) return new StoreError('busy', `The record of ${runId} could not be begun yet`)
    return new StoreError('not-found', `There is no record of ${runId}`)
  }
}

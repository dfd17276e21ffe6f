import type { AuditLog } from '@executus/audit'
import { type Clock, type Logger, StoreError } from '@executus/core'

import type { AuditNoteStore, KeptNote } from '../../store/audit-note-store.ts'

export interface AuditNotesOptions {
  readonly notes: AuditNoteStore
  readonly audit: AuditLog
  readonly clock: Clock
  readonly logger: Logger
}

const RETRY_MS = 5_000
/** A run that has no record by then will have none. */
const LONGEST_KEPT_MS = 24 * 60 * 60_000

/**
 * The bot's words for the records of runs, kept until they are written: a record that a crash took is there again when its
 * run goes on.
 */
export class AuditNotes {
  readonly #options: AuditNotesOptions
  #writing: Promise<void> | undefined
  #cancelTimer: (() => void) | undefined
  #isClosed = false

  constructor(options: AuditNotesOptions) {
    this.#options = options
  }

  /** Keeps a word, within a transaction of the caller's. `write` is to follow. */
  keep(note: Omit<KeptNote, 'id' | 'atMs'>): void {
    this.#options.notes.add({ ...note, atMs: this.#options.clock.now() })
  }

  /** Writes what is kept, as far as there are records for it; the rest is tried again. Rejects with nothing. */
  write(): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    const next = (this.#writing ?? Promise.resolve()).then(() => this.#writeAll())
    this.#writing = next
    return next
  }

  /** Tries nothing more; resolves when what is under way is done. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelTimer?.()
    await this.#writing
  }

  async #writeAll(): Promise<void> {
    const { notes, clock, logger } = this.#options
    this.#cancelTimer?.()
    for (const note of notes.all()) {
      try {
        await this.#writeOne(note)
        notes.remove(note.id)
      } catch (error) {
        const isLate = clock.now() - note.atMs > LONGEST_KEPT_MS
        if (isLate) notes.remove(note.id)
        if (isLate || !isMissing(error)) logger.warn(`the audit of run ${note.runId} was not told: ${note.text}`, error)
      }
    }
    if (!this.#isClosed && notes.all().length > 0) this.#cancelTimer = clock.after(RETRY_MS, () => void this.write())
  }

  /** One that was written just before a crash is not written again. */
  async #writeOne({ runId, about, text, by }: KeptNote): Promise<void> {
    const { audit } = this.#options
    const entries = await audit.entries(runId)
    if (entries.some((entry) => entry.type === 'note' && entry.about === about && entry.text === text)) return
    await audit.note(runId, { about, text, ...(by !== undefined && { by }) })
  }
}

function isMissing(error: unknown): boolean {
  return StoreError.is(error) && error.code === 'not-found'
}

import type { BotDatabase } from './bot-database.ts'

/** A word for the record of a run that is not written yet. */
export interface KeptNote {
  readonly id: number
  readonly runId: string
  readonly about: string
  readonly text: string
  readonly by?: string
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

interface Row {
  readonly id: number
  readonly run_id: string
  readonly about: string
  readonly text: string
  readonly by: string | null
  readonly at_ms: number
}

export class AuditNoteStore {
  readonly #db: BotDatabase

  constructor(db: BotDatabase) {
    this.#db = db
  }

  add({ runId, about, text, by, atMs }: Omit<KeptNote, 'id'>): void {
    this.#db
      .prepare('INSERT INTO audit_notes (run_id, about, text, by, at_ms) VALUES (?, ?, ?, ?, ?)')
      .run(runId, about, text, by ?? null, atMs)
  }

  /** All of them, oldest first. */
  all(): readonly KeptNote[] {
    return this.#db
      .prepare('SELECT * FROM audit_notes ORDER BY id')
      .all()
      .map((row) => noteOf(row as Row))
  }

  remove(id: number): void {
    this.#db.prepare('DELETE FROM audit_notes WHERE id = ?').run(id)
  }
}

function noteOf({ id, run_id: runId, about, text, by, at_ms: atMs }: Row): KeptNote {
  return { id, runId, about, text, ...(by !== null && { by }), atMs }
}

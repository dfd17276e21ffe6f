import type { Entry, EntryBody, EntryOf, SaidEntry } from '../view/entry.ts'
import type { BotDatabase } from './bot-database.ts'

interface Row {
  readonly id: number
  readonly conversation_id: string
  readonly run_id: string | null
  readonly state: SaidEntry['state'] | null
  readonly body: string
  readonly at_ms: number
}

export interface NewEntry {
  readonly conversationId: string
  readonly body: EntryBody
  readonly atMs: number
  readonly runId?: string
  /** An entry of the same key is not added a second time. */
  readonly onceKey?: string
}

const COLUMNS = 'id, conversation_id, run_id, state, body, at_ms'

/** What people see of conversations. */
export class EntryStore {
  readonly #db: BotDatabase

  constructor(db: BotDatabase) {
    this.#db = db
  }

  /** Keeps an entry; `isNew` is false when there is one of its key, and that is given. */
  add({ conversationId, body, atMs, runId, onceKey }: NewEntry): { readonly entry: Entry; readonly isNew: boolean } {
    const before = onceKey === undefined ? undefined : this.ofKey(onceKey)
    if (before !== undefined) return { entry: before, isNew: false }
    const { state, text } = toRow(body)
    const { lastInsertRowid } = this.#db
      .prepare(
        'INSERT INTO entries (conversation_id, once_key, kind, run_id, state, body, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(conversationId, onceKey ?? null, body.kind, runId ?? null, state, text, atMs)
    return { entry: this.find(Number(lastInsertRowid))!, isNew: true }
  }

  find(id: number): Entry | undefined {
    return entryOf(this.#db.prepare(`SELECT ${COLUMNS} FROM entries WHERE id = ?`).get(id))
  }

  ofKey(onceKey: string): Entry | undefined {
    return entryOf(this.#db.prepare(`SELECT ${COLUMNS} FROM entries WHERE once_key = ?`).get(onceKey))
  }

  /** The newest of a conversation before an id, oldest first. */
  page(conversationId: string, beforeId: number, limit: number): readonly Entry[] {
    const sql = `SELECT ${COLUMNS} FROM entries WHERE conversation_id = ? AND id < ? ORDER BY id DESC LIMIT ?`
    return this.#db
      .prepare(sql)
      .all(conversationId, beforeId, limit)
      .map((row) => entryOf(row)!)
      .toReversed()
  }

  /** What people said that no run has taken, oldest first. */
  waiting(conversationId: string): readonly EntryOf<'said'>[] {
    const sql = `SELECT ${COLUMNS} FROM entries WHERE state = 'waiting' AND conversation_id = ? ORDER BY id`
    return this.#db
      .prepare(sql)
      .all(conversationId)
      .map((row) => entryOf(row) as EntryOf<'said'>)
  }

  /** Conversations in which something waits. */
  conversationsWaiting(): readonly string[] {
    const sql = `SELECT DISTINCT conversation_id AS id FROM entries WHERE state = 'waiting'`
    return (this.#db.prepare(sql).all() as { readonly id: string }[]).map(({ id }) => id)
  }

  /** What people said that a run has taken, oldest first. */
  takenBy(runId: string): readonly EntryOf<'said'>[] {
    const sql = `SELECT ${COLUMNS} FROM entries WHERE run_id = ? AND kind = 'said' ORDER BY id`
    return this.#db
      .prepare(sql)
      .all(runId)
      .map((row) => entryOf(row) as EntryOf<'said'>)
  }

  setSaid(id: number, state: SaidEntry['state'], runId: string | undefined): void {
    this.#db.prepare('UPDATE entries SET state = ?, run_id = ? WHERE id = ?').run(state, runId ?? null, id)
  }

  /** Puts another body in the place of an entry's; one with its place may be given whole. */
  change(id: number, body: EntryBody): Entry {
    const { state, text } = toRow(body)
    this.#db.prepare('UPDATE entries SET state = ?, body = ? WHERE id = ?').run(state, text, id)
    return this.find(id)!
  }
}

function toRow(body: EntryBody): { readonly state: string | null; readonly text: string } {
  const {
    state = null,
    id: _id,
    conversationId: _in,
    atMs: _at,
    runId: _run,
    ...rest
  } = body as Partial<EntryOf<'said'>>
  return { state, text: JSON.stringify(rest) }
}

function entryOf(given: unknown): Entry | undefined {
  const row = given as Row | undefined
  if (row === undefined) return undefined
  const body = JSON.parse(row.body) as EntryBody
  const place = { id: row.id, conversationId: row.conversation_id, atMs: row.at_ms }
  return {
    ...body,
    ...(row.state !== null && { state: row.state }),
    ...place,
    ...(row.run_id !== null && { runId: row.run_id }),
  }
}

import { type Clock, systemClock } from '@executus/core'

import type { BotDatabase } from '../../store/bot-database.ts'

/** Something that a person wants remembered. */
export interface Note {
  readonly id: number
  readonly text: string
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

/** What people want remembered, each for themselves. */
export interface NoteStore {
  /**
   * Keeps a note; under a key that was used before it is the note of then.
   *
   * @throws RangeError when it is empty or too long, or its owner has too many
   */
  save(owner: string, text: string, onceKey: string): Note
  /** All notes of a person, oldest first. */
  list(owner: string): readonly Note[]
  /** One note of a person; `undefined` when they have none of this id. */
  get(owner: string, id: number): Note | undefined
  /** Forgets a note of a person; gives whether there was one. */
  remove(owner: string, id: number): boolean
}

/** Characters of a note: about a page. */
export const LONGEST_NOTE = 2_000

// More than a model reads at once.
const MOST_NOTES = 500

interface Row {
  readonly id: number
  readonly text: string
  readonly atMs: number
}

/** Notes in the bot's own file. */
export function sqliteNoteStore(db: BotDatabase, options: { readonly clock?: Clock } = {}): NoteStore {
  const { clock = systemClock } = options
  const columns = 'id, text, at_ms AS atMs'
  const byKey = db.prepare<[string, string], Row>(`SELECT ${columns} FROM notes WHERE once_key = ? AND owner = ?`)
  const byId = db.prepare<[number, string], Row>(`SELECT ${columns} FROM notes WHERE id = ? AND owner = ?`)
  const byOwner = db.prepare<[string], Row>(`SELECT ${columns} FROM notes WHERE owner = ? ORDER BY id`)
  const count = db.prepare<[string], number>('SELECT count(*) FROM notes WHERE owner = ?').pluck()
  const insert = db.prepare<[string, string, number, string], Row>(
    `INSERT INTO notes (owner, text, at_ms, once_key) VALUES (?, ?, ?, ?) RETURNING ${columns}`,
  )
  const remove = db.prepare<[number, string]>('DELETE FROM notes WHERE id = ? AND owner = ?')

  const save = db.transaction((owner: string, text: string, onceKey: string): Note => {
    const earlier = byKey.get(onceKey, owner)
    if (earlier !== undefined) return earlier
    if (count.get(owner)! >= MOST_NOTES)
      throw new RangeError(`There are ${MOST_NOTES} notes already, which is the most: delete some first`)
    return insert.get(owner, text, clock.now(), onceKey)!
  })
  return {
    save(owner, text, onceKey) {
      const kept = text.trim().toWellFormed()
      if (kept === '') throw new RangeError('A note has at least one word')
      if (kept.length > LONGEST_NOTE)
        throw new RangeError(`A note has ${LONGEST_NOTE} characters at most, and this one has ${kept.length}`)
      return save.immediate(owner, kept, onceKey)
    },
    list: (owner) => byOwner.all(owner),
    get: (owner, id) => byId.get(id, owner),
    remove: (owner, id) => remove.run(id, owner).changes > 0,
  }
}

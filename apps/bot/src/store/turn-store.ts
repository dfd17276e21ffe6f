import type { Message } from '@executus/core'

import type { BotDatabase } from './bot-database.ts'

/** What a run added to the conversation that models see. */
export interface Turn {
  readonly entryId: number
  readonly conversationId: string
  /** It stands for all that was before it, as the run made the conversation smaller. */
  readonly isWhole: boolean
  readonly messages: readonly Message[]
}

interface Row {
  readonly entry_id: number
  readonly conversation_id: string
  readonly is_whole: number
  readonly messages: string
}

export class TurnStore {
  readonly #db: BotDatabase

  constructor(db: BotDatabase) {
    this.#db = db
  }

  add({ entryId, conversationId, isWhole, messages }: Turn): void {
    this.#db
      .prepare('INSERT OR IGNORE INTO turns VALUES (?, ?, ?, ?)')
      .run(entryId, conversationId, isWhole ? 1 : 0, JSON.stringify(messages))
  }

  /** Puts other messages in the place of a turn's. */
  change({ entryId, messages }: Pick<Turn, 'entryId' | 'messages'>): void {
    this.#db.prepare('UPDATE turns SET messages = ? WHERE entry_id = ?').run(JSON.stringify(messages), entryId)
  }

  /** The turn that so many have come after. */
  beforeNewest(conversationId: string, count: number): Turn | undefined {
    const sql = 'SELECT * FROM turns WHERE conversation_id = ? ORDER BY entry_id DESC LIMIT 1 OFFSET ?'
    const row = this.#db.prepare(sql).get(conversationId, count)
    return row === undefined ? undefined : turnOf(row as Row)
  }

  /** The turns, newest first, read as they are asked for. */
  *newest(conversationId: string): Generator<Turn> {
    const sql = 'SELECT * FROM turns WHERE conversation_id = ? ORDER BY entry_id DESC'
    for (const row of this.#db.prepare(sql).iterate(conversationId)) yield turnOf(row as Row)
  }
}

function turnOf(row: Row): Turn {
  return {
    entryId: row.entry_id,
    conversationId: row.conversation_id,
    isWhole: row.is_whole === 1,
    messages: JSON.parse(row.messages) as Message[],
  }
}

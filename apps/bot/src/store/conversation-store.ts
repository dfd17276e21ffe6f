import type { Conversation } from '../view/conversation.ts'
import type { BotDatabase } from './bot-database.ts'

interface Row {
  readonly id: string
  readonly channel: string
  readonly place: string
  readonly guild: string | null
  readonly title: string
  readonly agent: string
  readonly created_at_ms: number
  readonly updated_at_ms: number
}

/** Conversations, without what is said in them. */
export class ConversationStore {
  readonly #db: BotDatabase

  constructor(db: BotDatabase) {
    this.#db = db
  }

  add({ id, channel, place, guild, title, agent, createdAtMs, updatedAtMs }: Conversation): void {
    this.#db
      .prepare('INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(id, channel, place, guild ?? null, title, agent, createdAtMs, updatedAtMs)
  }

  find(id: string): Conversation | undefined {
    return conversationOf(this.#db.prepare('SELECT * FROM conversations WHERE id = ?').get(id))
  }

  /** The one of a place that was begun last, whatever the clock said then: clocks are set back. */
  newestAt(channel: string, place: string): Conversation | undefined {
    const sql = 'SELECT * FROM conversations WHERE channel = ? AND place = ? ORDER BY rowid DESC LIMIT 1'
    return conversationOf(this.#db.prepare(sql).get(channel, place))
  }

  /** Those of a channel, the one with the newest word first. */
  list(channel: string, limit: number): readonly Conversation[] {
    const sql = 'SELECT * FROM conversations WHERE channel = ? ORDER BY updated_at_ms DESC, rowid DESC LIMIT ?'
    return this.#db
      .prepare(sql)
      .all(channel, limit)
      .map((row) => conversationOf(row)!)
  }

  rename(id: string, title: string): void {
    this.#db.prepare('UPDATE conversations SET title = ? WHERE id = ?').run(title, id)
  }

  switchAgent(id: string, agent: string): void {
    this.#db.prepare('UPDATE conversations SET agent = ? WHERE id = ?').run(agent, id)
  }

  touch(id: string, nowMs: number): void {
    this.#db.prepare('UPDATE conversations SET updated_at_ms = ? WHERE id = ?').run(nowMs, id)
  }
}

function conversationOf(given: unknown): Conversation | undefined {
  const row = given as Row | undefined
  if (row === undefined) return undefined
  const { id, channel, place, guild, title, agent } = row
  return {
    id,
    channel,
    place,
    ...(guild !== null && { guild }),
    title,
    agent,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
}

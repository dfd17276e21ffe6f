import type { Part } from '../channel/channel.ts'
import type { BotDatabase } from './bot-database.ts'

/** A message of a channel that goes out, or went. */
export interface OutgoingPart {
  readonly entryId: number
  /** Counts from 1 within its entry. */
  readonly number: number
  readonly channel: string
  readonly place: string
  readonly part: Part
  /** `sending`: it may have arrived. `unknown`: it may have arrived, nobody knows, and it is not sent again. */
  readonly state: 'waiting' | 'sending' | 'sent' | 'unknown' | 'refused'
  /** Its id in its channel. */
  readonly messageId?: string
}

interface Row {
  readonly entry_id: number
  readonly number: number
  readonly channel: string
  readonly place: string
  readonly part: string
  readonly state: OutgoingPart['state']
  readonly message_id: string | null
}

/** SQLite takes an index of some rows where the query says which. */
const INDEXED = `state <> 'sent'`

export class PartStore {
  readonly #db: BotDatabase

  constructor(db: BotDatabase) {
    this.#db = db
  }

  add({ entryId, number, channel, place, part, state }: OutgoingPart): void {
    this.#db
      .prepare('INSERT OR IGNORE INTO parts VALUES (?, ?, ?, ?, ?, ?, NULL)')
      .run(entryId, number, channel, place, JSON.stringify(part), state)
  }

  /** The next one of each place that waits: parts of a place go one after the other. */
  nextOfPlaces(channel: string): readonly OutgoingPart[] {
    const sql = `SELECT *, min(entry_id * 1000000 + number) FROM parts
      WHERE state = 'waiting' AND ${INDEXED} AND channel = ? GROUP BY place ORDER BY entry_id`
    return this.#db
      .prepare(sql)
      .all(channel)
      .map((row) => partOf(row as Row))
  }

  ofEntry(entryId: number): readonly OutgoingPart[] {
    const sql = 'SELECT * FROM parts WHERE entry_id = ? ORDER BY number'
    return this.#db
      .prepare(sql)
      .all(entryId)
      .map((row) => partOf(row as Row))
  }

  /** Those that may have arrived. */
  sending(): readonly OutgoingPart[] {
    const sql = `SELECT * FROM parts WHERE state = 'sending' AND ${INDEXED} ORDER BY entry_id, number`
    return this.#db
      .prepare(sql)
      .all()
      .map((row) => partOf(row as Row))
  }

  set(
    { entryId, number }: Pick<OutgoingPart, 'entryId' | 'number'>,
    state: OutgoingPart['state'],
    messageId?: string,
  ): void {
    this.#db
      .prepare('UPDATE parts SET state = ?, message_id = coalesce(?, message_id) WHERE entry_id = ? AND number = ?')
      .run(state, messageId ?? null, entryId, number)
  }

  /** Keeps what is shown of an entry now. */
  show({ entryId, number }: Pick<OutgoingPart, 'entryId' | 'number'>, part: Part): void {
    this.#db
      .prepare('UPDATE parts SET part = ? WHERE entry_id = ? AND number = ?')
      .run(JSON.stringify(part), entryId, number)
  }
}

function partOf(row: Row): OutgoingPart {
  const { number, channel, place, state } = row
  return {
    entryId: row.entry_id,
    number,
    channel,
    place,
    part: JSON.parse(row.part) as Part,
    state,
    ...(row.message_id !== null && { messageId: row.message_id }),
  }
}

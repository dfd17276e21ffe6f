import type { TrailItem } from '../view/entry.ts'
import type { BotDatabase } from './bot-database.ts'

/** A run of a conversation, as the bot knows it; what it did is in its record. */
export interface BotRun {
  readonly id: string
  readonly conversationId: string
  /** `said`: a person asked. `job`: a schedule did. `continued`: a budget was raised. */
  readonly cause: 'said' | 'job' | 'continued'
  /** Whom it is for. */
  readonly caller: string
  readonly agent: string
  /** What is asked, where it is not what people said. */
  readonly task?: string
  readonly job?: string
  /** `paused`: its budget is used up, and somebody is asked. */
  readonly state: 'open' | 'paused' | 'ended'
  readonly begunAtMs: number
}

interface Row {
  readonly id: string
  readonly conversation_id: string
  readonly cause: BotRun['cause']
  readonly caller: string
  readonly agent: string
  readonly task: string | null
  readonly job: string | null
  readonly state: BotRun['state']
  readonly begun_at_ms: number
}

export class RunStore {
  readonly #db: BotDatabase

  constructor(db: BotDatabase) {
    this.#db = db
  }

  /** Keeps a run before it is begun; one that is there stays as it is. */
  add({ id, conversationId, cause, caller, agent, task, job, state, begunAtMs }: BotRun): void {
    this.#db
      .prepare('INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)')
      .run(id, conversationId, cause, caller, agent, task ?? null, job ?? null, state, begunAtMs)
  }

  find(id: string): BotRun | undefined {
    return runOf(this.#db.prepare('SELECT * FROM runs WHERE id = ?').get(id))
  }

  /** Those that have not ended, oldest first; of one conversation, or of all. */
  open(conversationId?: string): readonly BotRun[] {
    const where = conversationId === undefined ? '' : 'conversation_id = ? AND '
    const sql = `SELECT * FROM runs WHERE ${where}state <> 'ended' ORDER BY rowid`
    const values = conversationId === undefined ? [] : [conversationId]
    return this.#db
      .prepare(sql)
      .all(...values)
      .map((row) => runOf(row)!)
  }

  /** The newest that was for somebody. */
  newestOf(caller: string): BotRun | undefined {
    const sql = 'SELECT * FROM runs WHERE caller = ? ORDER BY rowid DESC LIMIT 1'
    return runOf(this.#db.prepare(sql).get(caller))
  }

  /** Keeps what a run had done when it began to wait. */
  keepTrail(id: string, trail: readonly TrailItem[]): void {
    this.#db.prepare('UPDATE runs SET trail = ? WHERE id = ?').run(JSON.stringify(trail), id)
  }

  trailOf(id: string): readonly TrailItem[] {
    const row = this.#db.prepare('SELECT trail FROM runs WHERE id = ? AND trail IS NOT NULL').get(id)
    return row === undefined ? [] : (JSON.parse((row as { readonly trail: string }).trail) as readonly TrailItem[])
  }

  setState(id: string, state: BotRun['state']): void {
    this.#db.prepare('UPDATE runs SET state = ? WHERE id = ?').run(state, id)
  }
}

function runOf(given: unknown): BotRun | undefined {
  const row = given as Row | undefined
  if (row === undefined) return undefined
  const { id, cause, caller, agent, task, job, state } = row
  return {
    id,
    conversationId: row.conversation_id,
    cause,
    caller,
    agent,
    ...(task !== null && { task }),
    ...(job !== null && { job }),
    state,
    begunAtMs: row.begun_at_ms,
  }
}

import type { BotDatabase } from './bot-database.ts'

/** A question to people, as it is kept. */
export interface Question {
  readonly id: string
  readonly entryId: number
  readonly topic: 'approval' | 'budget'
  /** The run at the top. */
  readonly runId: string
  /** Of an approval: the request that is decided. */
  readonly requestId?: string
  /** Whom the run is for. */
  readonly askedFor: string
  /** `decided`: what was decided is not told to the run yet. */
  readonly state: 'open' | 'decided' | 'closed'
  readonly decision?: Decision
  readonly expiresAtMs: number
}

/** What a person, or the clock, said. */
export interface Decision {
  readonly choice: string
  readonly by?: string
}

interface Row {
  readonly id: string
  readonly entry_id: number
  readonly topic: Question['topic']
  readonly run_id: string
  readonly request_id: string | null
  readonly asked_for: string
  readonly data: string
  readonly state: Question['state']
  readonly expires_at_ms: number
}

export class QuestionStore {
  readonly #db: BotDatabase

  constructor(db: BotDatabase) {
    this.#db = db
  }

  add({ id, entryId, topic, runId, requestId, askedFor, state, expiresAtMs }: Question): void {
    this.#db
      .prepare('INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(id, entryId, topic, runId, requestId ?? null, askedFor, '{}', state, expiresAtMs)
  }

  find(id: string): Question | undefined {
    return questionOf(this.#db.prepare('SELECT * FROM questions WHERE id = ?').get(id))
  }

  hasRequest(requestId: string): boolean {
    return this.#db.prepare('SELECT 1 FROM questions WHERE request_id = ?').get(requestId) !== undefined
  }

  /** Takes a decision of one that is open; false when somebody was faster. */
  decide(id: string, decision: Decision): boolean {
    const sql = `UPDATE questions SET state = 'decided', data = ? WHERE id = ? AND state = 'open'`
    return this.#db.prepare(sql).run(JSON.stringify(decision), id).changes > 0
  }

  close(id: string): void {
    this.#db.prepare(`UPDATE questions SET state = 'closed' WHERE id = ?`).run(id)
  }

  ofRun(runId: string, state: Question['state']): readonly Question[] {
    return this.#select('run_id = ? AND state = ?', runId, state)
  }

  /** The newest, newest first. */
  newest(limit: number): readonly Question[] {
    const rows = this.#db.prepare('SELECT * FROM questions ORDER BY rowid DESC LIMIT ?').all(limit)
    return rows.map((row) => questionOf(row)!)
  }

  decided(): readonly Question[] {
    return this.#select(`state = 'decided'`)
  }

  /** Those that nobody has decided in time. */
  expired(nowMs: number): readonly Question[] {
    return this.#select(`state = 'open' AND expires_at_ms <= ?`, nowMs)
  }

  /** When the next one expires; `undefined` when none is open. */
  nextExpiryMs(): number | undefined {
    const sql = `SELECT min(expires_at_ms) AS next FROM questions WHERE state = 'open'`
    return (this.#db.prepare(sql).get() as { readonly next: number | null }).next ?? undefined
  }

  #select(where: string, ...values: (string | number)[]): readonly Question[] {
    const rows = this.#db.prepare(`SELECT * FROM questions WHERE ${where} ORDER BY rowid`).all(...values)
    return rows.map((row) => questionOf(row)!)
  }
}

function questionOf(given: unknown): Question | undefined {
  const row = given as Row | undefined
  if (row === undefined) return undefined
  const { id, topic, state } = row
  return {
    id,
    entryId: row.entry_id,
    topic,
    runId: row.run_id,
    ...(row.request_id !== null && { requestId: row.request_id }),
    askedFor: row.asked_for,
    state,
    ...(state !== 'open' && { decision: JSON.parse(row.data) as Decision }),
    expiresAtMs: row.expires_at_ms,
  }
}

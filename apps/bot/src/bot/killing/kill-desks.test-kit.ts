import type { BotDatabase } from '../../store/bot-database.ts'
import type { AnswerEntry, SaidEntry } from '../../view/entry.ts'
import { withDatabase } from '../test-bot.test-kit.ts'
import { lives } from './kill-bots.test-kit.ts'

/** What came of people who decide, add, stop, schedule and raise, after all deaths. */
export interface Desks {
  readonly kills: number
  /** What people said that is not answered. */
  readonly unanswered: readonly string[]
  /** How often each of `ANSWERED` is in an answer. */
  readonly answers: Readonly<Record<string, number>>
  /** Runs that are not ended, or have another number of answers than one. */
  readonly oddRuns: readonly string[]
  readonly openQuestions: number
  readonly notes: readonly string[]
  readonly jobs: number
  readonly grants: number
  /** Tokens of the one who spends: counted, and still set aside. */
  readonly tokens: { readonly used: number; readonly reserved: number }
  readonly folder: string
}

/** What is to be answered once; of what is stopped nobody knows how far it came. */
export const ANSWERED: readonly string[] = [
  'note yes',
  'note no',
  'note first',
  'second',
  'third',
  'after it',
  'schedule it',
  'much',
  'more',
]

export async function surviveDesks(writes: readonly number[]): Promise<Desks> {
  const { folder, kills } = await lives('desks', writes)
  return withDatabase(folder, (db) => {
    db.exec(`ATTACH '${folder}/executus.db' AS journal`)
    const all = (sql: string) => db.prepare(sql).pluck().all() as string[]
    const answers = all(`SELECT body FROM entries WHERE kind = 'answer'`).map((body) => JSON.parse(body) as AnswerEntry)
    const told = answers.filter(({ outcome }) => outcome === 'ok').flatMap(wordsOf)
    const timesOf = (text: string) => told.filter((one) => one === text).length
    const unanswered = all(`SELECT body FROM entries WHERE kind = 'said' AND state <> 'answered'`)
    return {
      kills,
      folder,
      unanswered: unanswered.map((body) => (JSON.parse(body) as SaidEntry).text),
      answers: Object.fromEntries(ANSWERED.map((text) => [text, timesOf(text)])),
      oddRuns:
        all(`SELECT id || ' ' || cause || ' ' || state || ' ' || ifnull(task, '') FROM runs WHERE state <> 'ended' OR
        (SELECT count(*) FROM entries WHERE kind = 'answer' AND entries.run_id = runs.id) <> 1`),
      openQuestions: all(`SELECT id FROM questions WHERE state <> 'closed'`).length,
      notes: all('SELECT text FROM notes ORDER BY text'),
      jobs: all('SELECT rowid FROM journal.jobs').length,
      grants: all('SELECT * FROM journal.budget_grants').length,
      tokens: {
        used: tokensOf(db, 'used'),
        reserved: tokensOf(db, 'reserved'),
      },
    }
  })
}

function tokensOf(db: BotDatabase, what: 'used' | 'reserved'): number {
  const sql = `SELECT sum(body ->> '$.${what}.tokens') FROM journal.budget_counters WHERE account = 'caller:test:spent'`
  return db.prepare(sql).pluck().get() as number
}

function wordsOf({ text }: AnswerEntry): readonly string[] {
  return text.replace('Answer to ', '').split(' and ')
}

import { chmodSync } from 'node:fs'

import Database from 'better-sqlite3'

import { MIGRATIONS } from './schema.ts'

/** The bot's own file, beside the one of the batteries: what people said, and what goes out to them. */
export type BotDatabase = Database.Database

/** Marks the file as ours: `exbt`. */
const APPLICATION_ID = 0x65786274

/**
 * Opens the bot's file, or makes it; nobody else on the machine may read it.
 *
 * @throws Error when the file is another program's, or of a newer bot
 */
export function openBotDatabase(path: string): BotDatabase {
  const db = new Database(path)
  try {
    const id = db.pragma('application_id', { simple: true })
    const version = db.pragma('user_version', { simple: true }) as number
    const isEmpty = version === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined
    if (id !== APPLICATION_ID && !isEmpty) throw new Error(`${path} is a file of another program`)
    if (version > MIGRATIONS.length) throw new Error(`${path} was written by a newer version of the bot`)
    if (!db.memory) chmodSync(path, 0o600)
    db.pragma('journal_mode = WAL')
    // What was acknowledged to a person survives a loss of power.
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma(`application_id = ${APPLICATION_ID}`)
    for (let next = version; next < MIGRATIONS.length; next++) {
      const migrate = db.transaction(() => {
        db.exec(MIGRATIONS[next]!)
        db.pragma(`user_version = ${next + 1}`)
      })
      migrate.immediate()
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

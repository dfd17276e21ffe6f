import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { tempFolder } from '../../temp-folder.test-kit.ts'
import type { AnswerEntry } from '../../view/entry.ts'
import { withDatabase } from '../test-bot.test-kit.ts'

const PROGRAMS = {
  bot: fileURLToPath(new URL('./killed-bot.test-kit.ts', import.meta.url)),
  desks: fileURLToPath(new URL('./killed-desks.test-kit.ts', import.meta.url)),
}
/** After five in a row a run is set aside. */
const MOST_KILLS = 3
/** What a life that nobody ends may take. */
const LONGEST_LIFE_MS = 40_000

/** What came of one conversation partner after all deaths. */
export interface Survived {
  readonly kills: number
  /** Messages that were acknowledged or not, and in how many answers each is. */
  readonly answers: Readonly<Record<string, number>>
  /** Runs, and the notes that they took: one each. */
  readonly runs: readonly string[]
  readonly notes: readonly string[]
  /** Parts that went out, by key: none more than once. */
  readonly sent: Readonly<Record<string, number>>
  /** Parts that did not go out though nothing says that they may not have. */
  readonly lost: readonly string[]
  /** Parts in doubt, of how many of them the audit tells, and of how many it will when their run's record is there. */
  readonly unknown: number
  readonly noted: number
  readonly toBeNoted: number
  readonly folder: string
}

/** Starts a bot, kills it before each of `writes` in turn, and lets the last one come to its end. */
export async function survive(writes: readonly number[]): Promise<Survived> {
  const { folder, kills } = await lives('bot', writes)
  return { ...look(folder), kills, folder }
}

/** Starts a program of a bot anew until it has come to its end, and kills it before each of `writes` in turn. */
export async function lives(
  program: keyof typeof PROGRAMS,
  writes: readonly number[],
): Promise<{ readonly folder: string; readonly kills: number }> {
  const folder = tempFolder()
  let kills = 0
  for (const write of [...writes.slice(0, MOST_KILLS), 0]) {
    const end = await live(program, [folder, `${kills}`, `${write}`])
    if (end === 0) break
    if (end !== 'SIGKILL') throw new Error(`A bot in ${folder} ended with ${end}`)
    kills += 1
  }
  return { folder, kills }
}

async function live(program: keyof typeof PROGRAMS, args: readonly string[]): Promise<number | string> {
  const child = spawn(process.execPath, [PROGRAMS[program], ...args], { stdio: 'inherit' })
  const timer = setTimeout(() => child.kill('SIGABRT'), LONGEST_LIFE_MS)
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  clearTimeout(timer)
  return signal ?? code ?? 1
}

function look(folder: string): Omit<Survived, 'kills' | 'folder'> {
  return withDatabase(folder, (db) => {
    db.exec(`ATTACH '${folder}/executus.db' AS journal`)
    const all = (sql: string) => db.prepare(sql).pluck().all() as string[]
    const told = all(`SELECT body FROM entries WHERE kind = 'answer'`).map((body) => JSON.parse(body) as AnswerEntry)
    const said = all(`SELECT body FROM entries WHERE kind = 'said' AND state = 'answered'`)
    const answers = said.map((body): [string, number] => {
      const { text } = JSON.parse(body) as { readonly text: string }
      return [text, told.filter((one) => one.outcome === 'ok' && one.text.includes(text)).length]
    })
    const parts = db.prepare('SELECT entry_id, number, state FROM parts').all() as readonly PartRow[]
    const sent: Record<string, number> = {}
    for (const line of linesOf(join(folder, 'sent'))) {
      const { key } = JSON.parse(line) as { readonly key: string }
      sent[key] = (sent[key] ?? 0) + 1
    }
    const lost = parts.filter(({ entry_id, number, state }) => state === 'sent' && sent[`${entry_id}/${number}`] !== 1)
    return {
      answers: Object.fromEntries(answers),
      runs: all('SELECT id FROM runs'),
      notes: all('SELECT text FROM notes'),
      sent,
      lost: lost.map(({ entry_id, number }) => `${entry_id}/${number}`),
      unknown: parts.filter(({ state }) => state === 'unknown').length,
      noted: db
        .prepare(`SELECT count(*) FROM journal.audit_entries WHERE body LIKE '%It is not sent again.%'`)
        .pluck()
        .get() as number,
      toBeNoted: db.prepare(`SELECT count(*) FROM audit_notes WHERE about = 'delivery'`).pluck().get() as number,
    }
  })
}

interface PartRow {
  readonly entry_id: number
  readonly number: number
  readonly state: string
}

function linesOf(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
}

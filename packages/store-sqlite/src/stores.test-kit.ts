import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Claim, JournalStore } from '@executus/checkpoint'
import type { OpenedStores } from '@executus/checkpoint/testing'
import { type Clock, type JournalEntry, type RunInfo, systemClock } from '@executus/core'
import Database from 'better-sqlite3'

import { SqliteJournal } from './journal/sqlite-journal.ts'
import { sqliteJournalStore } from './sqlite-journal-store.ts'

/** Owners of one new file, for the conformance suite. */
export async function openSqliteStores(): Promise<OpenedStores> {
  const folder = await mkdtemp(join(tmpdir(), 'store-sqlite-'))
  const path = join(folder, 'runs.db')
  const opened: JournalStore[] = []
  const killed = new Set<JournalStore>()
  let nowMs = 1_000_000
  const clock: Clock = { ...systemClock, now: () => nowMs }
  return {
    async connect() {
      // What the disk does is tested elsewhere.
      const store = await sqliteJournalStore(path, { clock, synchronous: 'normal' })
      opened.push(store)
      return store
    },
    kill(store) {
      killed.add(store)
      killOwner(store)
      return Promise.resolve()
    },
    advance(ms) {
      nowMs += ms
      return Promise.resolve()
    },
    damage(runId, index) {
      damageEntry(path, runId, index)
      return Promise.resolve()
    },
    async close() {
      for (const store of opened) await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Drops the owner's lock, as the system does when its process ends. */
export function killOwner(store: JournalStore): void {
  if (!(store instanceof SqliteJournal)) throw new TypeError('Expected `store` to be one of `sqliteJournalStore`')
  store.journal.lock.release()
}

/** Changes one letter of the entry of this index, past SQLite's back. */
export function damageEntry(path: string, runId: string, index: number): void {
  change(
    path,
    `UPDATE entries SET body = replace(body, '"type"', '"tyqe"')
     WHERE run_no = (SELECT run_no FROM runs WHERE run_id = '${runId}') AND seq = ${index + 1}`,
  )
}

/** Runs SQL on a connection of its own. */
export function change(path: string, sql: string): void {
  const driver = new Database(path, { timeout: 5_000 })
  driver.exec(sql)
  driver.close()
}

/** The rows that SQL gives on a connection of its own. */
export function rowsOf(path: string, sql: string): unknown[] {
  const driver = new Database(path, { timeout: 5_000 })
  const rows = driver.prepare(sql).all()
  driver.close()
  return rows
}

export function infoOf(runId: string, subject = 'tea'): RunInfo {
  return {
    runId,
    rootRunId: runId,
    ancestors: [],
    agent: { name: 'agent' },
    tier: 'fast',
    model: 'p/m',
    input: [{ role: 'user', content: [{ type: 'text', text: 'go' }] }],
    subject,
    limits: {} as RunInfo['limits'],
    isFirstParty: true,
    rules: [],
    startedAtMs: 1,
  }
}

/** An entry of some size. */
export function said(text: string): JournalEntry {
  return { type: 'message', from: 'mail', message: { role: 'user', content: [{ type: 'text', text }] }, atMs: 5 }
}

/** Makes a run, which its store then holds. */
export async function begin(store: JournalStore, runId: string): Promise<Claim> {
  const made = await store.create({ runId, info: infoOf(runId) })
  if (!made.created) throw new Error(`${runId} is there already`)
  return made.claim
}

import type { Signal } from '@executus/checkpoint'
import type { JournalEntry, RunInfo } from '@executus/core'
import { StoreError } from '@executus/core/store-error'

import { isDamage } from '../store-error-of.ts'
import { type Body, bodyOf, valueOf } from './body.ts'
import { type Journal, nowOf } from './journal.ts'
import type { RunRow } from './run-row.ts'

/** A run, as far as one must know it to read what it holds. */
export interface RunKey {
  readonly run_no: number
  readonly run_id: string
}

/** Adds bodies behind the entry `seq`. */
export function addBodies(journal: Journal, runNo: number, seq: number, bodies: readonly Body[]): void {
  const insert = journal.db.prepare('INSERT INTO entries(run_no, seq, at, crc, body) VALUES (?, ?, ?, ?, ?)')
  const nowMs = nowOf(journal)
  for (const [index, { crc, body }] of bodies.entries()) insert.run(runNo, seq + index + 1, nowMs, crc, body)
}

/** The info is the entry 0: all that is kept of a run lies in one table, and is checked in one way. */
export function addInfo(journal: Journal, runNo: number, info: RunInfo): void {
  addBodies(journal, runNo, -1, [bodyOf(info)])
}

/** @throws StoreError `corrupt` */
export function readInfo(journal: Journal, run: RunKey): RunInfo {
  const [info] = readBodies(journal, run, 0, 0)
  if (info === undefined) throw damaged(`The info of ${run.run_id}`)
  return info.value as RunInfo
}

/**
 * The first `upTo` entries with what they say, or all if the run has fewer.
 *
 * @throws StoreError `corrupt`
 */
export function readEntries(journal: Journal, run: RunRow, upTo: number): KeptEntry[] {
  const entries = readBodies(journal, run, 1, Math.min(upTo, Number.MAX_SAFE_INTEGER))
  checkLength(run, entries.length, upTo)
  return entries as KeptEntry[]
}

interface KeptEntry extends Body {
  readonly value: JournalEntry
}

/**
 * Looks whether a run has lost entries of its first `upTo`.
 *
 * @throws StoreError `corrupt`
 */
export function checkLength(run: Pick<RunRow, 'run_id' | 'least_head'>, length: number, upTo: number): void {
  if (length < Math.min(upTo, run.least_head)) throw damaged(`Entry ${length} of ${run.run_id}`)
}

/** What the rows say themselves, found by the index: one that is damaged leads to the rows of other runs. */
const ENTRIES = `
  SELECT kept.run_no, kept.seq, kept.crc, kept.body FROM entries AS place CROSS JOIN entries AS kept ON kept.id = place.id
  WHERE place.run_no = ? AND place.seq BETWEEN ? AND ? ORDER BY place.seq`

const SIGNALS = `
  SELECT kept.run_no, kept.crc, kept.body FROM signals AS place CROSS JOIN signals AS kept ON kept.signal_no = place.signal_no
  WHERE place.run_no = ? ORDER BY place.signal_no`

interface EntryRow extends Body {
  readonly run_no: number
  readonly seq: number
}

function readBodies({ db }: Journal, run: RunKey, from: number, upTo: number): (Body & { readonly value: unknown })[] {
  const rows = guarded(run, () => db.prepare(ENTRIES).all(run.run_no, from, upTo)) as EntryRow[]
  return rows.map((row, index) => {
    const value = valueOf(row)
    if (row.run_no === run.run_no && row.seq === from + index && value !== undefined) return { ...row, value }
    throw damaged(from + index === 0 ? `The info of ${run.run_id}` : `Entry ${from + index - 1} of ${run.run_id}`)
  })
}

/** @throws StoreError `corrupt` */
export function readSignals({ db }: Journal, run: RunKey): Signal[] {
  const rows = guarded(run, () => db.prepare(SIGNALS).all(run.run_no)) as Omit<EntryRow, 'seq'>[]
  return rows.map((row) => {
    const signal = valueOf(row)
    if (row.run_no !== run.run_no || signal === undefined) throw damaged(`A signal of ${run.run_id}`)
    return signal as Signal
  })
}

/** Sets a damaged run aside. One that is settled stays so: revived, it would be done again. */
export function quarantine({ db }: Journal, { run_no }: RunKey, reason: string): void {
  const sql = `UPDATE runs SET status = 'quarantined', owner = NULL, waits = NULL, reason = ? WHERE run_no = ? AND status <> 'settled'`
  db.prepare(sql).run(reason, run_no)
}

/** A damaged page is the damage of the run that lies there. */
function guarded<T>(run: RunKey, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (!isDamage(cause)) throw cause
    throw damaged(`What is kept of ${run.run_id}`, cause)
  }
}

function damaged(what: string, cause?: unknown): StoreError {
  return new StoreError('corrupt', `${what} is damaged`, { cause })
}

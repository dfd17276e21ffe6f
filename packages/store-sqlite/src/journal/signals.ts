import type { Delivered, Signal } from '@executus/checkpoint'

import { readSignals, type RunKey } from './bodies.ts'
import { bodyOf } from './body.ts'
import type { Journal } from './journal.ts'
import { type RunRow, waitsOf } from './run-row.ts'

/** Keeps a signal of a run that is not settled. One that the run waits for wakes it. */
export function addSignal({ db }: Journal, run: RunRow, signal: Signal): Extract<Delivered, 'accepted' | 'duplicate'> {
  const { body, crc } = bodyOf(signal)
  const sql = 'INSERT INTO signals(run_no, name, id, crc, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'
  if (Number(db.prepare(sql).run(run.run_no, signal.name, signal.id, crc, body).changes) === 0) return 'duplicate'
  const isAwaited = run.status === 'waiting' && waitsOf(run).includes(signal.name)
  if (isAwaited) db.prepare(`UPDATE runs SET status = 'signalled' WHERE run_no = ?`).run(run.run_no)
  return 'accepted'
}

/** Signals of these names that have come, oldest first. */
export function signalsOf(journal: Journal, run: RunKey, names: readonly string[]): Signal[] {
  return readSignals(journal, run).filter(({ name }) => names.includes(name))
}

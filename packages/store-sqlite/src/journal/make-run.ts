import type { NewRun } from '@executus/checkpoint'

import { addInfo } from './bodies.ts'
import { type Journal, nowOf } from './journal.ts'

const PARENT = 'SELECT run_no, coalesce(root_no, run_no) AS root_no, cancel_reason FROM runs WHERE run_id = ?'

const MAKE = `
  INSERT INTO runs(run_id, root_run_id, root_no, parent_no, agent, status, epoch, claimed_at, cancel_reason, created_at)
  VALUES (?, ?, ?, ?, ?, 'released', 0, ?, ?, ?)`

/** The record of a run that nobody has claimed; gives its number. What its parent was told binds it too. */
export function makeRun(journal: Journal, { runId, info }: NewRun): number {
  const { db } = journal
  const nowMs = nowOf(journal)
  const parent =
    info.parentRunId === undefined ? undefined : (db.prepare(PARENT).get(info.parentRunId) as Parent | undefined)
  const { lastInsertRowid } = db
    .prepare(MAKE)
    .run(
      runId,
      info.rootRunId,
      parent?.root_no ?? null,
      parent?.run_no ?? null,
      info.agent.name,
      nowMs,
      parent?.cancel_reason ?? null,
      nowMs,
    )
  addInfo(journal, Number(lastInsertRowid), info)
  return Number(lastInsertRowid)
}

interface Parent {
  readonly run_no: number
  readonly root_no: number
  readonly cancel_reason: string | null
}

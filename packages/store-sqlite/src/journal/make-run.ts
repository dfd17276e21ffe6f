import type { NewRun } from '@executus/checkpoint'

import { addInfo } from './bodies.ts'
import { findRun } from './find-runs.ts'
import { type Journal, nowOf } from './journal.ts'

const MAKE = `
  INSERT INTO runs(run_id, root_run_id, root_no, parent_no, agent, status, epoch, claimed_at, cancel_reason, created_at)
  VALUES (?, ?, ?, ?, ?, 'released', 0, ?, ?, ?)`

/** The record of a run that nobody has claimed; gives its number. What its parent was told binds it too. */
export function makeRun(journal: Journal, { runId, info }: NewRun): number {
  const { db } = journal
  const nowMs = nowOf(journal)
  const parent = info.parentRunId === undefined ? undefined : findRun(journal, info.parentRunId)
  const { lastInsertRowid } = db
    .prepare(MAKE)
    .run(
      runId,
      info.rootRunId,
      parent?.root_no ?? parent?.run_no ?? null,
      parent?.run_no ?? null,
      info.agent.name,
      nowMs,
      parent?.cancel_reason ?? null,
      nowMs,
    )
  addInfo(journal, Number(lastInsertRowid), info)
  return Number(lastInsertRowid)
}

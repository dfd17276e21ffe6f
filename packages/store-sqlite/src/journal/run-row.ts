import type { RecordStatus, RunSummary, StoredOutcome } from '@executus/checkpoint'

import { damageOf, IS_WHOLE, type SealedRow } from './run-seal.ts'

/** What `RUN_COLUMNS` gives. */
export interface RunRow extends SealedRow {
  readonly run_no: number
  readonly run_id: string
  readonly root_run_id: string
  readonly root_no: number | null
  readonly parent_run_id: string | null
  readonly agent: string
  readonly status: RecordStatus
  readonly owner: string | null
  readonly epoch: number
  readonly claimed_at: number
  readonly least_head: number
  readonly crash_streak: number
  readonly crashes: number
  readonly cancel_reason: string | null
  readonly reason: string | null
  readonly waits: string | null
  readonly created_at: number
  readonly settled_at: number | null
  readonly head: number | null
}

/** How many entries a run has; `NULL` when not even its info is there. */
export const HEAD = '(SELECT max(seq) FROM entries WHERE entries.run_no = runs.run_no)'

export const RUN_COLUMNS: string = `
  run_no, run_id, root_run_id, root_no, agent, status, owner, epoch, claimed_at, least_head, crash_streak, crashes, cancel_reason, reason,
  waits, outcome, created_at, settled_at, outcome_crc, ${IS_WHOLE} AS is_whole,
  (SELECT parent.run_id FROM runs AS parent WHERE parent.run_no = runs.parent_no) AS parent_run_id,
  ${HEAD} AS head`

/** A damaged row tells so: what it says beside that may be wrong. */
export function summaryOf(row: RunRow): RunSummary {
  const damage = damageOf(row)
  const outcome = damage === undefined ? (parsed(row.outcome) as StoredOutcome | undefined) : undefined
  const reason = damage === undefined ? row.reason : `The ${damage} of ${row.run_id} is damaged`
  const waits = row.status === 'waiting' ? waitsOf(row) : undefined
  return {
    runId: textOf(row.run_id),
    rootRunId: textOf(row.root_run_id),
    ...(row.parent_run_id !== null && { parentRunId: row.parent_run_id }),
    agent: textOf(row.agent),
    status: damage === 'row' ? 'quarantined' : row.status,
    head: row.head ?? 0,
    epoch: row.epoch,
    crashes: row.crashes,
    crashStreak: row.crash_streak,
    createdAtMs: row.created_at,
    ...(row.settled_at !== null && { settledAtMs: row.settled_at }),
    ...(outcome !== undefined && { outcome }),
    ...(reason !== null && { reason }),
    ...(waits !== undefined && { waits }),
  }
}

/** In a damaged row, a text may have become anything. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '?'
}

/** Names of the signals that a run waits for. */
export function waitsOf({ waits }: Pick<RunRow, 'waits'>): readonly string[] {
  return (parsed(waits) as readonly string[] | undefined) ?? []
}

/** A damaged text counts as absent: one row must not keep a list from being shown. */
function parsed(text: string | null): unknown {
  if (text === null) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

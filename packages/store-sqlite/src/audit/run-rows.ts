import type { AuditEntry, AuditRun, AuditStatus } from '@executus/audit'
import { StoreError } from '@executus/core/store-error'

import { type Body, valueOf } from '../journal/body.ts'

/** A record as it lies in its table. */
export interface AuditRunRow extends Body {
  readonly run_no: number
  readonly run_id: string
  readonly root_run_id: string
  readonly parent_run_id: string | null
  readonly caller: string | null
  readonly channel: string | null
  readonly guild: string | null
  readonly agent: string
  readonly subject: string | null
  readonly status: AuditStatus
  readonly started_at: number
  readonly updated_at: number
  readonly head: number
}

export const AUDIT_RUN_COLUMNS =
  'run_no, run_id, root_run_id, parent_run_id, caller, channel, guild, agent, subject, status, started_at, updated_at, head, crc, body'

/** @throws StoreError `corrupt` */
export function runOfRow(row: AuditRunRow): AuditRun {
  const run = valueOf(row)
  if (run === undefined) throw new StoreError('corrupt', `The record of ${row.run_id} is damaged`)
  return run as AuditRun
}

/** The record, or what the columns beside it tell of one that is damaged. */
export function listedRun(row: AuditRunRow): AuditRun {
  const run = valueOf(row) as AuditRun | undefined
  if (run !== undefined) return run
  return {
    runId: row.run_id,
    rootRunId: row.root_run_id,
    ...(row.parent_run_id !== null && { parentRunId: row.parent_run_id }),
    agent: row.agent,
    tier: '',
    model: '',
    ...(row.caller !== null && { caller: row.caller }),
    ...(row.channel !== null && { channel: row.channel }),
    ...(row.guild !== null && { guild: row.guild }),
    ...(row.subject !== null && { subject: row.subject }),
    input: '',
    inputMessages: 0,
    limits: {},
    startedAtMs: row.started_at,
    segments: 0,
    status: row.status,
    steps: 0,
    toolCalls: 0,
    entries: row.head,
    dropped: 0,
    updatedAtMs: row.updated_at,
    isDamaged: true,
  }
}

/** The entry, or one in its place that says that it is damaged. */
export function entryOfRow(runId: string, row: Body & { readonly seq: number }): AuditEntry {
  return (valueOf(row) as AuditEntry | undefined) ?? { type: 'damaged', runId, seq: row.seq, atMs: 0 }
}

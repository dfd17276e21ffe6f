import { createHash } from 'node:crypto'

import type { AuditEntry } from './audit-entry.ts'
import type { AuditRun } from './audit-run.ts'

/** The hash of an entry: over its own JSON and the hash of the one before, `''` for the first. */
export function hashOf(previous: string, entry: AuditEntry): string {
  const { hash: _, ...rest } = entry
  return sha256(previous + canonicalJson(rest))
}

/** Of what a record says of how its run began. */
export function aboutHashOf(run: AuditRun): string {
  const { runId, rootRunId, parentRunId, agent, tier, model, caller, channel, guild, subject, requestKey } = run
  const { deliverTo, input, inputMessages, limits, startedAtMs } = run
  const who = { runId, rootRunId, parentRunId, agent, tier, model, caller, channel, guild, subject, requestKey }
  return sha256(canonicalJson({ ...who, deliverTo, input, inputMessages, limits, startedAtMs }))
}

/** Of what a record says of how its run ended. */
export function outcomeHashOf(run: AuditRun): string {
  const { status, stopReason, output, error, steps, toolCalls, elapsedMs, usage, artifacts, endedAtMs } = run
  return sha256(
    canonicalJson({ status, stopReason, output, error, steps, toolCalls, elapsedMs, usage, artifacts, endedAtMs }),
  )
}

/** JSON with its keys in order, so that a store may keep a record as it likes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) => {
    if (typeof field !== 'object' || field === null || Array.isArray(field)) return field
    return Object.fromEntries(Object.entries(field).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** `isWhole` when nothing was changed, taken out or put in since it was written; else where it breaks first. */
export type AuditVerdict =
  | { readonly isWhole: true; readonly entries: number; readonly headHash?: string }
  | { readonly isWhole: false; readonly seq: number; readonly reason: AuditBreak }

/**
 * - `damaged`: the entry cannot be read. `missing`: it is not there. `changed`: its hash does not fit.
 * - `no-hash`: it was written without a chain. `about`, `outcome`: the record says something else than its chain.
 * - `head`: the record says that there are more entries, or others.
 */
export type AuditBreak = 'damaged' | 'missing' | 'changed' | 'no-hash' | 'about' | 'outcome' | 'head'

/** Follows the chain of a record. */
export async function verifyChain(
  run: AuditRun,
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
): Promise<AuditVerdict> {
  let hash = ''
  let seq = 0
  let aboutHash: string | undefined
  let end: Extract<AuditEntry, { readonly type: 'end' }> | undefined
  const broken = (reason: AuditBreak) => ({ isWhole: false, seq, reason }) as const
  for await (const entry of entries) {
    seq += 1
    if (entry.type === 'damaged') return broken('damaged')
    if (entry.seq !== seq) return broken('missing')
    if (entry.hash === undefined) return broken('no-hash')
    hash = hashOf(hash, entry)
    if (hash !== entry.hash) return broken('changed')
    if (entry.type === 'start') {
      aboutHash = entry.aboutHash
      end = undefined
    } else if (entry.type === 'end' && entry.outcomeHash !== undefined) end = entry // one that was shut out has no say
  }
  if (run.isDamaged === true) return broken('head')
  if (run.entries !== seq || (seq > 0 && run.headHash !== hash)) return broken('head')
  if (aboutHash !== undefined && aboutHash !== aboutHashOf(run)) return broken('about')
  const isAsTold = end === undefined ? run.status === 'running' : end.outcomeHash === outcomeHashOf(run)
  if (seq > 0 && !isAsTold) return broken('outcome')
  return { isWhole: true, entries: seq, ...(seq > 0 && { headHash: hash }) }
}

import { checkCount, checkKeys, checkOneOf, expected } from '@executus/core/check-option'

import type { AuditQuery, EntriesQuery, SweepQuery } from './audit-log.ts'
import type { AuditStatus } from './audit-run.ts'
import { type AuditStoreQuery, placeOf } from './audit-store.ts'

const PAGE = 50
const ENTRIES = 1_000
const TREES = 1_000

const STATUSES: readonly AuditStatus[] = [
  ...(['running', 'ok', 'error', 'timeout', 'cancelled', 'killed', 'interrupted', 'suspended', 'rejected'] as const),
]
const IDS = ['rootRunId', 'parentRunId'] as const
const LABELS = ['caller', 'channel', 'guild', 'agent', 'subject'] as const
const TIMES = ['fromMs', 'toMs'] as const

/** @throws TypeError unless it is a string; any string is an id */
export function checkId(option: string, value: unknown): void {
  if (typeof value !== 'string') throw expected(option, 'a string', value)
}

/** The query as a store takes it: what was redacted when it was kept must be so to be found. */
export function checkedQuery(query: AuditQuery, label: (text: string) => string): AuditStoreQuery {
  checkKeys('query', query, [...IDS, ...LABELS, ...TIMES, 'status', 'limit', 'after'])
  const { limit = PAGE, after, status } = query
  checkCount('query.limit', limit, 1)
  for (const name of [...IDS, ...LABELS]) if (query[name] !== undefined) checkId(`query.${name}`, query[name])
  for (const name of TIMES) if (query[name] !== undefined) checkTime(`query.${name}`, query[name])
  if (after !== undefined) {
    checkId('query.after', after)
    placeOf(after)
  }
  if (status !== undefined) {
    if (!Array.isArray(status)) throw expected('query.status', 'a list', status)
    for (const [index, one] of (status as readonly unknown[]).entries())
      checkOneOf(`query.status[${index}]`, one, STATUSES)
  }
  const labels = LABELS.flatMap((name) => (query[name] === undefined ? [] : [[name, label(query[name])] as const]))
  return { ...query, ...Object.fromEntries(labels), limit }
}

export function checkedEntriesQuery(query: EntriesQuery): Required<EntriesQuery> {
  checkKeys('query', query, ['after', 'limit'])
  const { after = 0, limit = ENTRIES } = query
  checkCount('query.after', after, 0)
  checkCount('query.limit', limit, 1)
  return { after, limit }
}

export function checkedSweep(query: SweepQuery): Required<SweepQuery> {
  checkKeys('query', query, ['endedBeforeMs', 'limit'])
  const { endedBeforeMs, limit = TREES } = query
  checkTime('query.endedBeforeMs', endedBeforeMs)
  checkCount('query.limit', limit, 1)
  return { endedBeforeMs, limit }
}

function checkTime(option: string, value: unknown): void {
  if (typeof value !== 'number' || Number.isNaN(value)) throw expected(option, 'milliseconds since the epoch', value)
}

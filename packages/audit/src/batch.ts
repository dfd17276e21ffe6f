import type { AuditEntryBody } from './audit-entry.ts'
import type { PendingChange, PendingRun } from './pending-run.ts'

// One write: as much as a store can take in a few milliseconds.
const BATCH_ENTRIES = 500
const BATCH_CHARS = 1024 * 1024

/** Whether so much is worth a write at once. */
export function isBatch(entries: number, chars: number): boolean {
  return entries >= BATCH_ENTRIES || chars >= BATCH_CHARS
}

/** What of these runs goes into one write, the first of them first. */
export function batchOf(
  runs: Iterable<PendingRun>,
  { mostRuns }: { readonly mostRuns: number },
): readonly PendingChange[] {
  const changes: PendingChange[] = []
  let left = BATCH_ENTRIES
  let chars = 0
  for (const pending of runs) {
    const change = pending.change(left)
    changes.push(change)
    left -= change.entries.length
    for (const entry of change.entries) chars += charsOf(entry)
    if (left <= 0 || chars >= BATCH_CHARS || changes.length >= mostRuns) break
  }
  return changes
}

/** About how much room an entry takes. */
export function charsOf(body: AuditEntryBody): number {
  let chars = 200
  for (const value of Object.values(body) as readonly unknown[])
    if (typeof value === 'string') chars += value.length
    else if (typeof value === 'object' && value !== null) chars += JSON.stringify(value).length
  return chars
}

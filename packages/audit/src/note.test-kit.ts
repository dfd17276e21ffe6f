import type { AuditEntry } from './audit-entry.ts'
import type { AuditLog } from './audit-log.ts'
import { end, eventsOf, infoOf, resultOf, START } from './audit.test-kit.ts'

export const note = { about: 'delivery', text: 'Part 2 may have been delivered.' } as const

/** Begins a run that stays at work. */
export function begin(audit: AuditLog, runId = 'r') {
  const recorder = audit.open(infoOf(runId), { isResumed: false })
  recorder.event(eventsOf(runId, START)[0]!)
  return recorder
}

/** A run from its start to its end. */
export async function play(audit: AuditLog, runId = 'r'): Promise<void> {
  const recorder = begin(audit, runId)
  recorder.event(eventsOf(runId, end(runId))[0]!)
  await recorder.close(resultOf(runId))
}

/** What each entry is; a note by what it says. */
export function typesOf(entries: readonly AuditEntry[]): readonly string[] {
  return entries.map((entry) => (entry.type === 'note' ? entry.text : entry.type))
}

import type { JournalEntry } from '@executus/core'
import { StoreError } from '@executus/core/store-error'

import type { JournalStore } from './journal-store.ts'

/**
 * Answers the open questions of a delegated run that was cancelled with a no: the run at the top would wait for them for ever.
 * Nobody hears the no, as the run that asked has ended.
 */
export async function answerCancelled(store: JournalStore, runId: string, nowMs: number): Promise<void> {
  const record = await store.find(runId)
  if (record?.parentRunId === undefined || record.outcome?.status !== 'cancelled') return
  const value = { isApproved: false, note: 'the run that asked was cancelled' }
  for (const id of await openRequests(store, runId))
    await store.deliver(record.rootRunId, { name: id, id, value, atMs: nowMs })
}

/** The ids of the requests of a run, and of those below it, that were not decided. */
async function openRequests(store: JournalStore, runId: string): Promise<readonly string[]> {
  const entries = await store.read(runId).catch(noEntries)
  const decided = new Set(entries.flatMap((entry) => (entry.type === 'signal' ? [entry.name] : [])))
  const done = new Set(entries.flatMap((entry) => (entry.type === 'result' ? [entry.key] : [])))
  const open = entries
    .flatMap((entry) => (entry.type === 'approval-request' ? entry.requests : []))
    .flatMap(({ id }) => (decided.has(id) ? [] : [id]))
  const callIds = entries.flatMap((entry) =>
    entry.type === 'intent' && entry.kind === 'child' && !done.has(entry.key) ? [entry.key.slice('tool:'.length)] : [],
  )
  // A delegated run is named for its call, which has an intent for each attempt.
  for (const callId of new Set(callIds)) open.push(...(await openRequests(store, `${runId}/${callId}`)))
  return open
}

/** A run that was not made yet, or is damaged, has asked nothing that could be found. */
function noEntries(error: unknown): readonly JournalEntry[] {
  if (StoreError.is(error) && (error.code === 'not-found' || error.code === 'corrupt')) return []
  throw error
}

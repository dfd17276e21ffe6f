import type { Call, Checkpointer, JournalEntry, RunInfo, Settled, Suspension } from '@executus/core'

import type { StoredOutcome } from './journal-store.ts'

/**
 * The closed record of a delegated run whose parent crashed before it had the answer: the run is gone through once more by
 * what is kept, and comes to the same end. Nothing is done, and nothing is written.
 */
export function settledCheckpointer(
  info: RunInfo,
  history: readonly JournalEntry[],
  { status, error }: StoredOutcome,
): Checkpointer {
  const results = new Map<string, unknown>()
  for (const entry of history) if (entry.type === 'result') results.set(entry.key, entry.value)
  const settled = <T>({ key }: Call<T>): Settled<T> =>
    results.has(key)
      ? { ok: true, value: results.get(key) as T }
      : { ok: false, error: new Error(error ?? `It ended as ${status}`) }
  const nothing = () => Promise.resolve()
  return {
    info,
    history,
    step: (call) => Promise.resolve(settled(call)),
    batch: (calls) => Promise.resolve(calls.map(settled)),
    suspend: (): Promise<Suspension> => Promise.resolve({ suspended: false, signals: [] }),
    note: nothing,
    complete: nothing,
    fail: nothing,
    leave: nothing,
  }
}

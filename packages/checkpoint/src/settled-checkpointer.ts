import {
  type Call,
  type Checkpointer,
  type JournalEntry,
  ModelError,
  RunError,
  type RunInfo,
  type Settled,
  type Suspension,
} from '@executus/core'

import type { StoredOutcome } from './journal-store.ts'

/**
 * The closed record of a delegated run whose parent crashed before it had the answer: the run is gone through once more by
 * what is kept, and comes to the same end. Nothing is done, and nothing is written.
 */
export function settledCheckpointer(
  info: RunInfo,
  history: readonly JournalEntry[],
  outcome: StoredOutcome,
): Checkpointer {
  const results = new Map<string, unknown>()
  for (const entry of history) if (entry.type === 'result') results.set(entry.key, entry.value)
  const settled = <T>({ key }: Call<T>): Settled<T> =>
    results.has(key) ? { ok: true, value: results.get(key) as T } : { ok: false, error: errorOf(outcome) }
  const nothing = () => Promise.resolve()
  return {
    info,
    history,
    ...(STOPPED.has(outcome.status) && { cancelled: AbortSignal.abort(reasonOf(outcome)) }),
    step: (call) => Promise.resolve(settled(call)),
    batch: (calls) => Promise.resolve(calls.map(settled)),
    suspend: (): Promise<Suspension> => Promise.resolve({ suspended: false, signals: [] }),
    note: nothing,
    complete: nothing,
    fail: nothing,
    leave: nothing,
  }
}

/** A delegated run whose record cannot be read: the run above must not wait for what nobody can mend, and is told. */
export function damagedCheckpointer(info: RunInfo, why: string): Checkpointer {
  const error = `its record is damaged, and what it did is not known (${why})`
  return settledCheckpointer(info, [], { status: 'error', stopReason: 'fault', output: '', error })
}

/** What was stopped from outside is stopped again, where its record ends: it must not ask people once more. */
const STOPPED: ReadonlySet<string> = new Set(['cancelled', 'timeout', 'killed'])

// Core puts these before what it is told (`endingOfFault`, `cancelled`), and has done so already.
const FAULT = 'The run broke: '
const CANCELLED = 'The run was cancelled: '

function reasonOf({ error = 'by the caller' }: StoredOutcome): string {
  return without(CANCELLED, error)
}

/** What the call that ended the run threw: by it the run comes to the same `stopReason`. */
function errorOf({ status, stopReason, error = `It ended as ${status}` }: StoredOutcome): Error {
  if (stopReason === 'model-error') return new ModelError(error, { code: 'bad-request' }) // the code is told to nobody
  if (stopReason === 'port') return new RunError('port', error)
  return new Error(without(FAULT, error))
}

function without(prefix: string, text: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

import { type Checkpointer, type JournalEntry, JournalError, type RunInfo } from '@executus/core'

import type { StoredOutcome } from './journal-store.ts'

/** The closed record of a delegated run whose parent crashed before it had the answer. */
export function settledCheckpointer(
  info: RunInfo,
  history: readonly JournalEntry[],
  outcome: StoredOutcome,
): Checkpointer {
  const refuse = () => Promise.reject(new JournalError('fenced', `The record of ${info.runId} is closed`))
  const nothing = () => Promise.resolve()
  return {
    ...{ info, history, ended: { ...outcome, ...(outcome.status === 'cancelled' && { error: sentenceOf(outcome) }) } },
    ...{ step: refuse, batch: refuse, suspend: refuse, note: refuse },
    ...{ complete: nothing, fail: nothing, leave: nothing },
  }
}

/** Of a run that nobody works on the store keeps the bare reason; one that is at work says it in a sentence of core's. */
function sentenceOf({ error = 'by the caller' }: StoredOutcome): string {
  return error.startsWith(CANCELLED) ? error : `${CANCELLED}${error}`
}

const CANCELLED = 'The run was cancelled: '

/** A delegated run whose record cannot be read: the run above must not wait for what nobody can mend, and is told. */
export function damagedCheckpointer(info: RunInfo, why: string): Checkpointer {
  const error = `The run broke: its record is damaged, and what it did is not known (${why})`
  return settledCheckpointer(info, [], { status: 'error', stopReason: 'fault', output: '', error })
}

import pLimit from 'p-limit'

import type { RunInfo } from '../run-info.ts'
import type { Call, Checkpointer, Settled } from './checkpointer.ts'

/** The door that keeps nothing: a light host pays for none of it. */
export function noCheckpointer(info: RunInfo): Checkpointer {
  const attempt = <T>(call: Call<T>): Promise<Settled<T>> =>
    call.run({ idempotencyKey: `${info.runId}/${call.key}`, attempt: 1 }).then(settled, failed)

  return {
    info,
    history: [],
    step: attempt,
    batch(calls, { concurrency = Number.POSITIVE_INFINITY } = {}) {
      if (calls.length <= concurrency) return Promise.all(calls.map(attempt))
      return pLimit(concurrency).map(calls, attempt)
    },
    note: nothing,
    suspend: () => Promise.resolve({ suspended: true }),
    complete: nothing,
    fail: nothing,
    leave: nothing,
  }
}

const done = Promise.resolve()
const nothing = () => done

function settled<T>(value: T): Settled<T> {
  return { ok: true, value }
}

function failed(error: unknown): Settled<never> {
  return { ok: false, error }
}

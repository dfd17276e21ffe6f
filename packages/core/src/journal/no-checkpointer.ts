import pLimit from 'p-limit'

import type { RunInfo } from '../run-info.ts'
import type { Call, Checkpointer, Settled, Suspension } from './checkpointer.ts'

/** The door that keeps nothing: a light host pays for none of it. */
export function noCheckpointer(info: RunInfo): Checkpointer {
  return new NoCheckpointer(info)
}

class NoCheckpointer implements Checkpointer {
  readonly info: RunInfo

  constructor(info: RunInfo) {
    this.info = info
  }

  get history(): Checkpointer['history'] {
    return EMPTY
  }

  step<T>(call: Call<T>): Promise<Settled<T>> {
    return call.run({ idempotencyKey: `${this.info.runId}/${call.key}`, attempt: 1 }).then(settled, failed)
  }

  batch<T>(
    calls: readonly Call<T>[],
    { concurrency = Number.POSITIVE_INFINITY }: { readonly concurrency?: number } = {},
  ): Promise<readonly Settled<T>[]> {
    if (calls.length <= concurrency) return Promise.all(calls.map((call) => this.step(call)))
    return pLimit(concurrency).map(calls, (call) => this.step(call))
  }

  suspend(): Promise<Suspension> {
    return Promise.resolve({ suspended: true })
  }

  note(): Promise<void> {
    return done
  }

  complete(): Promise<void> {
    return done
  }

  fail(): Promise<void> {
    return done
  }

  leave(): Promise<void> {
    return done
  }
}

const EMPTY: Checkpointer['history'] = []
const done = Promise.resolve()

function settled<T>(value: T): Settled<T> {
  return { ok: true, value }
}

function failed(error: unknown): Settled<never> {
  return { ok: false, error }
}

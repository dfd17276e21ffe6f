import { setTimeout as sleep } from 'node:timers/promises'

import { StoreError } from '@executus/core/store-error'

import { storeErrorOf } from './store-error-of.ts'

/**
 * How long the driver may block the event loop for a lock, in milliseconds: most transactions of others are over by then.
 * What is left of the caller's patience is waited for outside of it.
 */
export const BLOCKING_MS = 20

const LONGEST_PAUSE_MS = 20

/** Does `work`, and again as long as it is `busy` and `timeoutMs` have not passed. Rejects with a `StoreError`. */
export async function retryWhileBusy<T>(timeoutMs: number, work: () => T): Promise<T> {
  const beganMs = performance.now()
  for (;;) {
    try {
      return work()
    } catch (error) {
      const problem = storeErrorOf(error)
      const isBusy = StoreError.is(problem) && problem.code === 'busy'
      if (!isBusy || performance.now() - beganMs >= timeoutMs) throw problem
    }
    // By chance, so that two that wait for each other's turns fall out of step.
    await sleep(1 + Math.random() * LONGEST_PAUSE_MS)
  }
}

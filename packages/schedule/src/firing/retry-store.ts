import type { Clock } from '@executus/core'
import { StoreError } from '@executus/core/store-error'

// Beside what a store waits by itself.
const DELAYS_MS = [50, 200, 800]

/** Does `work`, and again after a while when the store failed. `work` must be safe to repeat: an answer may have got lost. */
export async function retryStore<T>(clock: Clock, work: () => Promise<T>): Promise<T> {
  for (const delayMs of DELAYS_MS) {
    try {
      return await work()
    } catch (error) {
      if (StoreError.is(error) && (error.code === 'closed' || error.code === 'corrupt')) throw error
    }
    await new Promise<void>((resolve) => {
      clock.after(delayMs, resolve)
    })
  }
  return work()
}

import type { Clock } from '@executus/core'

/** What `work` gives, or nothing when that takes longer. */
export function bounded<T>(clock: Clock, waitMs: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancelTimer = clock.after(waitMs, () => resolve(undefined))
    void work.then(resolve, reject).finally(cancelTimer)
  })
}

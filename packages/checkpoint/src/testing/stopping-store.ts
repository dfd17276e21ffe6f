import { StoreError } from '@executus/core/store-error'

import type { JournalStore } from '../journal-store.ts'

/** Where a process stops: before its next write, or when a write was done and it has not heard of it. */
export type StopMode = 'before' | 'unheard'

/** A store through which a process makes so many writes; then it answers no more. */
export interface StoppingStore extends JournalStore {
  readonly writes: number
}

const WRITES: ReadonlySet<string> = new Set([
  'create',
  'append',
  'park',
  'release',
  'settle',
  'poison',
  'deliver',
  'close',
])

/**
 * `store`, which makes `writes` writes: every later call rejects with `closed`. With `unheard` the last of them is made, and
 * rejects as well.
 */
export function stoppingStore(store: JournalStore, writes: number, mode: StopMode): StoppingStore {
  let made = 0
  const stopped = () => Promise.reject(new StoreError('closed', 'The world has stopped'))
  return new Proxy(store as StoppingStore, {
    get(target, name) {
      if (name === 'writes') return made
      const method = Reflect.get(target, name) as unknown
      if (typeof method !== 'function') return method
      return async (...args: readonly unknown[]) => {
        const isWrite = WRITES.has(String(name))
        if (made >= writes) return stopped()
        if (isWrite) made += 1
        const answer: unknown = await Reflect.apply(method, target, args)
        return isWrite && made >= writes && mode === 'unheard' ? stopped() : answer
      }
    },
  })
}

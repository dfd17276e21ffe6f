import { type Clock, systemClock } from '@executus/core'

import type { JournalStore } from '../journal-store.ts'
import { insideOf, memoryJournalStore } from '../memory-store.ts'
import type { OpenedStores } from './store-cases/store-case.ts'

/**
 * Makes the owner of a `memoryJournalStore` dead to the other owners: what it holds can be claimed then, and counts as
 * crashed. It may still be called, as a process that was taken for dead.
 *
 * @throws TypeError when it is another store
 */
export function killOwner(store: JournalStore): void {
  insideOf(store).owner.isAlive = false
}

const START_MS = Date.UTC(2026, 0, 6, 12)

/** Empty memories for the conformance suite, with a clock that stands still unless it is moved. */
export function openMemoryStores(): OpenedStores {
  let nowMs = START_MS
  const clock: Clock = { ...systemClock, now: () => nowMs }
  const memory = memoryJournalStore({ clock })
  return {
    connect: () => Promise.resolve(memory.connect()),
    kill: (store) => Promise.resolve(killOwner(store)),
    advance(ms) {
      nowMs += ms
      return Promise.resolve()
    },
    damage(runId, index) {
      insideOf(memory).entryTextsOf(runId)[index] = '{'
      return Promise.resolve()
    },
  }
}

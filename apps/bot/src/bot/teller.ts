import type { RunHandle } from '@executus/core'
import type { SqliteFileStore } from '@executus/store-sqlite'

import type { Stores } from '../store/stores.ts'
import type { Log } from './log.ts'
import { messageOf, type SaidEntryOf } from './message-of.ts'

export interface TellerOptions {
  readonly stores: Stores
  readonly log: Log
  readonly files: SqliteFileStore
}

/** Tells runs that are under way what people say meanwhile. */
export class Teller {
  readonly #options: TellerOptions
  /** What was told to a run and it has not seen yet. */
  readonly #told = new Set<number>()

  constructor(options: TellerOptions) {
    this.#options = options
  }

  /** Tells a run what its own person said; from another's word on, all waits. Resolves when it has heard, or never will. */
  async tell(handle: RunHandle, caller: string, waiting: readonly SaidEntryOf[]): Promise<void> {
    const other = waiting.findIndex(({ author }) => author.id !== caller)
    const own = other < 0 ? waiting : waiting.slice(0, other)
    await Promise.all(own.filter(({ id }) => !this.#told.has(id)).map((entry) => this.#tellOne(handle, entry)))
  }

  async #tellOne(handle: RunHandle, entry: SaidEntryOf): Promise<void> {
    const { stores, log, files } = this.#options
    this.#told.add(entry.id)
    try {
      const { content } = await messageOf([entry], files, { isShared: false })
      const { delivered } = await handle.steer(content)
      if (!delivered) return
      log.write((writer) => {
        const now = stores.entries.find(entry.id)
        if (now?.kind === 'said' && now.state === 'waiting') writer.setSaid(entry.id, 'taken', handle.id)
      })
    } finally {
      this.#told.delete(entry.id)
    }
  }
}

import type { RunHandle, SteerReceipt } from '@executus/core'
import type { SqliteFileStore } from '@executus/store-sqlite'

import type { Stores } from '../store/stores.ts'
import type { EntryOf } from '../view/entry.ts'
import type { Log } from './log.ts'
import { messageOf } from './message-of.ts'
import { ownWords } from './own-words.ts'

export interface TellerOptions {
  readonly stores: Stores
  readonly log: Log
  readonly files: Pick<SqliteFileStore, 'read'>
}

/** Tells runs that are under way what people say meanwhile. */
export class Teller {
  readonly #options: TellerOptions
  /** What was told to a run and it has not seen yet. */
  readonly #told = new Set<number>()
  readonly #turns = new WeakMap<RunHandle, Promise<unknown>>()
  /** What a run may have seen in an earlier process. */
  readonly #doubted = new WeakMap<RunHandle, ReadonlySet<number>>()

  constructor(options: TellerOptions) {
    this.#options = options
  }

  /** A run goes on after a crash: what waits it may have heard before. Its end tells what it has, and the rest waits for that. */
  doubt(handle: RunHandle, waiting: readonly { readonly id: number }[]): void {
    this.#doubted.set(handle, new Set(waiting.map(({ id }) => id)))
  }

  /** Tells a run what its own person said; from another's word on, all waits. Resolves when it has heard, or never will. */
  async tell(handle: RunHandle, caller: string, waiting: readonly EntryOf<'said'>[]): Promise<void> {
    const own = ownWords(waiting, caller)
    if (own.some(({ id }) => this.#doubted.get(handle)?.has(id))) return
    await Promise.all(own.filter(({ id }) => !this.#told.has(id)).map((entry) => this.#tellOne(handle, entry)))
  }

  async #tellOne(handle: RunHandle, entry: EntryOf<'said'>): Promise<void> {
    const { stores, log } = this.#options
    this.#told.add(entry.id)
    try {
      const turn = this.#inTurn(handle, entry)
      this.#turns.set(
        handle,
        turn.catch(() => {}),
      )
      const { delivered } = await (await turn).receipt
      if (!delivered) return
      log.write((writer) => {
        const now = stores.entries.find(entry.id)
        if (now?.kind === 'said' && now.state === 'waiting') writer.setSaid(entry.id, 'taken', handle.id)
      })
    } finally {
      this.#told.delete(entry.id)
    }
  }

  /** What has files takes a while to be read, and is told before what was said after it all the same. */
  async #inTurn(handle: RunHandle, entry: EntryOf<'said'>): Promise<{ readonly receipt: Promise<SteerReceipt> }> {
    const before = this.#turns.get(handle)
    const { content } = await messageOf([entry], this.#options.files, { isShared: false })
    await before
    return { receipt: handle.steer(content) }
  }
}

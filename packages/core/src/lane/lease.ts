import { checkTokens } from './lane-options.ts'

/** A slot of a lane, from `acquire` until it is released. */
export interface Lease {
  readonly key: string
  /**
   * Gives the slot back. `tokens` is what was really used, in place of what was reserved. Only the first call counts.
   *
   * @throws RangeError when `tokens` is no count; the slot is given back all the same
   */
  release(options?: { readonly tokens?: number }): void
  /**
   * Waits for `work` without holding the slot, and gives what `work` gives once there is a slot again; who comes back
   * goes before all who queue. This is how work waits for other work of the same lane: holding its slot, it could wait
   * for work that waits for that slot. Where several wait at once, there is a slot again when the last one is done.
   * A released lease has no slot to come back to; after an abort of the acquirer's signal nobody waits for one.
   *
   * @example
   * const answer = await lease.yieldWhile(lane.run('child', askChild))
   */
  yieldWhile<T>(work: PromiseLike<T>): Promise<T>
}

/** What a lease needs of its lane. */
export interface SlotKeeper {
  /** Takes a slot at once, before all who queue; false when none is free. */
  retakeSlot(key: string): boolean
  /** Calls back, later, with a slot taken; the returned function calls it off. */
  awaitSlot(key: string, callback: () => void): () => void
  freeSlot(key: string): void
}

/** A lease that holds a slot from the start. */
export class SlotLease implements Lease {
  readonly key: string
  readonly #keeper: SlotKeeper
  readonly #settle: (tokens: number | undefined) => void
  readonly #signal: AbortSignal | undefined
  #holdsSlot = true
  #isReleased = false
  /** How many `yieldWhile` are under way. */
  #waits = 0
  #stopReturning: (() => void) | undefined

  /** `settle` is called once, after the slot was given back; without tokens, what was reserved stands. */
  constructor(
    key: string,
    keeper: SlotKeeper,
    settle: (tokens: number | undefined) => void,
    signal: AbortSignal | undefined,
  ) {
    this.key = key
    this.#keeper = keeper
    this.#settle = settle
    this.#signal = signal
  }

  release({ tokens }: { readonly tokens?: number } = {}): void {
    if (this.#isReleased) return
    this.#isReleased = true
    let used: number | undefined
    try {
      if (tokens !== undefined) checkTokens(tokens)
      used = tokens
    } finally {
      this.#leaveSlot()
      this.#settle(used)
    }
  }

  async yieldWhile<T>(work: PromiseLike<T>): Promise<T> {
    this.#waits += 1
    this.#leaveSlot()
    try {
      return await work
    } finally {
      this.#waits -= 1
      if (this.#waits === 0 && !this.#isReleased) await this.#return()
    }
  }

  #leaveSlot(): void {
    this.#stopReturning?.()
    if (!this.#holdsSlot) return
    this.#holdsSlot = false
    this.#keeper.freeSlot(this.key)
  }

  async #return(): Promise<void> {
    const signal = this.#signal
    if (signal?.aborted === true) return // winding down must not wait
    this.#holdsSlot = this.#keeper.retakeSlot(this.key)
    if (this.#holdsSlot) return
    await new Promise<void>((resolve) => {
      const end = () => {
        cancel()
        signal?.removeEventListener('abort', end)
        this.#stopReturning = undefined
        resolve()
      }
      const cancel = this.#keeper.awaitSlot(this.key, () => {
        this.#holdsSlot = true
        end()
      })
      this.#stopReturning = end
      signal?.addEventListener('abort', end, { once: true })
    })
  }
}

import { checkPort, expected } from '../check-option.ts'
import { LaneError } from './errors.ts'
import { FairQueue } from './fair-queue.ts'
import { checkLaneOptions, checkTokens, type LaneConfig, type LaneOptions } from './lane-options.ts'
import { type Lease, SlotLease, type SlotKeeper } from './lease.ts'
import { type Link, LinkedList } from './linked-list.ts'
import { RateWindow, type Taken } from './rate-window.ts'

/** A bounded pool of slots with a fair queue. */
export interface Lane {
  /** Whether the lane limits tokens, so that counting them is worth the while. */
  readonly countsTokens: boolean
  /** How it stands now: a copy, which does not change. */
  readonly stats: LaneStats
  /**
   * Gives a slot, at once if there is one; else it waits for the turn of `key`. Every lease must be released, once.
   * Work of a lane that waits for other work of the same lane does so inside `lease.yieldWhile`.
   *
   * @throws TypeError or RangeError for a wrong option; it rejects with a LaneError `full`, `closed` or `aborted`
   */
  acquire(key: string, options?: AcquireOptions): Promise<Lease>
  /** Does `work` while holding a slot, which it gives back however `work` ends. Rejects as `acquire` and `work` do. */
  run<T>(key: string, work: (lease: Lease) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T>
  /**
   * Takes no more, and resolves when all leases are released and nobody waits. May be called again, to wait or to drop.
   */
  drain(options?: DrainOptions): Promise<void>
}

export interface AcquireOptions {
  /** Ends the waiting. What has a slot keeps it until it is released. */
  readonly signal?: AbortSignal
  /** How many tokens the work will use, as far as one can tell; `release` may correct it. @default 0 */
  readonly tokens?: number
}

export interface DrainOptions {
  /** Refuses those who queue as `closed`, instead of letting them have their turn. @default false */
  readonly dropQueued?: boolean
}

/** How a lane stands. */
export interface LaneStats {
  /** Slots that are taken. */
  readonly running: number
  /** How many wait for their first slot. */
  readonly queued: number
  /** Those keys that have any of either. */
  readonly keys: Readonly<Record<string, KeyStats>>
}

export interface KeyStats {
  readonly running: number
  readonly queued: number
}

/**
 * A lane: so many at once, the others in a queue that is fair between keys. A key with 1,000 waiting does not keep one
 * with 1 from its turn, and a key's weight says how many turns it gets in a round.
 *
 * @throws TypeError or RangeError that names the option
 *
 * @example
 * const lane = createLane({ concurrency: 4, weights: { paying: 3 } })
 * const answer = await lane.run('paying', () => ask(question), { signal })
 */
export function createLane(options: LaneOptions): Lane {
  return new SlotLane(checkLaneOptions(options))
}

class SlotLane implements Lane, SlotKeeper {
  readonly #config: LaneConfig
  readonly #requests: RateWindow | undefined
  readonly #tokens: RateWindow | undefined
  readonly #queue: FairQueue<Waiter>
  /** Those who had a slot and want one again. */
  readonly #returning = new LinkedList<Returner>()
  readonly #runningOf = new Map<string, number>()
  #running = 0
  /** Leases that are not released, whether or not they hold a slot. */
  #open = 0
  #cancelWake: (() => void) | undefined
  #drained: PromiseWithResolvers<void> | undefined

  constructor(config: LaneConfig) {
    this.#config = config
    const { requestsPerMinute, tokensPerMinute, clock, weights } = config
    if (requestsPerMinute < Number.POSITIVE_INFINITY) this.#requests = new RateWindow(requestsPerMinute, clock)
    if (tokensPerMinute < Number.POSITIVE_INFINITY) this.#tokens = new RateWindow(tokensPerMinute, clock)
    this.#queue = new FairQueue((key) => weights.get(key) ?? 1)
  }

  get countsTokens(): boolean {
    return this.#tokens !== undefined
  }

  get stats(): LaneStats {
    const keys = new Set([...this.#runningOf.keys(), ...this.#queue.keys()])
    const statsOf = (key: string) => ({ running: this.#runningOf.get(key) ?? 0, queued: this.#queue.sizeOf(key) })
    return {
      running: this.#running,
      queued: this.#queue.size,
      keys: Object.fromEntries([...keys].map((key) => [key, statsOf(key)])),
    }
  }

  acquire(key: string, options: AcquireOptions = {}): Promise<Lease> {
    checkAcquire(key, options)
    const { signal, tokens = 0 } = options
    if (this.#drained !== undefined) return Promise.reject(closed())
    if (signal?.aborted === true) return Promise.reject(aborted(signal))
    if (this.#queue.size === 0 && this.#hasFreeSlot() && this.#rateWaitMs(tokens) === 0)
      return Promise.resolve(this.#begin(key, tokens, signal))
    const { maxQueued, maxQueuedPerKey } = this.#config
    if (this.#queue.size >= maxQueued)
      return Promise.reject(new LaneError('full', `The lane is full: ${maxQueued} wait already`))
    if (this.#queue.sizeOf(key) >= maxQueuedPerKey)
      return Promise.reject(new LaneError('full', `The lane is full for \`${key}\`: ${maxQueuedPerKey} wait already`))
    return new Promise((resolve, reject) => {
      const end = () => {
        leave()
        signal?.removeEventListener('abort', onAbort)
      }
      const leave = this.#queue.add(key, {
        tokens,
        admit: () => {
          end()
          resolve(this.#begin(key, tokens, signal))
        },
        refuse: (error) => {
          end()
          reject(error)
        },
      })
      const onAbort = () => {
        end()
        reject(aborted(signal))
        this.#pump()
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#pump() // it may be the rates that make it wait
    })
  }

  async run<T>(key: string, work: (lease: Lease) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T> {
    const lease = await this.acquire(key, options)
    try {
      return await work(lease)
    } finally {
      lease.release()
    }
  }

  drain({ dropQueued = false }: DrainOptions = {}): Promise<void> {
    this.#drained ??= Promise.withResolvers()
    if (dropQueued) for (let waiter = this.#queue.take(); waiter; waiter = this.#queue.take()) waiter.refuse(closed())
    this.#pump()
    return this.#drained.promise
  }

  retakeSlot(key: string): boolean {
    if (!this.#hasFreeSlot()) return false
    this.#takeSlot(key)
    return true
  }

  awaitSlot(key: string, callback: () => void): () => void {
    const link = this.#returning.append({ key, callback })
    return () => {
      this.#returning.remove(link)
    }
  }

  freeSlot(key: string): void {
    this.#running -= 1
    const left = (this.#runningOf.get(key) ?? 1) - 1
    if (left === 0) this.#runningOf.delete(key)
    else this.#runningOf.set(key, left)
    this.#pump()
  }

  /** Hands out what is free, and sees to it that there is a next time: a lane that forgot to wake would stand still. */
  #pump(): void {
    this.#cancelWake?.()
    this.#cancelWake = undefined
    while (this.#hasFreeSlot()) {
      const returner = this.#returning.first
      const waiter = this.#queue.first
      if (returner !== undefined) {
        this.#returning.remove(returner)
        this.#takeSlot(returner.value.key)
        returner.value.callback()
      } else if (waiter !== undefined) {
        const waitMs = this.#rateWaitMs(waiter.tokens)
        if (waitMs > 0) {
          this.#cancelWake = this.#config.clock.after(waitMs, () => this.#pump())
          break
        }
        this.#queue.take()
        waiter.admit()
      } else {
        break
      }
    }
    if (this.#open === 0 && this.#queue.size === 0) this.#drained?.resolve()
  }

  #begin(key: string, tokens: number, signal: AbortSignal | undefined): Lease {
    this.#takeSlot(key)
    this.#open += 1
    this.#requests?.take(1)
    const reserved = this.#tokens?.take(tokens)
    return new SlotLease(key, this, (used) => this.#end(reserved, used), signal)
  }

  #end(reserved: Link<Taken> | undefined, used: number | undefined): void {
    this.#open -= 1
    if (reserved !== undefined && used !== undefined) this.#tokens?.settle(reserved, used)
    this.#pump()
  }

  #hasFreeSlot(): boolean {
    return this.#running < this.#config.concurrency
  }

  #takeSlot(key: string): void {
    this.#running += 1
    this.#runningOf.set(key, (this.#runningOf.get(key) ?? 0) + 1)
  }

  #rateWaitMs(tokens: number): number {
    return Math.max(this.#requests?.waitMs(1) ?? 0, this.#tokens?.waitMs(tokens) ?? 0)
  }
}

interface Waiter {
  readonly tokens: number
  admit(): void
  refuse(error: LaneError): void
}

interface Returner {
  readonly key: string
  readonly callback: () => void
}

function checkAcquire(key: string, { signal, tokens }: AcquireOptions): void {
  if (typeof key !== 'string') throw expected('key', 'a string', key)
  if (signal !== undefined) checkPort('signal', signal, ['addEventListener', 'removeEventListener'])
  if (tokens !== undefined) checkTokens(tokens)
}

function closed(): LaneError {
  return new LaneError('closed', 'The lane is closed: it drains and takes no more')
}

function aborted(signal: AbortSignal | undefined): LaneError {
  return new LaneError('aborted', 'The wait for a slot of the lane was aborted', { cause: signal?.reason })
}

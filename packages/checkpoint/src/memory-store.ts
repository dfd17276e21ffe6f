import { type Clock, type JournalEntry, type RunInfo, systemClock } from '@executus/core'
import { checkCount, checkKeys, checkPort } from '@executus/core/check-option'
import { StoreError } from '@executus/core/store-error'

import { isProgress } from './crash-rules.ts'
import type {
  Appended,
  Claim,
  ClaimQuery,
  ClaimRef,
  Delivered,
  JournalStore,
  ListQuery,
  NewRun,
  RunRecord,
  RunSummary,
  Signal,
  StoredOutcome,
} from './journal-store.ts'
import {
  cancelReasonOf,
  entryOf,
  giveBack,
  isAbandoned,
  isClaimable,
  isClaimableByName,
  type MemoryOwner,
  type MemoryRun,
  rootOf,
  summaryOf,
  take,
} from './memory-run.ts'
import { forget, makeRun, type Memory, settleRun } from './memory.ts'

export interface MemoryJournalStoreOptions {
  /** @default systemClock */
  readonly clock?: Clock
  /** How many settled roots are kept, the newest, with all runs below them; older ones are forgotten. @default 1_000 */
  readonly maxSettled?: number
}

export interface MemoryJournalStore extends JournalStore {
  /** Another owner of the same memory, as another process is of the same file. */
  connect(): MemoryJournalStore
}

// A settled run is there to be looked at; a host that lives for months must not grow by each of them.
const MAX_SETTLED = 1_000

/**
 * A store in memory: all of it is lost with the process.
 *
 * @throws TypeError or RangeError that names the option
 */
export function memoryJournalStore(options: MemoryJournalStoreOptions = {}): MemoryJournalStore {
  checkKeys('options', options, ['clock', 'maxSettled'])
  const { clock = systemClock, maxSettled = MAX_SETTLED } = options
  checkPort('options.clock', clock, ['now', 'after'])
  checkCount('options.maxSettled', maxSettled, 0)
  return new MemoryStore({ clock, maxSettled, runs: new Map(), settledRoots: [], made: 0 })
}

// A method is done before its promise is there, so each is one step to all owners.
class MemoryStore implements MemoryJournalStore {
  readonly memory: Memory
  readonly owner: MemoryOwner = { isAlive: true, isClosed: false }

  constructor(memory: Memory) {
    this.memory = memory
  }

  connect(): MemoryJournalStore {
    return new MemoryStore(this.memory)
  }

  async create({ runId, info }: NewRun): Promise<{ created: true; claim: Claim } | { created: false }> {
    this.#checkOpen()
    if (this.memory.runs.has(runId)) return { created: false }
    return { created: true, claim: take(makeRun(this.memory, { runId, info }), this.owner, this.#now) }
  }

  async claim({ limit, runId, rootsOnly = false }: ClaimQuery): Promise<readonly Claim[]> {
    this.#checkOpen()
    const fits = (run: MemoryRun) => !rootsOnly || run.parent === undefined
    if (runId !== undefined) {
      const run = this.memory.runs.get(runId)
      const isFree = run !== undefined && fits(run) && isClaimableByName(run)
      return isFree && limit > 0 ? [take(run, this.owner, this.#now)] : []
    }
    const claims: Claim[] = []
    for (const run of this.memory.runs.values()) {
      if (claims.length >= limit) break
      if (fits(run) && isClaimable(run, this.#now)) claims.push(take(run, this.owner, this.#now))
    }
    return claims
  }

  async append(
    claim: ClaimRef,
    entries: readonly JournalEntry[],
    { expectHead }: { readonly expectHead: number },
  ): Promise<Appended> {
    const run = this.#claimed(claim)
    const texts = entries.map((entry) => JSON.stringify(entry)) // before anything changes: it may throw
    const isThere = texts.length > 0 && run.entryTexts.length === expectHead + texts.length
    if (!isThere && run.entryTexts.length !== expectHead)
      throw new StoreError('fenced', `The record of ${run.runId} is not where its owner left it`)
    if (!isThere) {
      run.entryTexts.push(...texts)
      run.atMs = this.#now
      if (entries.some(isProgress)) for (const one of [run, rootOf(run)]) one.crashStreak = 0
    }
    const cancelReason = cancelReasonOf(run)
    return { head: run.entryTexts.length, ...(cancelReason !== undefined && { cancelReason }) }
  }

  async read(runId: string): Promise<readonly JournalEntry[]> {
    this.#checkOpen()
    const run = this.#existing(runId)
    try {
      return run.entryTexts.map((_, index) => entryOf(run, index))
    } catch (error) {
      // One that is settled stays so: revived, it would be done again.
      if (run.status !== 'settled') {
        giveBack(run, 'quarantined')
        run.reason = (error as StoreError).message
      }
      throw error
    }
  }

  async park(claim: ClaimRef, waits: readonly string[]): Promise<readonly Signal[] | 'parked'> {
    const run = this.#claimed(claim)
    const names = new Set(waits)
    const come = run.signals.filter(({ name }) => names.has(name))
    // One that is to be cancelled would wait for nothing.
    if (come.length > 0 || cancelReasonOf(run) !== undefined) return come.map(({ text }) => JSON.parse(text) as Signal)
    giveBack(run, 'waiting')
    run.waits = [...waits]
    run.crashStreak = 0
    return 'parked'
  }

  async release(claim: ClaimRef): Promise<void> {
    const run = this.#claimed(claim)
    giveBack(run, 'released')
    run.crashStreak = 0
  }

  async settle(claim: ClaimRef, outcome: StoredOutcome): Promise<void> {
    settleRun(this.memory, this.#claimed(claim), { ...outcome })
  }

  async poison(claim: ClaimRef, reason: string): Promise<void> {
    const run = this.#claimed(claim)
    giveBack(run, 'poisoned')
    run.reason = reason
  }

  async deliver(runId: string, signal: Signal): Promise<Delivered> {
    this.#checkOpen()
    const run = this.memory.runs.get(runId)
    if (run === undefined) return 'no-such-run'
    if (run.status === 'settled') return 'closed'
    const { name, id } = signal
    if (run.signals.some((one) => one.name === name || one.id === id)) return 'duplicate'
    run.signals.push({ name, id, text: JSON.stringify(signal) })
    if (run.status === 'waiting' && run.waits.includes(name)) run.status = 'signalled'
    return 'accepted'
  }

  async cancel(runId: string, reason: string): Promise<boolean> {
    this.#checkOpen()
    const run = this.memory.runs.get(runId)
    if (run === undefined || run.status === 'settled') return false
    if (run.status === 'running' && !isAbandoned(run)) run.cancelReason ??= reason
    else settleRun(this.memory, run, { status: 'cancelled', stopReason: 'cancelled', output: '', error: reason })
    return true
  }

  async find(runId: string): Promise<RunRecord | undefined> {
    this.#checkOpen()
    const run = this.memory.runs.get(runId)
    return run && { ...summaryOf(run), info: JSON.parse(run.infoText) as RunInfo }
  }

  async list(query: ListQuery): Promise<{ runs: readonly RunSummary[]; next?: string }> {
    this.#checkOpen()
    const { limit, status, claimableOnly = false, rootsOnly = false, after } = query
    const from = after === undefined ? 0 : Number(after)
    const runs: RunSummary[] = []
    for (const run of this.memory.runs.values()) {
      const fits =
        run.number >= from &&
        (status === undefined || status.includes(run.status)) &&
        (!claimableOnly || isClaimable(run, this.#now)) &&
        (!rootsOnly || run.parent === undefined)
      if (!fits) continue
      if (runs.length >= limit) return { runs, next: String(run.number) }
      runs.push(summaryOf(run))
    }
    return { runs }
  }

  async fork(runId: string, upTo: number, newRunId: string): Promise<void> {
    this.#checkOpen()
    const source = this.#existing(runId)
    if (this.memory.runs.has(newRunId)) throw new StoreError('exists', `There is a record of ${newRunId} already`)
    const texts = source.entryTexts.slice(0, upTo)
    for (const index of texts.keys()) entryOf(source, index)
    const { parentRunId: _, ...info } = JSON.parse(source.infoText) as RunInfo
    const run = makeRun(this.memory, { runId: newRunId, info: { ...info, runId: newRunId, rootRunId: newRunId } })
    run.entryTexts.push(...texts)
  }

  async revive(runId: string): Promise<boolean> {
    this.#checkOpen()
    const run = this.memory.runs.get(runId)
    if (run?.status !== 'poisoned' && run?.status !== 'quarantined') return false
    giveBack(run, 'released')
    run.reason = undefined
    run.crashes = 0
    run.crashStreak = 0
    return true
  }

  async sweep({
    settledBeforeMs,
    limit,
  }: {
    readonly settledBeforeMs: number
    readonly limit: number
  }): Promise<number> {
    this.#checkOpen()
    const { memory } = this
    const old = memory.settledRoots.filter((run) => run.settledAtMs! < settledBeforeMs).slice(0, limit)
    for (const run of old) forget(this.memory, run)
    memory.settledRoots = memory.settledRoots.filter((run) => memory.runs.has(run.runId))
    return old.length
  }

  async close(): Promise<void> {
    const { owner } = this
    if (owner.isClosed) return
    owner.isClosed = true
    if (!owner.isAlive) return
    for (const run of this.memory.runs.values())
      if (run.owner === owner) {
        giveBack(run, 'released')
        run.crashStreak = 0
      }
  }

  get #now(): number {
    return this.memory.clock.now()
  }

  #checkOpen(): void {
    if (this.owner.isClosed) throw new StoreError('closed', 'The store is closed')
  }

  #existing(runId: string): MemoryRun {
    const run = this.memory.runs.get(runId)
    if (run === undefined) throw new StoreError('not-found', `There is no record of ${runId}`)
    return run
  }

  #claimed({ runId, epoch }: ClaimRef): MemoryRun {
    this.#checkOpen()
    const run = this.memory.runs.get(runId)
    if (run?.status === 'running' && run.owner === this.owner && run.epoch === epoch) return run
    throw new StoreError('fenced', `The record of ${runId} is not this owner\u2019s any more`)
  }
}

/** What only tests may touch: the owner of a store, and the texts that it keeps of a run. */
export function insideOf(store: JournalStore): {
  readonly owner: MemoryOwner
  readonly entryTextsOf: (runId: string) => string[]
} {
  if (!(store instanceof MemoryStore)) throw new TypeError('Expected `store` to be one of `memoryJournalStore`')
  return { owner: store.owner, entryTextsOf: (runId) => store.memory.runs.get(runId)?.entryTexts ?? [] }
}

import { StoreError } from '@executus/core'
import { checkCount, checkKeys } from '@executus/core/check-option'

import { NOTHING } from './amounts.ts'
import {
  type Applied,
  type BudgetEntry,
  type BudgetStore,
  changedCounts,
  type Counter,
  type Counts,
  type Grant,
  type KeptCharge,
} from './budget-store.ts'

export interface MemoryBudgetStoreOptions {
  /** How many runs are remembered that hold nothing any more, the newest. @default 10_000 */
  readonly maxSettled?: number
}

export interface MemoryBudgetStore extends BudgetStore {
  /** Another opening of the same memory, as another process is of the same file. */
  connect(): MemoryBudgetStore
}

// A run that is resumed must be known again; a host that lives for months must not grow by each.
const MAX_SETTLED = 10_000

interface Memory {
  readonly maxSettled: number
  readonly counters: Map<string, { readonly counter: Counter; counts: Counts }>
  readonly runs: Map<string, { readonly epoch: number; readonly text: string; readonly keepUntilMs: number }>
  /** Ids of runs that hold nothing, the one that was settled longest ago first. */
  readonly settled: Set<string>
  readonly grants: Map<string, Grant>
}

/**
 * A store in memory: all of it is lost with the process.
 *
 * @throws TypeError or RangeError that names the option
 */
export function memoryBudgetStore(options: MemoryBudgetStoreOptions = {}): MemoryBudgetStore {
  checkKeys('options', options, ['maxSettled'])
  const { maxSettled = MAX_SETTLED } = options
  checkCount('options.maxSettled', maxSettled, 0)
  return new MemoryStore({ maxSettled, counters: new Map(), runs: new Map(), settled: new Set(), grants: new Map() })
}

// A method is done before its promise is there, so each is one step to all openings.
class MemoryStore implements MemoryBudgetStore {
  readonly #memory: Memory
  #isClosed = false

  constructor(memory: Memory) {
    this.#memory = memory
  }

  connect(): MemoryBudgetStore {
    return new MemoryStore(this.#memory)
  }

  async count(counters: readonly Counter[]): Promise<readonly Counts[]> {
    this.#checkOpen()
    return counters.map((counter) => copyOf(this.#countsOf(counter)))
  }

  async find(runId: string): Promise<KeptCharge | undefined> {
    this.#checkOpen()
    const kept = this.#memory.runs.get(runId)
    return kept && { epoch: kept.epoch, charge: JSON.parse(kept.text) as KeptCharge['charge'] }
  }

  async apply({ runId, expectEpoch, charge, changes, keepUntilMs }: BudgetEntry): Promise<Applied> {
    this.#checkOpen()
    const { runs, counters, settled, maxSettled } = this.#memory
    if ((runs.get(runId)?.epoch ?? 0) !== expectEpoch)
      throw new StoreError('fenced', `The charge of ${runId} was changed by somebody else`)
    const before = changes.map(({ counter }) => this.#countsOf(counter))
    const after = changes.map((change, index) => changedCounts(before[index]!, change))
    if (after.includes(undefined)) return { ok: false, counts: before.map(copyOf) }
    const text = JSON.stringify(charge) // before anything changes: it may throw
    const epoch = expectEpoch + 1
    for (const [index, { counter }] of changes.entries()) {
      const { account, window, startMs, endMs } = counter
      counters.set(keyOf(counter), { counter: { account, window, startMs, endMs }, counts: after[index]! })
    }
    runs.set(runId, { epoch, text, keepUntilMs })
    settled.delete(runId)
    if (charge.lines.length === 0) settled.add(runId)
    for (const old of settled) {
      if (settled.size <= maxSettled) break
      this.#forget(old)
    }
    return { ok: true, epoch, counts: after.map((counts) => copyOf(counts!)) }
  }

  async addGrant({ grantId, account, extra, untilMs }: Grant): Promise<boolean> {
    this.#checkOpen()
    const { grants } = this.#memory
    if (grants.has(grantId)) return false
    grants.set(grantId, { grantId, account, extra: { ...extra }, untilMs })
    return true
  }

  async grants(accounts: readonly string[], nowMs: number): Promise<readonly Grant[]> {
    this.#checkOpen()
    const wanted = new Set(accounts)
    return [...this.#memory.grants.values()]
      .filter(({ account, untilMs }) => wanted.has(account) && untilMs > nowMs)
      .map((grant) => ({ ...grant, extra: { ...grant.extra } }))
  }

  async sweep({ beforeMs, limit }: { readonly beforeMs: number; readonly limit: number }): Promise<number> {
    this.#checkOpen()
    const { runs, counters, grants } = this.#memory
    const oldRuns = oldest(runs, ({ keepUntilMs }) => keepUntilMs, beforeMs, limit)
    const oldCounters = oldest(counters, ({ counter }) => counter.endMs, beforeMs, limit)
    const oldGrants = oldest(grants, ({ untilMs }) => untilMs, beforeMs, limit)
    for (const runId of oldRuns) this.#forget(runId)
    for (const key of oldCounters) counters.delete(key)
    for (const grantId of oldGrants) grants.delete(grantId)
    return oldRuns.length + oldCounters.length + oldGrants.length
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  #countsOf(counter: Counter): Counts {
    return this.#memory.counters.get(keyOf(counter))?.counts ?? { used: NOTHING, reserved: NOTHING }
  }

  #forget(runId: string): void {
    this.#memory.runs.delete(runId)
    this.#memory.settled.delete(runId)
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed')
  }
}

function keyOf({ account, window, startMs }: Counter): string {
  return JSON.stringify([account, window, startMs])
}

function copyOf({ used, reserved }: Counts): Counts {
  return { used: { ...used }, reserved: { ...reserved } }
}

function oldest<T>(
  kept: ReadonlyMap<string, T>,
  untilOf: (value: T) => number,
  beforeMs: number,
  limit: number,
): string[] {
  return [...kept]
    .filter(([, value]) => untilOf(value) < beforeMs)
    .toSorted(([, a], [, b]) => untilOf(a) - untilOf(b))
    .slice(0, limit)
    .map(([key]) => key)
}

import { type Amounts, amountsOf, UNITS } from './amounts.ts'

/**
 * Where a budget is kept: counters of what accounts took in a window of time, what each run has set aside, and grants.
 *
 * Contract for every method: it resolves only when its effect is durable, and is then seen by every opening of the store;
 * it rejects with a `StoreError` and leaves the store as it was. What is given out are copies, and what is taken in is
 * copied. Ids and names are any strings, but that a half of a surrogate pair may come back well-formed.
 */
export interface BudgetStore {
  /** What the counters hold, in the order asked for; one that nobody has changed holds nothing. */
  count(counters: readonly Counter[]): Promise<readonly Counts[]>

  /** What is kept of a run; `undefined` when there is nothing. */
  find(runId: string): Promise<KeptCharge | undefined>

  /**
   * Changes counters and what is kept of a run, all or nothing. Rejects with `fenced` unless `expectEpoch` is that of the
   * kept charge, 0 where there is none. Gives `ok: false` with the counts as they are, and changes nothing, when an amount
   * that would grow would come to more than its `limit`, used and reserved together. See `changedCounts`. Rejects with a
   * RangeError for numbers that are no safe integers.
   */
  apply(entry: BudgetEntry): Promise<Applied>

  /** Keeps a grant. Gives false, and leaves it as it is, when there is one of this id. */
  addGrant(grant: Grant): Promise<boolean>

  /** The grants of these accounts that last longer than `nowMs`, oldest first. */
  grants(accounts: readonly string[], nowMs: number): Promise<readonly Grant[]>

  /**
   * Forgets charges, counters and grants that are kept until before `beforeMs`, the oldest first, at most `limit` of each.
   * Gives how many went.
   */
  sweep(query: { readonly beforeMs: number; readonly limit: number }): Promise<number>

  /** Closes the store. Every later call but another `close` rejects with `closed`. */
  close(): Promise<void>
}

/** What one account took in one window of time; told apart by account, window and start. */
export interface Counter {
  readonly account: string
  /** What kind of window: `day@Europe/Oslo`. */
  readonly window: string
  readonly startMs: number
  readonly endMs: number
}

export interface Counts {
  readonly used: Amounts
  /** Set aside for runs that are under way. */
  readonly reserved: Amounts
}

/** By how much a counter changes; the amounts may be negative. */
export interface CounterChange {
  readonly counter: Counter
  readonly used: Amounts
  readonly reserved: Amounts
  /** What used and reserved may come to together. */
  readonly limit?: Partial<Amounts>
}

/** What a run has set aside, and what it took. */
export interface Charge {
  /** Where its present segment is counted; none when it is settled. */
  readonly lines: readonly ChargeLine[]
  /** What the run took in all when it was settled last; at first, what it had taken when it was not known here. */
  readonly total: Amounts
  /** The tokens of that, by price. */
  readonly usage: PricedUsage
  /** Whether it counts as a run already. */
  readonly isCounted: boolean
}

export interface ChargeLine extends Counter {
  /** What the run had taken in all when it came to this counter; `null` while that is not known, after a crash. */
  readonly base: Amounts | null
  readonly held: Amounts
  /** Set when the run is counted elsewhere from now on, and what it took here is not known yet. */
  readonly isClosing?: true
}

/** Tokens that have prices of their own. */
export interface PricedUsage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWriteTokens: number
}

export interface KeptCharge {
  /** Grows with each change. */
  readonly epoch: number
  readonly charge: Charge
}

export interface BudgetEntry {
  readonly runId: string
  readonly expectEpoch: number
  readonly charge: Charge
  /** No counter twice. */
  readonly changes: readonly CounterChange[]
  /** From when on the charge may be forgotten. */
  readonly keepUntilMs: number
}

export type Applied =
  | { readonly ok: true; readonly epoch: number; readonly counts: readonly Counts[] }
  | { readonly ok: false; readonly counts: readonly Counts[] }

/** More for an account than its limits say. */
export interface Grant {
  readonly grantId: string
  readonly account: string
  readonly extra: Amounts
  readonly untilMs: number
}

/**
 * What a change makes of a counter, for those who write a store; `undefined` when it may not be made. No amount becomes
 * less than nothing.
 *
 * @throws RangeError when an amount is no safe integer
 */
export function changedCounts(counts: Counts, { used, reserved, limit = {} }: CounterChange): Counts | undefined {
  for (const unit of UNITS)
    for (const amount of [used[unit], reserved[unit]])
      if (!Number.isSafeInteger(amount)) throw new RangeError(`Expected an amount to be an integer, got \`${amount}\``)
  const changed = {
    used: amountsOf((unit) => sumOf(counts.used[unit], used[unit])),
    reserved: amountsOf((unit) => sumOf(counts.reserved[unit], reserved[unit])),
  }
  const isOver = UNITS.some((unit) => {
    const most = limit[unit]
    const doesGrow = used[unit] + reserved[unit] > 0
    return most !== undefined && doesGrow && changed.used[unit] + changed.reserved[unit] > most
  })
  return isOver ? undefined : changed
}

function sumOf(amount: number, change: number): number {
  return Math.min(Math.max(0, amount + change), Number.MAX_SAFE_INTEGER)
}

import assert from 'node:assert/strict'

import { StoreError, type StoreErrorCode } from '@executus/core/store-error'

import { type Amounts, NOTHING } from '../../amounts.ts'
import type { Applied, BudgetEntry, BudgetStore, Charge, Counter, CounterChange } from '../../budget-store.ts'

/** A store as the suite opens it: empty, and the same budget behind each opening. */
export interface OpenedStores {
  /** One more opening, as another process. */
  connect(): Promise<BudgetStore>
  /** Puts everything away. */
  close?(): Promise<void>
}

/** What a case is run with: two openings of one store. */
interface StoreScene {
  readonly store: BudgetStore
  readonly other: BudgetStore
  readonly connect: () => Promise<BudgetStore>
  /** How often a race is run. */
  readonly races: number
}

export interface StoreCase {
  readonly name: string
  readonly check: (scene: StoreScene) => Promise<void>
}

/** Strings that something may stumble over. */
export const ODD_STRINGS: readonly string[] = [
  '',
  `it's "quoted"; DROP TABLE runs --`,
  'nul \0 within',
  '%_*?[a]',
  'long '.repeat(2_000),
  '🦊 and é, e\u0301',
  ' spaces ',
  '__proto__',
  'constructor',
]

export const DAY_MS = 86_400_000

export function counter(account = 'ann', change: Partial<Counter> = {}): Counter {
  return { account, window: 'day@UTC', startMs: 0, endMs: DAY_MS, ...change }
}

export function amounts(change: Partial<Amounts> = {}): Amounts {
  return { ...NOTHING, ...change }
}

/** Sets amounts aside. */
export function hold(reserved: Partial<Amounts>, change: Partial<CounterChange> = {}): CounterChange {
  return { counter: counter(), used: NOTHING, reserved: amounts(reserved), ...change }
}

export const CHARGE: Charge = {
  lines: [
    { ...counter(), base: NOTHING, held: amounts({ runs: 1, tokens: 10 }) },
    { ...counter('b'), base: null, held: amounts({ microUsd: 7 }), isClosing: true },
  ],
  total: amounts({ workMs: 5, tokens: 3, microUsd: 2 }),
  usage: { inputTokens: 2, outputTokens: 1, cacheReadTokens: 1, cacheWriteTokens: 0 },
  isCounted: true,
}

/** A charge that holds nothing any more. */
export const SETTLED: Charge = { ...CHARGE, lines: [] }

export function entry(
  runId: string,
  changes: readonly CounterChange[],
  change: Partial<BudgetEntry> = {},
): BudgetEntry {
  return { runId, expectEpoch: 0, charge: CHARGE, changes, keepUntilMs: DAY_MS, ...change }
}

/** Applies what must not be refused; gives the new epoch. */
export async function apply(store: BudgetStore, given: BudgetEntry): Promise<number> {
  const applied: Applied = await store.apply(given)
  assert.ok(applied.ok, `${given.runId} is not refused`)
  return applied.epoch
}

export async function rejects(promise: Promise<unknown>, code: StoreErrorCode, what: string): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(StoreError.is(error), `${what} rejects with a StoreError, not with ${String(error)}`)
    assert.equal(error.code, code, what)
    return true
  })
}

export const NO_COUNTS: { readonly used: typeof NOTHING; readonly reserved: typeof NOTHING } = {
  used: NOTHING,
  reserved: NOTHING,
}

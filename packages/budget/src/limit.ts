import { checkCount, checkKeys, checkOneOf, expected } from '@executus/core/check-option'

import { type Amounts, amountsOf, type Unit, UNITS } from './amounts.ts'
import type { Counter } from './budget-store.ts'
import type { Calendars } from './calendar.ts'
import { type BudgetWindow, CALENDAR_WINDOWS, spanAt, windowKind, type WindowKind } from './window.ts'

/** Amounts as a host says them; what is absent is not meant. */
export interface BudgetAmounts {
  readonly runs?: number
  /** Seconds of work: waiting for people or a slot does not count. */
  readonly seconds?: number
  /** Input and output together. */
  readonly tokens?: number
  readonly costUsd?: number
}

/** What an account may take in each window of one kind. What is absent is not limited. */
export interface BudgetLimit extends BudgetAmounts {
  readonly window: BudgetWindow
  /** Whose days, weeks and months; `Europe/Oslo`. @default 'UTC' */
  readonly timeZone?: string
}

export type BudgetUnit = keyof BudgetAmounts

/** How hosts call the units, and how many of ours are one of theirs. */
const NAMES: Readonly<Record<Unit, { readonly name: BudgetUnit; readonly size: number }>> = {
  runs: { name: 'runs', size: 1 },
  workMs: { name: 'seconds', size: 1_000 },
  tokens: { name: 'tokens', size: 1 },
  microUsd: { name: 'costUsd', size: 1_000_000 },
}

/** A counter of an account, and what may be in it. */
export interface Line extends Counter {
  readonly kind: WindowKind
  readonly limit: Partial<Amounts>
}

export function publicNameOf(unit: Unit): BudgetUnit {
  return NAMES[unit].name
}

export function publicAmountOf(unit: Unit, amount: number): number {
  return amount / NAMES[unit].size
}

/** Amounts of a host's as ours; those without end are left out, as they bound nothing. */
export function amountsFrom(given: BudgetAmounts): Partial<Amounts> {
  const known = UNITS.flatMap((unit) => {
    const { name, size } = NAMES[unit]
    const amount = given[name]
    if (amount === undefined || amount === Number.POSITIVE_INFINITY) return []
    return [[unit, Math.min(Math.round(amount * size), Number.MAX_SAFE_INTEGER)] as const]
  })
  return Object.fromEntries(known)
}

/** @throws TypeError or RangeError that names the amount */
export function checkAmounts(option: string, amounts: BudgetAmounts, others: readonly string[] = []): void {
  checkKeys(option, amounts, [...UNITS.map(publicNameOf), ...others])
  const { runs, tokens, seconds, costUsd } = amounts
  if (runs !== undefined) checkCount(`${option}.runs`, runs, 0)
  if (tokens !== undefined) checkCount(`${option}.tokens`, tokens, 0)
  if (seconds !== undefined) checkNumber(`${option}.seconds`, seconds)
  if (costUsd !== undefined) checkNumber(`${option}.costUsd`, costUsd)
}

/** @throws TypeError or RangeError that names the limit */
export function checkLimits(option: string, limits: unknown, calendars: Calendars): void {
  if (!Array.isArray(limits)) throw expected(option, 'a list of limits', limits)
  for (const [index, limit] of limits.entries()) checkLimit(`${option}[${index}]`, limit as BudgetLimit, calendars)
}

function checkLimit(option: string, limit: BudgetLimit, calendars: Calendars): void {
  checkAmounts(option, limit, ['window', 'timeZone'])
  const { window, timeZone } = limit
  if (typeof window === 'object' && window !== null) {
    checkKeys(`${option}.window`, window, ['everyMs'])
    checkCount(`${option}.window.everyMs`, window.everyMs, 1)
    if (!Number.isFinite(window.everyMs))
      throw new RangeError(`Expected \`${option}.window.everyMs\` to have an end, got \`${window.everyMs}\``)
  } else checkOneOf(`${option}.window`, window, CALENDAR_WINDOWS)
  if (timeZone === undefined) return
  if (typeof timeZone !== 'string') throw expected(`${option}.timeZone`, 'the name of a time zone', timeZone)
  try {
    calendars.of(timeZone)
  } catch {
    throw new RangeError(`Expected \`${option}.timeZone\` to be the name of a time zone, got \`${timeZone}\``)
  }
}

function checkNumber(option: string, value: unknown): void {
  if (typeof value !== 'number') throw expected(option, 'a number of 0 or more', value)
  if (!(value >= 0)) throw new RangeError(`Expected \`${option}\` to be a number of 0 or more, got \`${value}\``)
}

/** The counters of an account at a moment; of limits for one window, the strictest counts. */
export function linesOf(
  account: string,
  limits: readonly BudgetLimit[],
  calendars: Calendars,
  nowMs: number,
): readonly Line[] {
  const lines = new Map<string, Line>()
  for (const { window, timeZone = 'UTC', ...amounts } of limits) {
    const kind = windowKind(window, calendars.of(timeZone))
    const other = lines.get(kind.key)?.limit
    const limit = strictest(other ?? {}, amountsFrom(amounts))
    lines.set(kind.key, { account, window: kind.key, ...spanAt(kind, nowMs), kind, limit })
  }
  return [...lines.values()].filter(({ limit }) => UNITS.some((unit) => limit[unit] !== undefined))
}

function strictest(a: Partial<Amounts>, b: Partial<Amounts>): Partial<Amounts> {
  const both = UNITS.flatMap((unit) => {
    const least = Math.min(a[unit] ?? Number.POSITIVE_INFINITY, b[unit] ?? Number.POSITIVE_INFINITY)
    return Number.isFinite(least) ? [[unit, least] as const] : []
  })
  return Object.fromEntries(both)
}

/** A line whose limits are higher by what its account was granted. */
export function raised(line: Line, extras: readonly Amounts[]): Line {
  const limit = Object.fromEntries(
    UNITS.flatMap((unit) => {
      const most = line.limit[unit]
      if (most === undefined) return []
      const raisedTo = extras.reduce((sum, extra) => sum + extra[unit], most)
      return [[unit, Math.min(raisedTo, Number.MAX_SAFE_INTEGER)] as const]
    }),
  )
  return { ...line, limit }
}

/** Amounts to add, as ours: what has no end is the most there is. */
export function wholeAmountsFrom(given: BudgetAmounts): Amounts {
  return amountsOf((unit) => {
    const { name, size } = NAMES[unit]
    return Math.min(Math.round((given[name] ?? 0) * size), Number.MAX_SAFE_INTEGER)
  })
}

export function counterKeyOf({ account, window, startMs }: Counter): string {
  return JSON.stringify([account, window, startMs])
}

export function counterOf({ account, window, startMs, endMs }: Counter): Counter {
  return { account, window, startMs, endMs }
}

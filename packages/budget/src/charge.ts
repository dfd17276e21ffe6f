// What a run has set aside, as it changes from its reservation to its end. All of it is plain data and arithmetic: the
// store makes each change in one, with the counters.

import type { ReserveOptions } from '@executus/core'

import {
  type Amounts,
  amountsOf,
  beyond,
  largest,
  negated,
  NOTHING,
  plus,
  type Unit,
  UNITS,
  wholeOf,
} from './amounts.ts'
import type { Charge, ChargeLine, CounterChange, Counts, PricedUsage } from './budget-store.ts'
import { counterKeyOf, counterOf, type Line } from './limit.ts'
import { NO_TOKENS, pricedUsageOf, tokensOf } from './prices.ts'

/** A charge as it is to be, and what that does to the counters. */
export interface Step {
  readonly charge: Charge
  readonly changes: readonly CounterChange[]
}

/** Whether a run is the one that its id was charged for before, or has only its id in common with it. */
export function isSameRun({ lines }: Charge, isResumed: boolean): boolean {
  // One that is begun twice has died before it was written down.
  return isResumed || lines.length > 0
}

/**
 * A run that nothing is kept of: a new one, a fork, or one that was forgotten. What it took before, or what the run took
 * that it was forked from, was charged then.
 */
export function unknownRun({ spent, isResumed }: Pick<ReserveOptions, 'spent' | 'isResumed'>): Charge {
  if (!isResumed) return { lines: [], total: NOTHING, usage: NO_TOKENS, isCounted: false }
  const usage = pricedUsageOf(spent.usage)
  const total = { ...NOTHING, workMs: wholeOf(spent.elapsedMs), tokens: tokensOf(usage) }
  return { lines: [], total, usage, isCounted: false }
}

/**
 * Sets `ask` aside in each line. What a run that was cut off has set aside already stays; where its window has passed, it
 * is settled as soon as is known what the run took there.
 */
export function opened(earlier: Charge, lines: readonly Line[], ask: (line: Line) => Amounts): Step {
  const { total, usage, isCounted, lines: held } = earlier
  const isTakenOver = held.length > 0
  const wanted = new Set(lines.map(counterKeyOf))
  const known = new Set(held.map(counterKeyOf))
  const kept = held.map((line): ChargeLine => {
    const { isClosing: _, ...open } = line
    return wanted.has(counterKeyOf(line)) ? open : { ...open, isClosing: true }
  })
  const fresh = lines.filter((line) => !known.has(counterKeyOf(line)))
  const isRunCounted = isCounted || isTakenOver
  const added = fresh.map((line): ChargeLine => {
    const asked = ask(line)
    const amounts = isRunCounted ? { ...asked, runs: 0 } : asked
    return { ...counterOf(line), base: isTakenOver ? null : total, held: amounts }
  })
  return {
    charge: { lines: [...kept, ...added], total, usage, isCounted },
    changes: added.map(({ held: reserved }, index) => ({
      counter: counterOf(fresh[index]!),
      used: NOTHING,
      reserved,
      limit: fresh[index]!.limit,
    })),
  }
}

/** Whether it is not known yet what a run that was cut off took in each window. */
export function isBehind({ lines }: Charge): boolean {
  return lines.some(({ base, isClosing }) => base === null || isClosing === true)
}

/** At the first step of a run that goes on: all that it took so far it took where it was counted before. */
export function caughtUp(charge: Charge, taken: Amounts): Step {
  const closing = charge.lines.filter(({ isClosing }) => isClosing === true)
  const lines = charge.lines
    .filter(({ isClosing }) => isClosing !== true)
    .map((line) => (line.base === null ? { ...line, base: taken } : line))
  const isCounted = charge.isCounted || closing.some(({ held }) => held.runs > 0)
  return {
    charge: { ...charge, lines, isCounted },
    changes: closing.map((line) => settledLine(line, taken, true)),
  }
}

/** Whether the run may take a step: in each line something is left of what it has set aside. */
export function hasRoom(charge: Charge, lines: readonly Line[], taken: Amounts): boolean {
  return lines.every((line) => {
    const held = lineOf(charge, line)
    if (held === undefined) return true
    const base = held.base ?? taken
    return boundUnits(line).every((unit) => taken[unit] - base[unit] < held.held[unit])
  })
}

/** What stops a run: a limit that leaves it nothing beyond what it has taken. */
export interface Exhausted {
  readonly line: Line
  readonly unit: Unit
  readonly counts: Counts
}

/**
 * Sets more aside, a `chunk` at a time, as far as the limits leave some. What the run has taken already is set aside in
 * any case, as it is spent.
 */
export function grown(
  charge: Charge,
  lines: readonly Line[],
  taken: Amounts,
  chunk: Amounts,
  countsOf: readonly Counts[],
): Step & { readonly exhausted: readonly Exhausted[] } {
  const exhausted: Exhausted[] = []
  const changes: CounterChange[] = []
  const grownTo = new Map<string, Amounts>()
  for (const [index, line] of lines.entries()) {
    const held = lineOf(charge, line)
    if (held === undefined) continue
    const counts = countsOf[index]!
    const progress = progressIn(held, taken)
    const limit: Partial<Record<Unit, number>> = {}
    const amounts = amountsOf((unit) => {
      const most = line.limit[unit]
      if (unit === 'runs' || most === undefined || progress[unit] < held.held[unit]) return held.held[unit]
      const left = Math.max(0, most - counts.used[unit] - counts.reserved[unit])
      const ceiling = held.held[unit] + left
      const next = Math.max(progress[unit], Math.min(progress[unit] + chunk[unit], ceiling))
      if (next <= ceiling) limit[unit] = most
      if (next <= progress[unit]) exhausted.push({ line, unit, counts: withoutHeld(counts, held, progress) })
      return next
    })
    grownTo.set(counterKeyOf(line), amounts)
    const reserved = beyond(amounts, held.held)
    if (UNITS.some((unit) => reserved[unit] > 0))
      changes.push({ counter: counterOf(line), used: NOTHING, reserved, limit })
  }
  const grownLines = charge.lines.map((line) => ({ ...line, held: grownTo.get(counterKeyOf(line)) ?? line.held }))
  return { charge: { ...charge, lines: grownLines }, changes, exhausted }
}

/**
 * Puts what the run took in the place of what it has set aside. Of one that did not begin, what was kept of another of its id
 * stays: that one may go on.
 */
export function closed(
  charge: Charge,
  taken: Amounts,
  end: { readonly usage: PricedUsage; readonly hasBegun: boolean; readonly other: Charge | undefined },
): Step {
  const { usage, hasBegun, other } = end
  const isRun = hasBegun && charge.lines.some(({ held }) => held.runs > 0)
  const total = largest(charge.total, { ...taken, runs: 0 })
  const own: Charge = { lines: [], total, usage, isCounted: charge.isCounted || isRun }
  return {
    charge: hasBegun ? own : (other ?? own),
    changes: charge.lines.map((line) => settledLine(line, taken, hasBegun)),
  }
}

function settledLine(line: ChargeLine, taken: Amounts, hasBegun: boolean): CounterChange {
  // A run that was not heard of since it came to this counter has taken nothing there.
  const used = line.base === null ? NOTHING : progressIn(line, taken)
  return {
    counter: counterOf(line),
    used: { ...used, runs: hasBegun ? line.held.runs : 0 },
    reserved: negated(line.held),
  }
}

function progressIn({ base }: ChargeLine, taken: Amounts): Amounts {
  return beyond(taken, base ?? taken)
}

/** The counts as they would be if the run ended now. */
function withoutHeld({ used, reserved }: Counts, { held }: ChargeLine, progress: Amounts): Counts {
  return { used: plus(used, progress), reserved: beyond(reserved, held) }
}

function lineOf({ lines }: Charge, line: Line): ChargeLine | undefined {
  // Looked for before each step of a run, so without making keys.
  return lines.find(
    ({ account, window, startMs }) => startMs === line.startMs && window === line.window && account === line.account,
  )
}

/** The units that are limited while a run is under way. */
function boundUnits({ limit }: Line): readonly Unit[] {
  return UNITS.filter((unit) => unit !== 'runs' && limit[unit] !== undefined)
}

/** When the last of the windows ends that something is set aside in; `atMs` when nothing is. */
export function lastEndOf({ lines }: Charge, atMs: number): number {
  return lines.reduce((last, { endMs }) => Math.max(last, endMs), atMs)
}

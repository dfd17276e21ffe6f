import { type Amounts, type Unit, UNITS } from './amounts.ts'
import type { CounterChange, Counts } from './budget-store.ts'
import { counterKeyOf, type Line, publicAmountOf } from './limit.ts'

/** A limit that stands in a run's way. */
export interface Shortage {
  readonly line: Line
  readonly unit: Unit
  readonly counts: Counts
  /** What the run would have set aside beyond what there is; absent of one that is under way. */
  readonly asked?: number
}

/**
 * One sentence for the caller: what is used up, and when it begins anew.
 * `You have used 20 of 20 runs of this day; the next begins at 00:00 (Europe/Oslo)`
 */
export function sentenceOf({ line, unit, counts, asked }: Shortage, isOwn: boolean): string {
  const limit = line.limit[unit] ?? 0
  const [used, reserved] = [counts.used[unit], counts.reserved[unit]]
  const whose = isOwn ? 'You have' : `The budget of ${line.account} has`
  const held = reserved > 0 ? `, with ${shown(unit, reserved)} more set aside for what is under way` : ''
  const isShort = asked !== undefined && used + reserved < limit
  const needed = isShort ? `, and a run sets ${shown(unit, asked)} aside` : ''
  return `${whose} used ${outOf(unit, used, limit)} of this ${nameOf(line)}${held}${needed}; the next begins at ${resetOf(line)}`
}

/** Why a run can never begin, if so: no window is large enough for it. */
export function impossibleFor(lines: readonly Line[], askOf: (line: Line) => Amounts): string | undefined {
  for (const line of lines) {
    const asked = askOf(line)
    for (const unit of UNITS) {
      const most = line.limit[unit]
      if (most === undefined || asked[unit] <= most) continue
      if (most === 0) return `No ${NOUNS[unit]} may be used here`
      return `A run sets ${withName(unit, asked[unit])} aside, and only ${withName(unit, most)} may be used each ${nameOf(line)}`
    }
  }
  return undefined
}

/** The limits that refused a run, of lines that asked for something, in their order. */
export function shortagesOf(
  lines: readonly Line[],
  changes: readonly CounterChange[],
  counts: readonly Counts[],
): readonly Shortage[] {
  const byKey = new Map(lines.map((line) => [counterKeyOf(line), line]))
  return changes.flatMap(({ counter, reserved, limit = {} }, index) => {
    const line = byKey.get(counterKeyOf(counter))
    const now = counts[index]!
    if (line === undefined) return []
    return UNITS.flatMap((unit): readonly Shortage[] => {
      const most = limit[unit]
      const asked = reserved[unit]
      const isShort = most !== undefined && asked > 0 && now.used[unit] + now.reserved[unit] + asked > most
      return isShort ? [{ line, unit, counts: now, asked }] : []
    })
  })
}

/** Of several, the one that stands in the way for longest. */
export function latestOf<T extends Shortage>(shortages: readonly T[]): T | undefined {
  return shortages.toSorted((a, b) => b.line.endMs - a.line.endMs)[0]
}

function nameOf({ kind: { window } }: Line): string {
  return typeof window === 'string' ? window : 'window of time'
}

/** `00:00 (Europe/Oslo)`, with the date where the hour alone does not tell. */
function resetOf({ kind: { window, calendar }, endMs, startMs }: Line): string {
  const { date, time } = calendar.clockAt(endMs)
  const isSoon = window === 'day' || endMs - startMs <= 86_400_000
  return `${isSoon ? time : `${date} ${time}`} (${calendar.timeZone})`
}

function outOf(unit: Unit, used: number, limit: number): string {
  return unit === 'microUsd'
    ? `${shown(unit, used)} of ${shown(unit, limit)}`
    : `${shown(unit, used)} of ${withName(unit, limit)}`
}

function withName(unit: Unit, amount: number): string {
  const text = shown(unit, amount)
  if (unit === 'microUsd') return text
  return `${text} ${text === '1' ? NOUNS[unit].slice(0, -1) : NOUNS[unit]}`
}

const NOUNS: Readonly<Record<Unit, string>> = { runs: 'runs', workMs: 'seconds', tokens: 'tokens', microUsd: 'money' }

/** Rounded as people write it: `20`, `0.5`, `$0.90`, `$0.0004`. */
function shown(unit: Unit, amount: number): string {
  const value = publicAmountOf(unit, amount)
  if (unit === 'workMs') return String(Math.round(value * 10) / 10)
  if (unit !== 'microUsd') return String(value)
  const short = value.toFixed(2)
  return `$${Number(short) === value ? short : value.toFixed(6).replace(/0{1,4}$/, '')}`
}

// Whole numbers throughout: what is added and taken back a thousand times must come out at nought again.

/** How much of each thing: what is bounded, set aside and spent. Whole numbers of 0 or more. */
export interface Amounts {
  readonly runs: number
  /** Milliseconds of work. */
  readonly workMs: number
  /** Input and output; what a prompt cache served counts like the rest. */
  readonly tokens: number
  /** Millionths of a US dollar. */
  readonly microUsd: number
}

export type Unit = keyof Amounts

export const UNITS: readonly Unit[] = ['runs', 'workMs', 'tokens', 'microUsd']

export const NOTHING: Amounts = Object.freeze({ runs: 0, workMs: 0, tokens: 0, microUsd: 0 })

export function amountsOf(amountOf: (unit: Unit) => number): Amounts {
  return {
    runs: amountOf('runs'),
    workMs: amountOf('workMs'),
    tokens: amountOf('tokens'),
    microUsd: amountOf('microUsd'),
  }
}

export function plus(a: Amounts, b: Amounts): Amounts {
  return amountsOf((unit) => a[unit] + b[unit])
}

/** What `a` is more than `b`; never less than nothing. */
export function beyond(a: Amounts, b: Amounts): Amounts {
  return amountsOf((unit) => Math.max(0, a[unit] - b[unit]))
}

export function negated(a: Amounts): Amounts {
  return amountsOf((unit) => 0 - a[unit])
}

export function largest(a: Amounts, b: Amounts): Amounts {
  return amountsOf((unit) => Math.max(a[unit], b[unit]))
}

/** Any number as an amount, rounded up; what is no number is nothing. */
export function wholeOf(value: number): number {
  if (!(value > 0)) return 0
  return Math.min(Math.ceil(value), Number.MAX_SAFE_INTEGER)
}

/** Dollars as an amount, rounded up but for what floats add. */
export function microUsdOf(usd: number): number {
  return wholeOf(usd * 1_000_000 - 0.000_001)
}

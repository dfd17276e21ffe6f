import type { RunInfo } from '@executus/core'

import { type Amounts, NOTHING, type Unit, UNITS, wholeOf } from './amounts.ts'
import type { BudgetConfig } from './budget-options.ts'
import { amountsFrom, checkAmounts, type Line } from './limit.ts'
import { priced } from './prices.ts'

/** What a run sets aside. */
export interface Estimate {
  readonly amounts: Amounts
  /** Those that the host said: they are not made to fit. */
  readonly said: ReadonlySet<Unit>
}

/** Most runs end within; one that does not sets more aside on its way. */
const LONGEST_MS = 10 * 60 * 1_000

/** A few steps with a prompt of some size. */
const USUAL_USAGE = { inputTokens: 9_000, outputTokens: 1_000, cacheReadTokens: 0, cacheWriteTokens: 0 } as const

/** `undefined` where a price would be needed that is not known. */
export function estimateOf(
  { estimateOf: saidOf, prices }: BudgetConfig,
  info: RunInfo,
  lines: readonly Line[],
): Estimate | undefined {
  const given = saidOf(info)
  checkAmounts('what `estimateOf` gives', given)
  const { runs: _, ...said } = amountsFrom(given)
  const microUsd = priced(prices, USUAL_USAGE, info.model)
  const isMoneyLimited = lines.some(({ limit }) => limit.microUsd !== undefined)
  // Also where the host says how much to set aside: in the end it must be known what the run has cost.
  if (isMoneyLimited && microUsd === undefined) return undefined
  const usual: Amounts = {
    runs: 1,
    workMs: wholeOf(Math.min(info.limits.timeoutMs, LONGEST_MS)) || LONGEST_MS,
    tokens: USUAL_USAGE.inputTokens + USUAL_USAGE.outputTokens,
    microUsd: microUsd ?? 0,
  }
  return {
    amounts: { ...usual, ...said },
    said: new Set(UNITS.filter((unit) => said[unit as keyof typeof said] !== undefined)),
  }
}

/** What is asked of one line: at least something of what is limited, and of what nobody said, no more than all of it. */
export function askOf({ amounts, said }: Estimate, { limit }: Line): Amounts {
  const asked = { ...NOTHING, ...amounts }
  for (const unit of UNITS) {
    const most = limit[unit]
    if (most === undefined) continue
    asked[unit] = Math.max(1, said.has(unit) || unit === 'runs' ? amounts[unit] : Math.min(amounts[unit], most))
  }
  return asked
}

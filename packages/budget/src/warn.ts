import { UNITS } from './amounts.ts'
import type { BudgetConfig } from './budget-options.ts'
import type { CounterChange, Counts } from './budget-store.ts'
import { type Line, publicAmountOf, publicNameOf } from './limit.ts'

/**
 * Tells of each limit that this change brought past the mark. What is used only grows within a window, and the store makes
 * one change after the other: so it is one change, of one process, that is the first past it.
 */
export function warnOf(config: BudgetConfig, line: Line, change: CounterChange, after: Counts): void {
  const { onWarning, warnAt, logger } = config
  if (onWarning === undefined) return
  for (const unit of UNITS) {
    const most = line.limit[unit]
    if (most === undefined) continue
    const used = after.used[unit]
    const mark = most * warnAt
    if (used < mark || used - change.used[unit] >= mark || change.used[unit] <= 0) continue
    try {
      onWarning({
        account: line.account,
        window: line.kind.window,
        unit: publicNameOf(unit),
        used: publicAmountOf(unit, used),
        limit: publicAmountOf(unit, most),
        resetsAtMs: line.endMs,
      })
    } catch (error) {
      logger.error('onWarning failed', error)
    }
  }
}

import { checkTexts } from '@executus/core/check-option'

import type { BudgetConfig, BudgetWho } from './budget-options.ts'
import { checkLimits, type Line, linesOf, raised } from './limit.ts'

/** Milliseconds since the epoch, whole. @throws RangeError for a clock that has lost all reason */
export function nowOf({ clock }: BudgetConfig): number {
  const nowMs = Math.floor(clock.now())
  // A date farther away than that cannot be told.
  if (!(Math.abs(nowMs) < 8e15)) throw new RangeError(`Expected the clock to give a time, got \`${nowMs}\``)
  return nowMs
}

/** The counters that a run of this caller is counted on at this moment, with their limits; none when nothing bounds it. */
export async function linesFor(config: BudgetConfig, who: BudgetWho, nowMs: number): Promise<readonly Line[]> {
  if (who.caller !== undefined && config.exempt.has(who.caller)) return []
  const accounts = config.accountsOf(who)
  checkTexts('the accounts that `accountsOf` gives', accounts)
  const lines: Line[] = []
  for (const account of new Set(accounts)) {
    const limits = await config.limitsOf(account, who)
    if (limits === undefined) continue
    checkLimits(`the limits of ${account}`, limits, config.calendars)
    lines.push(...linesOf(account, limits, config.calendars, nowMs))
  }
  return lines
}

/** With what their accounts were granted. */
export async function withGrants(
  { store }: BudgetConfig,
  lines: readonly Line[],
  nowMs: number,
): Promise<readonly Line[]> {
  const accounts = [...new Set(lines.map(({ account }) => account))]
  if (accounts.length === 0) return lines
  const grants = await store.grants(accounts, nowMs)
  if (grants.length === 0) return lines
  return lines.map((line) =>
    raised(
      line,
      grants.filter(({ account }) => account === line.account).map(({ extra }) => extra),
    ),
  )
}

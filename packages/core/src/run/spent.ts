import { addUsage } from '@executus/llm'

import type { Spent } from '../ports/budget.ts'
import type { Run } from './run.ts'

/** What a run took so far, as its root will pay it: with what the runs above it took. */
export function spentBy(run: Run): Spent {
  let { usage } = run.state
  let { elapsedMs } = run.deadline
  for (let above = run.parent; above !== undefined; above = above.parent) {
    const unreportedCalls = usage.unreportedCalls + above.state.usage.unreportedCalls
    usage = { ...addUsage(usage, above.state.usage), unreportedCalls }
    elapsedMs = Math.max(elapsedMs, above.deadline.elapsedMs)
  }
  return { usage, elapsedMs }
}

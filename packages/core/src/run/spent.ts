import { addUsage } from '@executus/llm'

import type { Spent } from '../ports/budget.ts'
import type { RunUsage } from '../result.ts'
import type { Run } from './run.ts'

/** What a run used so far, and the runs below it as far as they have ended. */
export function usageOf({ state, unfinished }: Run): RunUsage {
  return [...unfinished.values()].reduce(sumOf, state.usage)
}

/** What a run took so far, as its root will pay it: with what the runs above it took. */
export function spentBy(run: Run): Spent {
  let usage = usageOf(run)
  let { elapsedMs } = run.deadline
  for (let above = run.parent; above !== undefined; above = above.parent) {
    usage = sumOf(usage, usageOf(above))
    elapsedMs = Math.max(elapsedMs, above.deadline.elapsedMs)
  }
  return { usage, elapsedMs }
}

function sumOf(a: RunUsage, b: RunUsage): RunUsage {
  return { ...addUsage(a, b), unreportedCalls: a.unreportedCalls + b.unreportedCalls }
}

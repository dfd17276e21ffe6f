import { b1, fleet, hole, ok, security, tests } from '../report/review.test-kit.ts'
import type { ReviewPlan } from '../review/review-change.ts'
import type { ReviewEvent } from '../review/review-event.ts'
import type { Cell, CellOutcome } from '../review/review.ts'
import { planCells } from '../swarm/plan-cells.ts'
import { type ProgressState, startOf, take } from './progress-state.ts'
import type { Output } from './progress.ts'

export interface PlanShape {
  readonly members?: ReviewPlan['fleet']['members']
  readonly lenses?: ReviewPlan['lenses']
  readonly bundles?: ReviewPlan['bundles']
  readonly isDemo?: boolean
}

export function planOf(shape: PlanShape = {}): ReviewPlan {
  const { members = fleet, lenses = [security, tests], bundles = [b1], isDemo = false } = shape
  return {
    change: {},
    fleet: { members, options: { tiers: {} }, isDemo },
    lenses,
    bundles,
    cells: planCells(members, lenses, bundles),
    skipped: [],
    hidden: [],
  }
}

/** Events of one plan; cells are named `claude security b1`. */
export function eventsOf(plan: ReviewPlan) {
  let done = 0
  const cellOf = (name: string): Cell =>
    plan.cells.find(({ member, lens, bundle }) => `${member.name} ${lens.name} ${bundle.id}` === name)!
  const end = (outcome: CellOutcome): ReviewEvent => {
    done += 1
    return { type: 'cell-end', outcome, done, total: plan.cells.length, costUsd: { knownUsd: 0.5, hasUnknown: false } }
  }
  return {
    plan: (): ReviewEvent => ({ type: 'plan', cells: plan.cells, files: 1, skipped: 2 }),
    start: (name: string): ReviewEvent => ({ type: 'cell-start', cell: cellOf(name) }),
    ok: (name: string, findings = 0): ReviewEvent => end(ok(cellOf(name), findings)),
    hole: (name: string, status: 'failed' | 'timeout' | 'skipped', reason: string): ReviewEvent =>
      end(hole(cellOf(name), status, reason)),
  }
}

/** A state that these events led to, each at its time. */
export function stateAfter(plan: ReviewPlan, events: readonly (readonly [atMs: number, ReviewEvent])[]): ProgressState {
  const state = startOf(plan, 0)
  for (const [atMs, event] of events) take(state, event, atMs)
  return state
}

/** What was written, and a terminal of the size that a test says. */
export interface Recorded extends Output {
  readonly written: string[]
  columns: number
  rows: number
}

export function recordedOutput({ columns = 80, rows = 24, isTTY = true } = {}): Recorded {
  const written: string[] = []
  return { written, columns, rows, isTTY, write: (text) => written.push(text) }
}

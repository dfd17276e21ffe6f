import type { ReviewPlan } from '../review/review-change.ts'
import type { ReviewEvent } from '../review/review-event.ts'
import type { CellOutcome, Cost } from '../review/review.ts'

/** How far a review is: what every way of showing it is made from. */
export interface ProgressState {
  readonly startedAtMs: number
  /** Names, in the order of the fleet and of the lenses. */
  readonly models: readonly string[]
  readonly lenses: readonly string[]
  readonly files: number
  readonly bundles: number
  /** One for each model and lens. */
  readonly tallies: ReadonlyMap<string, Tally>
  readonly total: number
  done: number
  /** Before those that say the same are merged. */
  findings: number
  costUsd: Cost
  readonly isDemo: boolean
  stopping?: 'interrupted' | 'max-cost'
  /** Present once models try to refute what was found. */
  refuting?: Refuting
  endedAtMs?: number
}

/** What a model does through a lens, over all bundles. */
export interface Tally {
  total: number
  ok: number
  findings: number
  /** Those that failed, and those that took too long. */
  failed: number
  skipped: number
  /** Of the last one that failed, else of the last one that was skipped. */
  reason?: string
  /** When each bundle was begun. */
  readonly running: Map<string, number>
}

interface Refuting {
  done: number
  readonly total: number
  confirmed: number
  refuted: number
  unverified: number
}

export function tallyOf({ tallies }: ProgressState, model: string, lens: string): Tally {
  return tallies.get(keyOf(model, lens))!
}

export function startOf({ fleet, lenses, bundles, cells }: ReviewPlan, nowMs: number): ProgressState {
  const tallies = new Map<string, Tally>()
  for (const { name } of fleet.members)
    for (const lens of lenses)
      tallies.set(keyOf(name, lens.name), { total: 0, ok: 0, findings: 0, failed: 0, skipped: 0, running: new Map() })
  for (const { member, lens } of cells) tallies.get(keyOf(member.name, lens.name))!.total += 1
  return {
    startedAtMs: nowMs,
    models: fleet.members.map(({ name }) => name),
    lenses: lenses.map(({ name }) => name),
    files: new Set(bundles.flatMap(({ parts }) => parts.map(({ file }) => file.path))).size,
    bundles: bundles.length,
    tallies,
    total: cells.length,
    done: 0,
    findings: 0,
    costUsd: { knownUsd: 0, hasUnknown: false },
    isDemo: fleet.isDemo,
  }
}

/** Takes an event into `state`. */
export function take(state: ProgressState, event: ReviewEvent, nowMs: number): void {
  switch (event.type) {
    case 'plan':
      return
    case 'cell-start': {
      const { member, lens, bundle } = event.cell
      tallyOf(state, member.name, lens.name).running.set(bundle.id, nowMs)
      return
    }
    case 'cell-end':
      state.done = event.done
      state.costUsd = event.costUsd
      takeOutcome(state, event.outcome)
      return
    case 'stopping':
      state.stopping = event.why
      return
    case 'refute-start':
      state.refuting = { done: 0, total: event.clusters, confirmed: 0, refuted: 0, unverified: 0 }
      return
    case 'refute-end':
      if (state.refuting === undefined) return
      state.refuting.done = event.done
      state.refuting[event.verdict] += 1
  }
}

function takeOutcome(state: ProgressState, outcome: CellOutcome): void {
  const tally = tallyOf(state, outcome.member.name, outcome.lens.name)
  tally.running.delete(outcome.bundle.id)
  if (outcome.status === 'ok') {
    tally.ok += 1
    tally.findings += outcome.findings
    state.findings += outcome.findings
    return
  }
  if (outcome.status === 'skipped') tally.skipped += 1
  else tally.failed += 1
  // What failed says more than what was not begun after it.
  if (outcome.status !== 'skipped' || tally.failed === 0)
    tally.reason = outcome.status === 'timeout' ? 'timeout' : outcome.reason
}

function keyOf(model: string, lens: string): string {
  return JSON.stringify([model, lens])
}

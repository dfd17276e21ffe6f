import {
  createExecutor,
  type Executor,
  type ExecutorOptions,
  fanOut,
  type RunResult,
  type Schema,
  type SchemaOutput,
} from '@executus/core'

import type { Change } from '../change/change.ts'
import { anchor } from '../finding/anchor.ts'
import { type Finding, type RefusedFinding, reportedFindings } from '../finding/finding.ts'
import type { Fleet, FleetMember } from '../fleet/fleet.ts'
import type { ReviewEvent } from '../review/review-event.ts'
import type { Cell, CellOutcome, Cost } from '../review/review.ts'
import { withoutSecrets } from '../sanitise/without-secrets.ts'
import { questionOf, reviewerOf } from './instructions.ts'
import { Spending } from './spending.ts'
import type { StopSwitch } from './stop-switch.ts'

export interface SwarmOptions {
  readonly fleet: Fleet
  readonly change: Pick<Change, 'title' | 'description'>
  /** What the project's people agreed on, for every reviewer. */
  readonly rules?: string | undefined
  /** Cells at a time. @default 8 */
  readonly concurrency?: number | undefined
  /** Cells of one provider at a time. @default 4 */
  readonly concurrencyPerKey?: number | undefined
  /** No cell is begun once this is spent, as far as prices are known. @default no bound */
  readonly maxCostUsd?: number | undefined
  /** For one cell. @default 300_000 */
  readonly timeoutMs?: number | undefined
  /** What must not be told beside the providers' keys: the forge's token. */
  readonly secrets?: readonly string[] | undefined
  readonly stop: StopSwitch
  readonly onEvent: (event: ReviewEvent) => void
  /** @default consoleLogger */
  readonly logger?: NonNullable<ExecutorOptions['logger']>
}

/** What the cells gave, in their order. */
export interface SwarmResult {
  readonly outcomes: readonly CellOutcome[]
  readonly findings: readonly Finding[]
  readonly refused: readonly RefusedFinding[]
  /** Set when cells were left out because of it. */
  readonly endedEarly?: 'interrupted' | 'max-cost'
}

/** What a member is asked beside its reviews. */
export interface Question<S extends Schema> {
  /** For the record: `refute`. */
  readonly name: string
  readonly instructions: string
  readonly text: string
  readonly schema: S
}

interface Looked {
  readonly outcome: CellOutcome
  readonly findings: readonly Finding[]
  readonly refused: readonly RefusedFinding[]
}

const CONCURRENCY = 8
const CONCURRENCY_PER_KEY = 4 // what a person's own key at any vendor bears for minutes
const TIMEOUT_MS = 300_000 // a reasoning model thinks for minutes over a large bundle
/** An answer, and its mending. */
const MAX_STEPS = 4
/** Of one cell: who reports more of so little code does not review it, and each would be looked at again. */
const MOST_FINDINGS = 50

/** The fleet at work: one executor, so that a model that is down for one cell is known to be down for all. */
export class Swarm {
  readonly #options: SwarmOptions
  readonly #spending = new Spending()
  readonly #executor: Executor
  #endedEarly: SwarmResult['endedEarly']
  #hasWarned = false

  constructor(options: SwarmOptions) {
    this.#options = options
    const { fleet, logger, timeoutMs = TIMEOUT_MS } = options
    this.#executor = createExecutor({
      ...fleet.options,
      onModelCall: this.#spending.note,
      limits: { timeoutMs, maxSteps: MAX_STEPS },
      ...(logger !== undefined && { logger }),
    })
  }

  get cost(): Cost {
    return this.#spending.total
  }

  /** Set when anything was left out because of it. */
  get endedEarly(): SwarmResult['endedEarly'] {
    return this.#endedEarly
  }

  async review(cells: readonly Cell[]): Promise<SwarmResult> {
    const { concurrency = CONCURRENCY, concurrencyPerKey = CONCURRENCY_PER_KEY, onEvent, logger } = this.#options
    let done = 0
    const cellsOf = await fanOut(
      cells,
      async (cell) => {
        const seen = await this.#look(cell)
        done += 1
        onEvent({ type: 'cell-end', outcome: seen.outcome, done, total: cells.length, costUsd: this.cost })
        return seen
      },
      { concurrency, keyOf: ({ member }) => member.key, concurrencyPerKey, ...(logger !== undefined && { logger }) },
    )
    const all = cellsOf.map((one) => (one.ok ? one.value : hole(one.item, 'failed', one.error.message)))
    return {
      outcomes: all.map(({ outcome }) => outcome),
      findings: all.flatMap(({ findings }) => findings),
      refused: all.flatMap(({ refused }) => refused),
      ...(this.#endedEarly !== undefined && { endedEarly: this.#endedEarly }),
    }
  }

  /** Asks one member something else; rejects when it gives no answer. */
  async ask<S extends Schema>(
    member: FleetMember,
    { name, instructions, text, schema }: Question<S>,
  ): Promise<SchemaOutput<S>> {
    const { stop } = this.#options
    if (stop.isStopping) throw this.#leave('interrupted', 'the review was stopped')
    if (this.#isSpent()) throw this.#leave('max-cost', 'what may be spent is spent')
    const agent = { name, instructions, tier: member.tier }
    const result = await this.#executor.run(agent, text, { output: schema, signal: stop.signal })
    if (result.status === 'cancelled') throw this.#leave('interrupted', this.#clean(reasonOf(result)))
    if (result.status !== 'ok' || result.object === undefined) throw new Error(this.#clean(reasonOf(result)))
    return this.#clean(result.object)
  }

  async #look(cell: Cell): Promise<Looked> {
    const { change, rules, stop, onEvent } = this.#options
    if (stop.isStopping) return this.#skip(cell, 'interrupted', 'the review was stopped before')
    if (this.#isSpent()) return this.#skip(cell, 'max-cost', 'what may be spent was spent before')
    onEvent({ type: 'cell-start', cell })
    const question = questionOf(change, cell.bundle)
    const asked = { output: reportedFindings, signal: stop.signal }
    const run = this.#executor.start(reviewerOf(cell.member, cell.lens, rules), question, asked)
    const result = await run.result
    this.#warnOfUnknownPrice()
    const costUsd = this.#spending.ofRun(run.id)
    const took = { elapsedMs: result.elapsedMs, ...(costUsd !== undefined && { costUsd }) }
    if (result.status === 'ok' && result.object !== undefined)
      return looked(cell, this.#clean(result.object.findings), took)
    if (result.status === 'cancelled') this.#endedEarly ??= 'interrupted'
    return hole(cell, result.status === 'timeout' ? 'timeout' : 'failed', this.#clean(reasonOf(result)), took)
  }

  /** No key of a provider gets into what is told. */
  #clean<T>(said: T): T {
    const providers = Object.values(this.#options.fleet.options.providers ?? {})
    return withoutSecrets(said, [...providers.flatMap(({ apiKey = '' }) => apiKey), ...(this.#options.secrets ?? [])])
  }

  #skip(cell: Cell, why: 'interrupted' | 'max-cost', reason: string): Looked {
    return hole(cell, 'skipped', this.#leave(why, reason).message)
  }

  /** Something is left out. */
  #leave(why: 'interrupted' | 'max-cost', reason: string): Error {
    if (this.#endedEarly === undefined) this.#options.onEvent({ type: 'stopping', why })
    this.#endedEarly ??= why
    return new Error(reason)
  }

  /** A bound that does not hold is told while there is time to stop. */
  #warnOfUnknownPrice(): void {
    const { maxCostUsd, logger } = this.#options
    if (maxCostUsd === undefined || this.#hasWarned || !this.#spending.total.hasUnknown) return
    this.#hasWarned = true
    logger?.warn('--max-cost counts known prices alone, and there are calls whose price is not known')
  }

  #isSpent(): boolean {
    const { maxCostUsd = Number.POSITIVE_INFINITY } = this.#options
    return this.#spending.total.knownUsd >= maxCostUsd
  }
}

type Took = Pick<CellOutcome, 'elapsedMs' | 'costUsd'>

function looked(cell: Cell, reported: Parameters<typeof anchor>[0][], took: Took): Looked {
  const { member, lens, bundle } = cell
  const source = { model: member.name, family: member.family, lens: lens.name, bundle: bundle.id }
  const placed = reported.map((one, index) =>
    index < MOST_FINDINGS
      ? anchor(one, bundle, source)
      : { refused: { reported: one, source, reason: 'too-many' as const } },
  )
  const findings = placed.flatMap((one) => ('finding' in one ? [one.finding] : []))
  const refused = placed.flatMap((one) => ('refused' in one ? [one.refused] : []))
  const outcome = { ...cell, ...took, status: 'ok', findings: findings.length, refused: refused.length } as const
  return { outcome, findings, refused }
}

function hole(
  cell: Cell,
  status: 'failed' | 'timeout' | 'skipped',
  reason: string,
  took: Took = { elapsedMs: 0 },
): Looked {
  return { outcome: { ...cell, ...took, status, reason }, findings: [], refused: [] }
}

/** In one line, for a grid and a report's head. */
function reasonOf(result: RunResult): string {
  const text = 'error' in result ? result.error.message : `it ended as ${result.status}`
  return text.split('\n')[0]!.slice(0, 200)
}

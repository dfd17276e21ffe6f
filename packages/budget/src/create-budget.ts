import {
  type Budget,
  type BudgetAnswer,
  randomIds,
  type Reservation,
  type ReserveOptions,
  type RunInfo,
  StoreError,
} from '@executus/core'
import { checkCount, checkKeys, checkText } from '@executus/core/check-option'

import { linesFor, nowOf, withGrants } from './account-lines.ts'
import { largest, UNITS } from './amounts.ts'
import {
  type BudgetConfig,
  type BudgetOptions,
  type BudgetWho,
  checkOptions,
  type ModelCallListener,
  ownAccountOf,
} from './budget-options.ts'
import { isSameRun, lastEndOf, opened, unknownRun } from './charge.ts'
import { askOf, type Estimate, estimateOf } from './estimate.ts'
import { HeldRun } from './held-run.ts'
import {
  type BudgetAmounts,
  type BudgetUnit,
  checkAmounts,
  counterOf,
  type Line,
  publicAmountOf,
  publicNameOf,
  wholeAmountsFrom,
} from './limit.ts'
import { Meter } from './prices.ts'
import { impossibleFor, latestOf, sentenceOf, shortagesOf } from './refusal.ts'
import type { BudgetWindow } from './window.ts'

/** What an executor takes as its `budget`, and what a host asks and tells about it. */
export interface BudgetBook extends Budget {
  /** What is left of each limit that a run of this caller would be bound by. */
  remaining(who?: BudgetWho): Promise<readonly Remaining[]>
  /**
   * Raises all limits of an account until `untilMs`, by these amounts each; `Infinity` lifts them. Gives whether the grant is
   * new: one whose `id` was granted before counts once.
   */
  grant(account: string, extra: BudgetAmounts, options: GrantOptions): Promise<boolean>
  /**
   * For the executor's option of this name: then each model call counts with the price of its own model, and at once. A
   * function by itself, so that it can be passed on.
   */
  readonly onModelCall: ModelCallListener
  /** Closes the store. To be called when the executor has shut down. */
  close(): Promise<void>
}

export interface GrantOptions {
  /** Milliseconds since the epoch; `resetsAtMs` of a limit, say. */
  readonly untilMs: number
  /** @default a new one */
  readonly id?: string
}

/** How one limit of an account stands. */
export interface Remaining {
  readonly account: string
  readonly window: BudgetWindow
  readonly unit: BudgetUnit
  /** With what was granted. */
  readonly limit: number
  readonly used: number
  /** Set aside for runs that are under way. */
  readonly reserved: number
  readonly left: number
  /** When the next window begins: milliseconds since the epoch. */
  readonly resetsAtMs: number
}

/**
 * Bounds what callers may take in a window of time. What a run is likely to take is set aside before it begins, in all of
 * its accounts or in none; what it took takes the place of that when it ends.
 *
 * @throws TypeError or RangeError that names the option
 */
export function createBudget(options: BudgetOptions = {}): BudgetBook {
  const config = checkOptions(options)
  const book = new Book(config)
  return {
    reserve: (info, given) => book.reserve(info, given),
    remaining: (who = {}) => book.remaining(who),
    grant: (account, extra, given) => book.grant(account, extra, given),
    onModelCall: (record) => {
      const runId = record.attribution?.['runId']
      if (runId !== undefined) book.meterOf(runId)?.see(record)
    },
    close: () => config.store.close(),
  }
}

/** Old windows and runs are looked for once in so many runs, and at most so many are forgotten then. */
const SWEEP_EACH = 64
const SWEEP_MOST = 256

/** How often others may change what is kept of a run while it is being reserved: it is one process that resumes it. */
const MOST_TRIES = 10

/** Who sets nothing aside would have to ask for each token. */
const LEAST_CHUNK = { runs: 0, workMs: 1_000, tokens: 1_000, microUsd: 1_000 } as const

/** A run that asks whether it may spend. */
interface Asked {
  readonly info: RunInfo
  readonly given: ReserveOptions
  readonly lines: readonly Line[]
  readonly estimate: Estimate
  readonly nowMs: number
}

class Book {
  readonly #config: BudgetConfig
  /** Of runs that are under way in this process. */
  readonly #meters = new Map<string, Meter>()
  #reservations = 0

  constructor(config: BudgetConfig) {
    this.#config = config
  }

  async reserve(info: RunInfo, given: ReserveOptions): Promise<BudgetAnswer> {
    const config = this.#config
    const nowMs = nowOf(config)
    const lines = await linesFor(config, info, nowMs)
    if (lines.length === 0) return { ok: true, reservation: NO_RESERVATION }
    const estimate = estimateOf(config, info, lines)
    if (estimate === undefined)
      return { ok: false, reason: `What a run costs on ${info.model} is not known, and what it may cost is limited` }
    given.signal.throwIfAborted()
    try {
      const answer = await this.#setAside({ info, given, lines, estimate, nowMs })
      await this.#sweep(nowMs)
      return answer
    } catch (error) {
      if (config.isOpenOnFault) {
        config.logger.warn(`run ${info.runId} begins without its budget`, error)
        return { ok: true, reservation: NO_RESERVATION }
      }
      config.logger.error(`the budget of run ${info.runId} could not be asked`, error)
      return { ok: false, reason: 'The budget cannot be asked just now' }
    }
  }

  async #setAside({ info, given, lines, estimate, nowMs }: Asked): Promise<BudgetAnswer> {
    const config = this.#config
    const { store, prices } = config
    const ownAccount = ownAccountOf(info)
    const raisedLines = await withGrants(config, lines, nowMs)
    const impossible = impossibleFor(raisedLines, (line) => askOf(estimate, line))
    if (impossible !== undefined) return { ok: false, reason: impossible }
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const kept = await store.find(info.runId)
      const isKnown = kept !== undefined && isSameRun(kept.charge, given.isResumed)
      const other = isKnown ? undefined : kept?.charge
      const { charge, changes } = opened(isKnown ? kept.charge : unknownRun(given), raisedLines, (line) =>
        askOf(estimate, line),
      )
      const entry = { runId: info.runId, expectEpoch: kept?.epoch ?? 0, charge, changes }
      const applied = await store
        .apply({ ...entry, keepUntilMs: lastEndOf(charge, nowMs) })
        .catch((error: unknown) => passFenced(error))
      if (applied === undefined) continue
      if (!applied.ok) {
        const worst = latestOf(shortagesOf(raisedLines, changes, applied.counts))!
        const reason = sentenceOf(worst, worst.line.account === ownAccount)
        return { ok: false, reason, resetsAtMs: worst.line.endMs }
      }
      const meter = new Meter(prices, info.model, charge)
      this.#meters.set(info.runId, meter)
      const onSettled = () => {
        if (this.#meters.get(info.runId) === meter) this.#meters.delete(info.runId)
      }
      const { epoch } = applied
      const parts = { config, info, meter, lines, raisedLines, charge, other, epoch, ownAccount, onSettled }
      return { ok: true, reservation: new HeldRun({ ...parts, chunk: largest(estimate.amounts, LEAST_CHUNK) }) }
    }
    throw new StoreError('busy', `What is kept of ${info.runId} was changed by others each time`)
  }

  async remaining(who: BudgetWho): Promise<readonly Remaining[]> {
    const config = this.#config
    const nowMs = nowOf(config)
    const lines = await withGrants(config, await linesFor(config, who, nowMs), nowMs)
    const counts = await config.store.count(lines.map(counterOf))
    return lines.flatMap(({ account, kind, limit, endMs }, index) =>
      UNITS.flatMap((unit) => {
        const most = limit[unit]
        if (most === undefined) return []
        const { used, reserved } = counts[index]!
        const amount = (value: number) => publicAmountOf(unit, value)
        return {
          account,
          window: kind.window,
          unit: publicNameOf(unit),
          limit: amount(most),
          used: amount(used[unit]),
          reserved: amount(reserved[unit]),
          left: amount(Math.max(0, most - used[unit] - reserved[unit])),
          resetsAtMs: endMs,
        }
      }),
    )
  }

  async grant(account: string, extra: BudgetAmounts, options: GrantOptions): Promise<boolean> {
    checkText('account', account)
    checkAmounts('extra', extra)
    checkKeys('options', options, ['untilMs', 'id'])
    const { untilMs, id = randomIds.next() } = options
    checkCount('options.untilMs', untilMs, 0)
    if (!Number.isFinite(untilMs))
      throw new RangeError(`Expected \`options.untilMs\` to have an end, got \`${untilMs}\``)
    checkText('options.id', id)
    return this.#config.store.addGrant({ grantId: id, account, extra: wholeAmountsFrom(extra), untilMs })
  }

  /** Of the run of this id, or of the one above it: ids of delegated runs begin with their parent's. */
  meterOf(runId: string): Meter | undefined {
    for (let end = runId.length; end > 0; end = runId.lastIndexOf('/', end - 1)) {
      const meter = this.#meters.get(runId.slice(0, end))
      if (meter !== undefined) return meter
    }
    return undefined
  }

  /** A run does not fail because something old could not be forgotten. */
  async #sweep(nowMs: number): Promise<void> {
    const { store, keepMs, logger } = this.#config
    this.#reservations += 1
    if (this.#reservations % SWEEP_EACH !== 0) return
    try {
      await store.sweep({ beforeMs: nowMs - keepMs, limit: SWEEP_MOST })
    } catch (error) {
      logger.warn('what is old in the budget could not be forgotten', error)
    }
  }
}

/** Of a run that nothing bounds. */
const NO_RESERVATION: Reservation = Object.freeze({ settle() {} })

function passFenced(error: unknown): undefined {
  if (!StoreError.is(error) || error.code !== 'fenced') throw error
}

import { type Reservation, type RunInfo, type Spent, StoreError } from '@executus/core'

import { withGrants, nowOf } from './account-lines.ts'
import type { Amounts } from './amounts.ts'
import type { BudgetConfig } from './budget-options.ts'
import type { Applied, Charge, CounterChange } from './budget-store.ts'
import { caughtUp, closed, grown, hasRoom, isBehind, lastEndOf, type Step } from './charge.ts'
import { counterKeyOf, counterOf, type Line } from './limit.ts'
import type { Meter } from './prices.ts'
import { latestOf, sentenceOf } from './refusal.ts'
import { warnOf } from './warn.ts'

/** What a run is made of that has set something aside. */
export interface HeldRunParts {
  readonly config: BudgetConfig
  readonly info: RunInfo
  readonly meter: Meter
  /** As the host limits them, and with what was granted. */
  readonly lines: readonly Line[]
  readonly raisedLines: readonly Line[]
  readonly charge: Charge
  /** What was kept of another run of its id. */
  readonly other: Charge | undefined
  readonly epoch: number
  /** How much is set aside at a time. */
  readonly chunk: Amounts
  /** The account that a refusal calls "you". */
  readonly ownAccount: string
  readonly onSettled: () => void
}

/** More refusals in a row than others could cause by chance. */
const MOST_TRIES = 100

/** Core waits ten seconds for a run's end to be told. */
const DELAYS_MS = [100, 500, 2_000]

/** The reservation of one run. One thing at a time: delegated runs ask side by side. */
export class HeldRun implements Reservation {
  readonly #parts: HeldRunParts
  #charge: Charge
  #epoch: number
  #lines: readonly Line[]
  #hasBegun = false
  #isSettled = false
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: HeldRunParts) {
    this.#parts = parts
    this.#charge = parts.charge
    this.#epoch = parts.epoch
    this.#lines = parts.raisedLines
  }

  check(spent: Spent): string | undefined | Promise<string | undefined> {
    this.#hasBegun = true
    const taken = this.#parts.meter.taken(spent)
    if (!isBehind(this.#charge) && hasRoom(this.#charge, this.#lines, taken)) return undefined
    return this.#inTurn(() => this.#makeRoom(taken))
  }

  settle(spent: Spent): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isSettled) return
      this.#isSettled = true
      const { meter, onSettled, info, config, other } = this.#parts
      const taken = meter.taken(spent)
      const hasBegun = this.#hasBegun || taken.tokens > this.#charge.total.tokens
      const step = closed(this.#charge, taken, { usage: meter.usageOf(spent), hasBegun, other })
      onSettled()
      try {
        this.#warn(step.changes, await this.#applyPatiently(step))
      } catch (error) {
        if (!isFenced(error)) throw error
        config.logger.warn(`run ${info.runId} goes on elsewhere, and is settled there`, error)
      }
    })
  }

  async #makeRoom(taken: Amounts): Promise<string | undefined> {
    const { config, info, lines: plain, chunk, ownAccount } = this.#parts
    try {
      if (isBehind(this.#charge)) await this.#apply(caughtUp(this.#charge, taken))
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        this.#lines = await withGrants(config, plain, nowOf(config))
        if (hasRoom(this.#charge, this.#lines, taken)) return undefined
        const counts = await config.store.count(this.#lines.map(counterOf))
        const step = grown(this.#charge, this.#lines, taken, chunk, counts)
        const { ok } = await this.#apply(step)
        if (!ok) continue // somebody was faster, and has left less
        const worst = latestOf(step.exhausted)
        return worst && sentenceOf(worst, worst.line.account === ownAccount)
      }
      throw new StoreError('busy', 'Others took what was left each time')
    } catch (error) {
      if (isFenced(error)) return 'The run goes on elsewhere'
      if (config.isOpenOnFault) {
        config.logger.warn(`run ${info.runId} goes on without its budget`, error)
        return undefined
      }
      config.logger.error(`the budget of run ${info.runId} could not be asked`, error)
      return 'The budget cannot be asked just now'
    }
  }

  /** Takes the step over when the store has. */
  async #apply({ charge, changes }: Step): Promise<Applied> {
    const { config, info } = this.#parts
    const applied = await config.store.apply({
      runId: info.runId,
      expectEpoch: this.#epoch,
      charge,
      changes,
      keepUntilMs: lastEndOf(charge, nowOf(config)),
    })
    if (applied.ok) {
      this.#charge = charge
      this.#epoch = applied.epoch
    }
    return applied
  }

  /** What is not settled stays set aside until its window ends: a store in trouble is asked again while the run is waited for. */
  async #applyPatiently(step: Step): Promise<Applied> {
    for (const delayMs of DELAYS_MS)
      try {
        return await this.#apply(step)
      } catch (error) {
        if (isFenced(error)) throw error
        await new Promise<void>((resolve) => {
          this.#parts.config.clock.after(delayMs, resolve)
        })
      }
    return this.#apply(step)
  }

  #warn(changes: readonly CounterChange[], { ok, counts }: Applied): void {
    if (!ok) return
    const lines = new Map(this.#lines.map((line) => [counterKeyOf(line), line]))
    for (const [index, change] of changes.entries()) {
      const line = lines.get(counterKeyOf(change.counter))
      if (line !== undefined) warnOf(this.#parts.config, line, change, counts[index]!)
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }
}

function isFenced(error: unknown): boolean {
  return StoreError.is(error) && error.code === 'fenced'
}

import type { RunUsage } from '../result.ts'
import type { RunInfo } from '../run-info.ts'

/**
 * Says whether a run may spend. Asked before anything else of each run that no other run began; what delegated runs use
 * counts as their root's.
 */
export interface Budget {
  /**
   * Sets something aside for a run, or says why not. When it throws the run is rejected: a host whose runs shall go on
   * without a budget catches by itself.
   */
  reserve(info: RunInfo, options: ReserveOptions): Promise<BudgetAnswer>
}

export interface ReserveOptions {
  readonly signal: AbortSignal
  /** What its journal says that the run took before: nought for one that is new, what it inherited for a fork. */
  readonly spent: Spent
  /** Whether an earlier process had begun it, or the run that it was forked from. */
  readonly isResumed: boolean
}

export type BudgetAnswer =
  | { readonly ok: true; readonly reservation: Reservation }
  | {
      readonly ok: false
      /** One sentence for the caller. */
      readonly reason: string
      /** When there will be something to spend again: milliseconds since the epoch. */
      readonly resetsAtMs?: number
    }

/** What was set aside for one run. */
export interface Reservation {
  /** Asked before each step: why the run must stop, if so. */
  check?(spent: Spent): string | undefined | Promise<string | undefined>
  /**
   * Puts what the run took in the place of what was set aside. Called once, however the run ended; of a run that was
   * resumed `spent` holds its earlier segments too, so a budget replaces what it had for this run id.
   */
  settle(spent: Spent): void | Promise<void>
}

/** What a run took, the runs that it delegated to included. */
export interface Spent {
  readonly usage: RunUsage
  readonly elapsedMs: number
}

import type { Clock, Logger } from '@executus/core'

import { pause } from '../process/pause.ts'

export interface KeepTryingOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Tries no more: what is not done is for the next start. */
  readonly signal: AbortSignal
}

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 60_000

/**
 * Does `work`, at once, and again until it succeeds: what a full disk did not take it takes when there is room again. Each
 * failure is logged as `what`. Rejects with nothing.
 */
export async function keepTrying(
  what: string,
  work: () => unknown,
  { clock, logger, signal }: KeepTryingOptions,
): Promise<void> {
  for (let failures = 0; ; failures += 1) {
    try {
      await work()
      return
    } catch (error) {
      logger.error(what, error)
    }
    await pause(clock, Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS), signal)
    if (signal.aborted) return
  }
}

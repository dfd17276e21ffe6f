import type { JsonValue } from '@executus/llm'

import type { RunResult } from '../result.ts'

/**
 * Brings what came of a run to where its invocation's `deliverTo` says. An effect like any other: it passes the run's
 * door as a call of class `once`, so after a crash in the middle of it nothing is sent a second time.
 */
export interface Delivery {
  /** The run has answered. */
  deliver(result: RunResult, context: DeliveryContext): Promise<void>
  /** The run has ended without an answer. */
  deliverError(result: RunResult, context: DeliveryContext): Promise<void>
}

export interface DeliveryContext {
  /** `deliverTo` of the invocation: whatever the host understands. */
  readonly target: JsonValue
  /** The same at every attempt, for a remote that knows such keys. */
  readonly idempotencyKey: string
  /** Aborts when it has taken too long. */
  readonly signal: AbortSignal
}

import type { JsonValue } from '@executus/llm'

import type { RunResult } from '../result.ts'

/**
 * Brings what came of a run to where its invocation's `deliverTo` says. An effect like any other: it passes the run's
 * door, so one that is kept as made is not made again.
 */
export interface Delivery {
  /**
   * What becomes of a delivery that a crash interrupted. `once`: it is in doubt, and not made again. `idempotent`: it is made
   * again with the same `idempotencyKey`, as for an outbox that knows what it has. @default 'once'
   */
  readonly replay?: 'once' | 'idempotent'
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

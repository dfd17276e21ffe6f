import type { Message, ModelError, Usage } from '@executus/llm'

import type { Artifact } from './artifact.ts'
import type { RunError } from './errors.ts'
import type { ApprovalRequest } from './permission/approvals.ts'

/** How a run ended. `run()` resolves to one of these, whatever happened. */
export type RunResult<Value = unknown> = RunOutcome<Value> & Ending

/** What a run got done, as far as it came. */
export interface RunOutcome<Value = unknown> {
  readonly runId: string
  /** The answer; of a run that ended early, the last text that the model wrote, a half one included. */
  readonly output: string
  /** The answer in the shape that `invocation.output` asks for. */
  readonly object?: Value
  /** Model calls that were begun, in all phases. */
  readonly steps: number
  readonly usage: RunUsage
  /** How long it was at work, waiting for people not counted. */
  readonly elapsedMs: number
  /**
   * The whole conversation, the input first; of an agent with phases, the last one's. With a new user message at its end
   * it is the input of a next run.
   */
  readonly messages: readonly Message[]
  /** The phases that ended before the last one; absent when there was but one. */
  readonly phases?: readonly PhaseRecord[]
  /** What the session's tools made of the run. */
  readonly artifacts?: readonly Artifact[]
  /** Whether everything that the run did is in its journal. */
  readonly durable: boolean
}

/** What came of one phase. */
export interface PhaseRecord {
  readonly output: string
  readonly steps: number
  readonly messages: readonly Message[]
}

/** Tokens of all model calls of a run, and of the runs that it delegated to. */
export interface RunUsage extends Usage {
  /** Model calls that reported no usage; their tokens are estimated, or missing from the sums. */
  readonly unreportedCalls: number
}

/**
 * Why a run ended: `ok` (answered), `error`, `timeout` (its own deadline), `cancelled` (the caller), `killed` (the
 * critic), `interrupted` (it can be resumed), `suspended` (it waits for people and can be resumed) or `rejected` (no model
 * was called).
 */
export type Ending =
  | { readonly status: 'ok'; readonly stopReason: 'answered' }
  | {
      readonly status: 'error'
      readonly stopReason:
        | 'step-limit'
        | 'budget'
        | 'tool-errors'
        | 'repeated-call'
        | 'length'
        | 'window-exceeded'
        | 'refused'
        | 'invalid-output'
        | 'empty-response'
        | 'model-error'
        | 'port'
        | 'fault'
      readonly error: RunError | ModelError
    }
  | { readonly status: 'timeout'; readonly stopReason: 'deadline'; readonly error: RunError }
  | { readonly status: 'cancelled'; readonly stopReason: 'cancelled'; readonly error: RunError }
  | { readonly status: 'killed'; readonly stopReason: 'killed'; readonly error: RunError }
  | {
      readonly status: 'interrupted'
      readonly stopReason: 'shutdown' | 'storage' | 'fenced'
      readonly error: RunError
    }
  | {
      readonly status: 'suspended'
      readonly stopReason: 'approval'
      /** What it waits for; `executor.resume` takes the decisions. */
      readonly approvals: readonly ApprovalRequest[]
      readonly error: RunError
    }
  | {
      readonly status: 'rejected'
      readonly stopReason: 'budget' | 'duplicate' | 'lane-full' | 'not-durable' | 'not-resumable'
      readonly error: RunError
      /** When there will be a budget again: milliseconds since the epoch. */
      readonly resetsAtMs?: number
    }

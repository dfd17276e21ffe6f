import type { AssistantMessage, ModelStopReason, ToolResultPart, Usage, UserMessage } from '@executus/llm'

import type { ApprovalDecision, ApprovalRequest } from './permission/approvals.ts'
import type { RunResult } from './result.ts'

/** What happens in a run, in the order in which it happens. */
export type RunEvent = RunEventBody & {
  /** Counts from 1 within the run. */
  readonly seq: number
  readonly runId: string
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

/**
 * A run with one tool call gives: `run-start`, `step-start`, `text-delta`..., `tool-call-start`, `tool-call-end`,
 * `step-end`, `step-start`, `text-delta`..., `step-end`, `run-end`.
 */
export type RunEventBody =
  | {
      readonly type: 'run-start'
      readonly agent: string
      readonly model: string
      /** Whether an earlier process had begun it. */
      readonly isResumed: boolean
    }
  | { readonly type: 'phase-start'; readonly phase: string; readonly index: number; readonly model: string }
  | { readonly type: 'phase-end'; readonly phase: string; readonly index: number; readonly output: string }
  | { readonly type: 'step-start'; readonly step: number }
  | { readonly type: 'text-delta'; readonly step: number; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly step: number; readonly text: string }
  | {
      /** What was streamed in this step so far is void: the model, or the next one of its chain, is asked again. */
      readonly type: 'attempt-discarded'
      readonly step: number
      readonly model: string
      readonly error: Error
      readonly nextModel: string
      readonly waitMs: number
    }
  | {
      readonly type: 'tool-call-start'
      readonly step: number
      readonly callId: string
      readonly tool: string
      /** As the model wrote them: JSON if it wrote well. */
      readonly argumentsText: string
    }
  | {
      readonly type: 'tool-call-end'
      readonly step: number
      readonly callId: string
      readonly tool: string
      readonly result: ToolResultPart
      readonly elapsedMs: number
    }
  | { readonly type: 'approval-request'; readonly step: number; readonly requests: readonly ApprovalRequest[] }
  /** One that came while nobody ran the run is told of when it is taken up. */
  | { readonly type: 'approval-decision'; readonly step: number; readonly decisions: readonly ApprovalDecision[] }
  | {
      /** The conversation grew too large; with `tokensAfter` not below `tokensBefore`, nothing could be taken away. */
      readonly type: 'compaction'
      readonly step: number
      readonly strategy: 'shrink' | 'summarise' | 'none'
      readonly tokensBefore: number
      readonly tokensAfter: number
      readonly messagesBefore: number
      readonly messagesAfter: number
    }
  | {
      readonly type: 'limits-raised'
      readonly step: number
      readonly maxSteps: number
      readonly timeoutMs: number
    }
  | {
      /** Something happened in a run that this one delegated to; what such a run streams is not passed on. */
      readonly type: 'child-event'
      readonly step: number
      readonly callId: string
      readonly event: RunEvent
    }
  | { readonly type: 'steer-delivered'; readonly step: number; readonly message: UserMessage }
  | {
      readonly type: 'step-end'
      readonly step: number
      readonly message: AssistantMessage
      readonly stopReason: ModelStopReason
      readonly usage?: Usage
    }
  | { readonly type: 'run-end'; readonly result: RunResult }

export type RunEventName = RunEventBody['type']

/** The event of one name. */
export type RunEventOf<Name extends RunEventName> = Extract<RunEvent, { readonly type: Name }>

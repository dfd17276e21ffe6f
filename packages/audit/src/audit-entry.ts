import type { ModelStopReason, RunEvent, Usage } from '@executus/core'

import type { AuditError, AuditStatus } from './audit-run.ts'

/** One thing that happened in a run, as it is kept: texts are redacted and bounded. */
export type AuditEntry = AuditEntryBody & AuditEntryPlace

export interface AuditEntryPlace {
  readonly runId: string
  /** Counts from 1 within the record. */
  readonly seq: number
  /** Milliseconds since the epoch. */
  readonly atMs: number
  /** Of this entry and all before it, where the audit has a chain. */
  readonly hash?: string
}

/**
 * A run with one tool call gives: `start`, `tool-call`, `tool-result`, `step`, `step`, `end`. A call and its result are two,
 * so that what was begun is on record although the process died in it.
 */
export type AuditEntryBody =
  | {
      readonly type: 'start'
      readonly agent: string
      readonly model: string
      readonly isResumed: boolean
      /** SHA-256 of what the record says of how the run began; with a chain. */
      readonly aboutHash?: string
    }
  | { readonly type: 'phase-start'; readonly phase: string; readonly index: number; readonly model: string }
  | { readonly type: 'phase-end'; readonly phase: string; readonly index: number; readonly output: string }
  | {
      /** What the model answered; its calls are entries of their own. */
      readonly type: 'step'
      readonly step: number
      readonly text: string
      readonly stopReason: ModelStopReason
      readonly usage?: Usage
    }
  | {
      readonly type: 'attempt-discarded'
      readonly step: number
      readonly model: string
      readonly nextModel: string
      readonly error: string
      readonly waitMs: number
    }
  | {
      readonly type: 'tool-call'
      readonly step: number
      readonly callId: string
      readonly tool: string
      readonly arguments: string
    }
  | {
      readonly type: 'tool-result'
      readonly step: number
      readonly callId: string
      readonly tool: string
      readonly result: string
      readonly isError: boolean
      readonly elapsedMs: number
    }
  | { readonly type: 'approval-request'; readonly step: number; readonly requests: readonly AuditedRequest[] }
  | { readonly type: 'approval-decision'; readonly step: number; readonly decisions: readonly AuditedDecision[] }
  | Pick<
      Extract<RunEvent, { readonly type: 'compaction' }>,
      'type' | 'step' | 'strategy' | 'tokensBefore' | 'tokensAfter' | 'messagesBefore' | 'messagesAfter'
    >
  | Pick<Extract<RunEvent, { readonly type: 'limits-raised' }>, 'type' | 'step' | 'maxSteps' | 'timeoutMs'>
  | { readonly type: 'steer'; readonly step: number; readonly text: string }
  | {
      /** A run that this one delegated to began or ended; it has a record of its own. */
      readonly type: 'child'
      readonly step: number
      readonly callId: string
      readonly childRunId: string
      /** `running` when it began. */
      readonly status: AuditStatus
    }
  | {
      /** What a host says of the run, at any time: with `AuditLog.note`. */
      readonly type: 'note'
      readonly about: string
      readonly text: string
      readonly by?: string
    }
  | { readonly type: 'dropped'; readonly count: number }
  | {
      readonly type: 'end'
      readonly status: AuditStatus
      readonly stopReason: string
      readonly error?: AuditError
      readonly steps: number
      readonly toolCalls: number
      readonly elapsedMs: number
      /** SHA-256 of what the record says of how the run ended; with a chain. */
      readonly outcomeHash?: string
    }
  /** Given by a store in the place of an entry that is damaged; never written. */
  | { readonly type: 'damaged' }

export interface AuditedRequest {
  readonly id: string
  readonly callId: string
  readonly tool: string
  readonly effect: string
  readonly arguments: string
  readonly resources: string
  readonly reason?: string
  readonly expiresAtMs: number
}

export interface AuditedDecision {
  readonly id: string
  readonly isApproved: boolean
  readonly note?: string
  readonly by?: string
}

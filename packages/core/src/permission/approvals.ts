import type { JsonObject } from '@executus/llm'

import type { ToolEffect, ToolResource } from '../tool/tool.ts'

/** A call that waits for a human's word. It stands for this tool and these very arguments. */
export interface ApprovalRequest {
  /** Unique: `runId/callId`. A decision names it. */
  readonly id: string
  readonly runId: string
  /** The run to resume: of a delegated run, the one at the top. */
  readonly rootRunId: string
  readonly callId: string
  readonly tool: string
  readonly effect: ToolEffect
  readonly input: JsonObject
  readonly resources: readonly ToolResource[]
  /** Why it is asked, where a rule says so. */
  readonly reason?: string
  /** Names of the agents that lead to the call, the root's first. */
  readonly agentPath: readonly string[]
  /** Milliseconds since the epoch; a later decision counts as a no. */
  readonly expiresAtMs: number
}

/** A human's word about one request. */
export interface ApprovalDecision {
  /** `id` of the request. */
  readonly id: string
  readonly isApproved: boolean
  /** What the model reads when it is a no. */
  readonly note?: string
  /** Who decided, for the record. */
  readonly by?: string
}

/**
 * Puts questions to a human.
 *
 * Contract: resolves to a decision for each request, in any order, or to `'later'`: then a durable run suspends until
 * `executor.resume` brings the decisions, and in any other the calls are denied. Settles soon after `signal` aborts. What
 * it throws denies the calls. The time that it takes does not count as the run's.
 */
export interface Approvals {
  ask(
    requests: readonly ApprovalRequest[],
    options: { readonly signal: AbortSignal },
  ): Promise<readonly ApprovalDecision[] | 'later'>
}

/** Puts every question off: a durable run suspends at the first one. */
export const approveLater: Approvals = { ask: () => Promise.resolve('later') }

import type { Limits, RunResult, RunUsage } from '@executus/core'

/** `running` also when the process died and nobody has resumed the run. */
export type AuditStatus = 'running' | RunResult['status']

/** The record of a run: how it began, and, once it has, how it ended. Texts are redacted and bounded. */
export interface AuditRun extends AuditOutcome {
  /** Ids are kept as they are. */
  readonly runId: string
  readonly rootRunId: string
  readonly parentRunId?: string
  readonly agent: string
  readonly tier: string
  readonly model: string
  readonly caller?: string
  readonly channel?: string
  readonly guild?: string
  readonly subject?: string
  readonly requestKey?: string
  /** As JSON. */
  readonly deliverTo?: string
  /** The newest message of the input. */
  readonly input: string
  /** How many messages it began with. */
  readonly inputMessages: number
  readonly limits: Limits
  /** Milliseconds since the epoch: when it was begun first. */
  readonly startedAtMs: number
  /** How often it was begun or taken up. */
  readonly segments: number
  /** Calls of tools that were begun, in all segments. */
  readonly toolCalls: number
  /** How many entries there are, and so the `seq` of the newest. */
  readonly entries: number
  /** Entries that could not be kept, as the store did not take them. */
  readonly dropped: number
  /** When the newest entry happened. */
  readonly updatedAtMs: number
  /** Hash of the newest entry, where the audit has a chain. */
  readonly headHash?: string
  /** Given by a store of a run of which it can read no more than this; never written. */
  readonly isDamaged?: true
}

/** How a run ended; of one that was interrupted or waits, how its last segment did. */
export interface AuditOutcome {
  readonly status: AuditStatus
  readonly stopReason?: string
  readonly output?: string
  readonly error?: AuditError
  /** Model calls. */
  readonly steps: number
  readonly elapsedMs?: number
  readonly usage?: RunUsage
  /** Names and media types of what it left behind. */
  readonly artifacts?: readonly string[]
  readonly endedAtMs?: number
}

export interface AuditError {
  readonly name: string
  readonly code?: string
  readonly message: string
  /** Messages of its causes, the nearest first. */
  readonly causes?: readonly string[]
}

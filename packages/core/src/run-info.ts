import type { JsonValue, Message } from '@executus/llm'

import type { Agent } from './agent.ts'
import type { Limits } from './limits.ts'
import type { PermissionRules } from './permission/policy.ts'

/** What is known about a run when it begins. Plain data: a store keeps it, and the run can be resumed from it. */
export interface RunInfo {
  readonly runId: string
  /** The run that a person or a host began; of a delegated run, the one at the top. */
  readonly rootRunId: string
  readonly parentRunId?: string
  /** Names of the agents above this one, the root's first; empty for a root. */
  readonly ancestors: readonly string[]
  readonly agent: Agent
  readonly tier: string
  /** The first model of the tier: `provider/model`. */
  readonly model: string
  /** The conversation that the run begins with. */
  readonly input: readonly Message[]
  /** What the run is about, in the host's words. */
  readonly subject?: string
  /** Whom it is for. */
  readonly caller?: string
  readonly channel?: string
  readonly guild?: string
  readonly deliverTo?: JsonValue
  readonly requestKey?: string
  readonly limits: Required<Limits>
  /** Whether the host itself wrote the agent; tools of visibility `private` are for those alone. */
  readonly isFirstParty: boolean
  /** The tools that this run may use at most, as the runs above it allow; absent for a root, which is bound by its agent. */
  readonly grant?: readonly string[]
  /** Rules that bind this run and all below it, beside the executor's. */
  readonly rules: readonly PermissionRules[]
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number
}

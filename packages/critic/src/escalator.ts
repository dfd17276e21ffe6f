import type { RunInfo, RunProgress } from '@executus/core'

import type { Activity } from './activity.ts'
import type { PatternCause } from './patterns/pattern-options.ts'
import type { RecentEvent } from './recent-events.ts'
import type { Verdict } from './verdict.ts'

/**
 * Decides about a run that seems to get nowhere. Asked about one moment of a run at a time.
 *
 * Contract: gives a verdict, soon after `signal` aborts at the latest. What it throws, what comes later than
 * `escalationTimeoutMs` and what is no verdict is logged and counts as `wait`.
 */
export interface Escalator {
  decide(wake: Wake, options: { readonly signal: AbortSignal }): Verdict | PromiseLike<Verdict>
}

/** What an escalator is told. Texts of the run are cut; they are written by models, tools and strangers. */
export interface Wake {
  readonly info: RunInfo
  readonly progress: RunProgress
  readonly cause: WakeCause
  /** The last events, oldest first. */
  readonly recent: readonly RecentEvent[]
  /** What was done before. */
  readonly nudges: number
  readonly extensions: number
  /** What may still be done. */
  readonly nudgesLeft: number
  readonly extensionsLeft: number
}

/** Why it is asked. */
export type WakeCause =
  | ({
      /** Nothing has happened. */
      readonly type: 'idle'
      readonly idleMs: number
    } & Activity)
  | PatternCause

import type { RunEvent } from '../event.ts'
import type { RunInfo } from '../run-info.ts'
import type { SteerReceipt } from '../run/mailbox.ts'
import type { RunProgress } from '../tool/tool.ts'

/** Watches over runs that get nowhere. What it throws is logged and hurts nobody. */
export interface Critic {
  /** Begins to watch a run, at once; `isResumed` when an earlier process had begun it. */
  watch(run: WatchedRun, options: { readonly isResumed: boolean }): CriticWatch
}

/** What a critic may do to a run. */
export interface WatchedRun {
  readonly info: RunInfo
  progress(): RunProgress
  /** Says something to the model, before its next step. */
  nudge(text: string): Promise<SteerReceipt>
  /** Lets the run take more steps or more time. */
  extend(more: { readonly steps?: number; readonly timeMs?: number }): void
  /** Ends the run as `killed`. Cannot be taken back. */
  kill(reason: string): void
}

export interface CriticWatch {
  /** Called at each event, in order; returns at once. */
  event(event: RunEvent): void
  /** The run has ended: timers go. */
  close(): void
}

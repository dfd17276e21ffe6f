import type { RunEvent } from '../event.ts'
import type { RunResult } from '../result.ts'
import type { RunInfo } from '../run-info.ts'

/** Watches runs for the record. What it throws is logged, and it can change nothing. */
export interface Audit {
  /** A recorder for one run, at once; `isResumed` when an earlier process had begun it. */
  open(info: RunInfo, options: { readonly isResumed: boolean }): AuditRecorder
}

export interface AuditRecorder {
  /** Called at each event, in order; returns at once. */
  event(event: RunEvent): void
  /** The run has ended. Waited for, though not for long. */
  close(result: RunResult): void | Promise<void>
}

import { type Clock, systemClock } from '@executus/core'

import type { ReviewPlan } from '../review/review-change.ts'
import { eventProgress } from './event-progress.ts'
import { lineProgress } from './line-progress.ts'
import { liveProgress } from './live-progress.ts'
import { onExit } from './on-exit.ts'
import type { Output, Progress } from './progress.ts'

export interface ProgressOptions {
  readonly plan: ReviewPlan
  /** Whether a build server reads it. */
  readonly isCi: boolean
  /** Without colours. */
  readonly isPlain: boolean
  /** Whether the terminal can draw over what it shows. */
  readonly isDumb: boolean
  readonly isUtf8: boolean
  /** JSON lines, and nothing else. */
  readonly hasEvents: boolean
  /** @default process.stderr */
  readonly output?: Output
  /** @default systemClock */
  readonly clock?: Clock
}

/** Shows how far a review is: a grid to a person, lines to a log, events to a program. */
export function showProgress(options: ProgressOptions): Progress {
  const { plan, isCi, isPlain, isDumb, isUtf8, hasEvents } = options
  const { output = process.stderr, clock = systemClock } = options
  if (hasEvents) return eventProgress({ plan, output, clock })
  if (isCi || isDumb || output.isTTY !== true) return lineProgress({ plan, output, clock })
  return liveProgress({ plan, output, clock, hasColor: !isPlain, isUtf8, onExit })
}

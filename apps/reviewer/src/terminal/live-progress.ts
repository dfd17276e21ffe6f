import type { Clock, Logger } from '@executus/core'

import { paint } from '../report/terminal-text.ts'
import type { ReviewPlan } from '../review/review-change.ts'
import { gridLines } from './grid-lines.ts'
import { logText } from './log-text.ts'
import { startOf, take } from './progress-state.ts'
import type { Output, Progress } from './progress.ts'
import { Screen } from './screen.ts'

export interface LiveOptions {
  readonly plan: ReviewPlan
  readonly output: Output
  readonly clock: Clock
  readonly hasColor: boolean
  readonly isUtf8: boolean
  /** Takes what is to be done however the process ends; gives what calls it off. */
  readonly onExit: (restore: () => void) => () => void
}

const FRAME_MS = 100
const TICK_MS = 1_000

/** A grid of models and lenses that is drawn over. It stays when it has ended. */
export function liveProgress({ plan, output, clock, hasColor, isUtf8, onExit }: LiveOptions): Progress {
  const state = startOf(plan, clock.now())
  const screen = new Screen(output)
  const colors = { ...paint(hasColor), plain: (text: string) => text }
  let drawnAtMs = Number.NEGATIVE_INFINITY
  let callOff = () => {}
  let isWaiting = false
  let isEnded = false

  const draw = () => {
    isWaiting = false
    callOff()
    drawnAtMs = clock.now()
    const { width, height } = screen.size
    screen.draw(gridLines(state, { width, height, nowMs: drawnAtMs, isUtf8, paint: colors }))
    callOff = clock.after(TICK_MS, draw)
  }
  const drawSoon = () => {
    if (isWaiting || isEnded) return
    const leftMs = drawnAtMs + FRAME_MS - clock.now()
    if (leftMs <= 0) return draw()
    isWaiting = true
    callOff()
    callOff = clock.after(Math.min(leftMs, FRAME_MS), draw) // the clock may have been put back
  }
  const release = () => {
    isEnded = true
    callOff()
    screen.release()
  }
  const stopWatching = onExit(release)

  const logger: Logger = {
    warn: (message, details) => screen.print(colors.yellow(logText('warning', message, details))),
    error: (message, details) => screen.print(colors.red(logText('error', message, details))),
  }
  draw()
  return {
    note: (event) => {
      take(state, event, clock.now())
      drawSoon()
    },
    end: () => {
      if (isEnded) return
      state.endedAtMs = clock.now()
      draw()
      release()
      stopWatching()
      output.write('\n')
    },
    logger,
  }
}

import type { Clock } from '@executus/core'

import { costText, count, seconds } from '../report/coverage.ts'
import { safeLine } from '../report/terminal-text.ts'
import type { ReviewPlan } from '../review/review-change.ts'
import type { ReviewEvent } from '../review/review-event.ts'
import type { CellOutcome } from '../review/review.ts'
import { countsOf } from './foot-text.ts'
import { logText } from './log-text.ts'
import { type ProgressState, startOf, take } from './progress-state.ts'
import type { Output, Progress } from './progress.ts'

export interface LineOptions {
  readonly plan: ReviewPlan
  readonly output: Output
  readonly clock: Clock
}

const PREFIX = 'executus-review:'
// Build servers end what says nothing for minutes.
const HEARTBEAT_MS = 30_000

/** Lines for a log: one for each cell that is done, and one when nothing was said for a while. */
export function lineProgress({ plan, output, clock }: LineOptions): Progress {
  const state = startOf(plan, clock.now())
  let callOff = () => {}
  let isEnded = false

  const say = (line: string) => {
    output.write(`${PREFIX} ${line}\n`)
    callOff()
    if (!isEnded) callOff = clock.after(HEARTBEAT_MS, () => say(heartbeat(state, clock.now())))
  }
  return {
    note: (event) => {
      const line = lineOf(state, event)
      take(state, event, clock.now())
      if (line !== undefined) say(line)
      if (event.type === 'refute-end' && event.done === event.total) say(verdicts(state))
    },
    end: () => {
      if (isEnded) return
      isEnded = true
      const ms = clock.now() - state.startedAtMs
      say(`ended after ${seconds(ms)}${state.isDemo ? '' : `, ${costText(state.costUsd)}`}`)
    },
    logger: {
      warn: (message, details) => void output.write(`${logText('warning', message, details)}\n`),
      error: (message, details) => void output.write(`${logText('error', message, details)}\n`),
    },
  }
}

/** `undefined` where nothing is worth a line. */
function lineOf(state: ProgressState, event: ReviewEvent): string | undefined {
  switch (event.type) {
    case 'plan':
      return planLine(state, event.skipped)
    case 'cell-end':
      return cellLine(event.outcome, event.done, event.total)
    case 'refute-start':
      return event.clusters === 0 ? undefined : `trying to refute ${count(event.clusters, 'finding')}`
    case 'stopping':
      if (state.stopping !== undefined) return undefined
      return event.why === 'interrupted'
        ? 'stopping: what runs is finished first, a second Ctrl-C ends now'
        : 'stopping: --max-cost is reached, what runs is finished first'
    case 'cell-start':
    case 'refute-end':
      return undefined
  }
}

function planLine({ isDemo, files, bundles, models, lenses, total }: ProgressState, skipped: number): string {
  const grid = `${count(models.length, 'model')} x ${count(lenses.length, 'lens', 'lenses')} x ${count(bundles, 'bundle')}`
  const left = skipped === 0 ? '' : ` (${skipped} not reviewed)`
  return `${isDemo ? 'DEMO: ' : ''}${count(files, 'file')}${left}, ${count(total, 'cell')} (${grid})`
}

function cellLine(outcome: CellOutcome, done: number, total: number): string {
  const { member, lens, bundle, elapsedMs } = outcome
  const place = `[${String(done).padStart(String(total).length)}/${total}]`
  const cell = `${member.name} x ${lens.name} ${bundle.id}`
  const came = outcome.status === 'ok' ? count(outcome.findings, 'finding') : safeLine(outcome.reason)
  const took = outcome.status === 'skipped' ? '' : ` (${seconds(elapsedMs)})`
  return `${place} ${outcome.status === 'ok' ? 'ok' : outcome.status.toUpperCase()} ${cell}: ${came}${took}`
}

function verdicts({ refuting }: ProgressState): string {
  const { confirmed = 0, refuted = 0, unverified = 0 } = refuting ?? {}
  return `${confirmed} confirmed, ${refuted} refuted, ${unverified} not verified`
}

function heartbeat(state: ProgressState, nowMs: number): string {
  const { refuting, done, total, startedAtMs } = state
  const far =
    refuting === undefined
      ? `${done} of ${total} cells done, ${countsOf(state).running} running`
      : `${refuting.done} of ${refuting.total} findings looked at again`
  return `still at work: ${far}, ${seconds(nowMs - startedAtMs)}`
}

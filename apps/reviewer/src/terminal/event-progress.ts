import type { Clock } from '@executus/core'

import type { ReviewPlan } from '../review/review-change.ts'
import type { ReviewEvent } from '../review/review-event.ts'
import type { Cell } from '../review/review.ts'
import { detailsText } from './log-text.ts'
import type { Output, Progress } from './progress.ts'

export interface EventOptions {
  readonly plan: ReviewPlan
  readonly output: Output
  readonly clock: Clock
}

type Line = { readonly type: string } & Readonly<Record<string, unknown>>

/** What happens, for programs: a JSON object a line, and nothing else. Models, lenses and bundles go by their names. */
export function eventProgress({ plan, output, clock }: EventOptions): Progress {
  const startedAtMs = clock.now()
  let isStopping = false
  const say = ({ type, ...rest }: Line) =>
    void output.write(`${JSON.stringify({ type, atMs: Math.round(clock.now() - startedAtMs), ...rest })}\n`)
  return {
    note: (event) => {
      // A person's wish to stop is told at once, and again when it has left something out.
      if (event.type === 'stopping' && isStopping) return
      isStopping ||= event.type === 'stopping'
      say(plainEvent(event, plan))
    },
    end: () => {},
    logger: {
      warn: (message, details) => say(logged('warning', message, details)),
      error: (message, details) => say(logged('error', message, details)),
    },
  }
}

/** Without what programs have no use for: a bundle holds the change itself. */
function plainEvent(event: ReviewEvent, { fleet, lenses, bundles }: ReviewPlan): Line {
  switch (event.type) {
    case 'plan':
      return {
        ...event,
        cells: event.cells.length,
        models: fleet.members.map(({ name }) => name),
        lenses: lenses.map(({ name }) => name),
        bundles: bundles.map(({ id }) => id),
        isDemo: fleet.isDemo,
      }
    case 'cell-start':
      return { type: event.type, ...namesOf(event.cell) }
    case 'cell-end': {
      const { type, outcome, done, total, costUsd: totalCostUsd } = event
      const { member, lens, bundle, ...came } = outcome
      return { type, ...namesOf({ member, lens, bundle }), ...came, done, total, totalCostUsd }
    }
    default:
      return event
  }
}

function namesOf({ member, lens, bundle }: Cell) {
  return { model: member.name, lens: lens.name, bundle: bundle.id }
}

function logged(type: 'warning' | 'error', message: string, details: unknown): Line {
  return { type, message: `${message}${detailsText(details)}` }
}

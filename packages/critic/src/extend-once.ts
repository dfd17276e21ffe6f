import { checkCount, checkKeys, checkText } from '@executus/core/check-option'

import type { Escalator, WakeCause } from './escalator.ts'
import type { Verdict } from './verdict.ts'

export interface ExtendOnceOptions {
  /** Time that the run is given. @default another idle window */
  readonly timeMs?: number
  /** Steps that the run is given. @default none */
  readonly steps?: number
  /** What the model reads before its next step. @default what was noticed, and that it should go on or finish */
  readonly text?: string
}

/**
 * The default escalator: a run that seems to get nowhere is told so and given more room, once; at the next time it is
 * killed.
 *
 * @throws TypeError or RangeError that names the option
 */
export function extendOnce(options: ExtendOnceOptions = {}): Escalator {
  checkKeys('options', options, ['timeMs', 'steps', 'text'])
  const { timeMs, steps, text } = options
  if (timeMs !== undefined) checkCount('options.timeMs', timeMs, 0)
  if (steps !== undefined) checkCount('options.steps', steps, 0)
  if (text !== undefined) checkText('options.text', text)
  const room = { ...(timeMs !== undefined && { timeMs }), ...(steps !== undefined && { steps }) }
  return {
    decide({ cause, extensions }): Verdict {
      if (extensions > 0) return { action: 'kill', reason: `${saying(cause)}, after it was given more room` }
      return {
        action: 'extend',
        ...room,
        text: text ?? `[note: ${saying(cause)}. Go on, or finish with what you have.]`,
      }
    },
  }
}

/** What was noticed, in words for a model and for people. */
export function saying(cause: WakeCause): string {
  switch (cause.type) {
    case 'idle': {
      const names = [...new Set(cause.tools.map(({ tool }) => tool))].join(', ')
      const during = { model: ' from the model', tools: ` while ${names} was at work`, other: '' }[cause.during]
      return `nothing was heard${during} for ${cause.idleMs} ms`
    }
    case 'repeated-action':
      return `${cause.tool} was called with the same arguments in ${cause.times} steps in a row and gave the same`
    case 'repeated-error':
      return `${cause.tool} was called with the same arguments in ${cause.times} steps in a row and failed`
    case 'ping-pong':
      return `${cause.times} steps went back and forth between the same calls (${cause.tools.join(', ')})`
    case 'monologue':
      return `${cause.times} steps in a row used no tool and brought no answer`
  }
}

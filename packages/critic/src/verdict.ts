import type { Checked } from '@executus/core'

/** What is to become of a run that seems to get nowhere. */
export type Verdict =
  | { readonly action: 'wait' }
  | {
      readonly action: 'nudge'
      /** What the model reads before its next step. */
      readonly text: string
    }
  | {
      readonly action: 'extend'
      /** Steps beyond those that it may take. */
      readonly steps?: number
      /** Time beyond that which it may take. @default another idle window, where `steps` are not given either */
      readonly timeMs?: number
      /** What the model reads before its next step. */
      readonly text?: string
    }
  | { readonly action: 'kill'; readonly reason: string }

/** A nudge is a word, not a document: it stays in the conversation for good. */
export const LONGEST_TEXT = 4_000
/** The reason becomes the message of the run's error. */
const LONGEST_REASON = 500

/** What an escalator gave, if it is a verdict. A copy: what comes from a stranger may be something else at the next look. */
export function readVerdict(value: unknown): Checked<Verdict> {
  if (typeof value !== 'object' || value === null) return no(`it is ${value === null ? 'null' : typeof value}`)
  const { action, text, steps, timeMs, reason } = value as Readonly<Record<string, unknown>>
  switch (action) {
    case 'wait':
      return { ok: true, value: { action } }
    case 'nudge':
      return isText(text) ? { ok: true, value: { action, text: text.toWellFormed() } } : no(NO_TEXT)
    case 'extend':
      if (!isAmount(steps)) return no('`steps` is no count')
      if (!isAmount(timeMs)) return no('`timeMs` is no count')
      if (text !== undefined && !isText(text)) return no(NO_TEXT)
      return {
        ok: true,
        value: {
          action,
          ...(steps !== undefined && { steps }),
          ...(timeMs !== undefined && { timeMs }),
          ...(text !== undefined && { text: text.toWellFormed() }),
        },
      }
    case 'kill':
      if (typeof reason !== 'string' || reason.trim() === '') return no('`reason` is no text')
      return { ok: true, value: { action, reason: reason.slice(0, LONGEST_REASON).toWellFormed() } }
    default:
      return no('it has no `action` that is known')
  }
}

function no(problem: string): Checked<never> {
  return { ok: false, problem }
}

const NO_TEXT = `\`text\` is no text of 1 to ${LONGEST_TEXT} characters`

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT && value.trim() !== ''
}

function isAmount(value: unknown): value is number | undefined {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)
}

import { buttonId } from '../../channel/button-id.ts'
import type { Part } from '../../channel/channel.ts'
import { visibleText } from '../../channel/visible-text.ts'
import { oneLine } from '../../text/one-line.ts'
import type { AnswerEntry, Entry } from '../../view/entry.ts'
import { safeLine, safeText } from './terminal-text.ts'
import { withoutEscapes } from './without-escapes.ts'

/** What the terminal shows for an entry; `undefined` for what the person has typed there. */
export function partOfEntry(entry: Entry): Part | undefined {
  switch (entry.kind) {
    case 'said':
      return undefined
    case 'answer':
      return {
        text: [entry.job === undefined ? '' : `Of the job ${safeLine(entry.job)}:`, ...linesOf(entry)]
          .filter(Boolean)
          .join('\n'),
      }
    case 'question': {
      const { title, details, outcome, questionId } = entry
      // The bar is before every line of what a model wrote in part, so that none of it passes for ours.
      const about = visibleText(details.trimEnd()).replaceAll(/^/gm, '  │ ')
      const lines = [visibleText(oneLine(title)), details.trim() === '' ? '' : about]
      const text = [...lines, visibleText(oneLine(outcome ?? ''))].filter(Boolean).join('\n')
      if (outcome !== undefined) return { text }
      const buttons = entry.choices.map(({ id, label, style }) => ({ id: buttonId(questionId, id), label, style }))
      return { text, buttons }
    }
    case 'notice':
      return { text: safeText(withoutEscapes(entry.text)) }
  }
}

function linesOf(entry: AnswerEntry): readonly string[] {
  const text = safeText(entry.text).trim()
  const ending = endingOf(entry)
  return [text === '' && ending === '' ? 'There is no answer.' : text, ending]
}

/** How it ended, where that is not by an answer. */
export function endingOf({ outcome, problem }: AnswerEntry): string {
  if (outcome === 'ok') return ''
  const what = outcome === 'stopped' ? 'Stopped.' : 'It could not be answered.'
  return problem === undefined || problem === what ? what : `${what} ${safeText(problem)}`
}

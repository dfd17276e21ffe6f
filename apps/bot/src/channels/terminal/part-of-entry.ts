import { buttonId } from '../../channel/button-id.ts'
import type { Part } from '../../channel/channel.ts'
import type { AnswerEntry, Entry } from '../../view/entry.ts'
import { safeText } from './terminal-text.ts'

/** What the terminal shows for an entry; `undefined` for what the person has typed there. */
export function partOfEntry(entry: Entry): Part | undefined {
  switch (entry.kind) {
    case 'said':
      return undefined
    case 'answer':
      return {
        text: [entry.job === undefined ? '' : `Of the job ${entry.job}:`, ...linesOf(entry)].filter(Boolean).join('\n'),
      }
    case 'question': {
      const { title, details, outcome, questionId } = entry
      const text = [title, details.replaceAll(/^/gm, '  ').trimEnd(), outcome ?? ''].filter(Boolean).join('\n')
      if (outcome !== undefined) return { text: safeText(text) }
      const buttons = entry.choices.map(({ id, label, style }) => ({ id: buttonId(questionId, id), label, style }))
      return { text: safeText(text), buttons }
    }
    case 'notice':
      return { text: safeText(entry.text) }
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
  return problem === undefined ? what : `${what} ${safeText(problem)}`
}

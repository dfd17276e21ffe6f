import { readButtonId } from '../../channel/button-id.ts'
import type { Part } from '../../channel/channel.ts'
import { safeLine } from './terminal-text.ts'

/** One of the ways to decide. */
export interface OpenChoice {
  readonly questionId: string
  readonly choice: string
  readonly number: number
  readonly label: string
  /** What the question says. */
  readonly text: string
}

/** The questions that were shown and are not decided. Their choices are numbered throughout: a number is one choice. */
export class OpenQuestions {
  #choices: OpenChoice[] = []

  /** Adds the question of a part, and gives the line of its choices; `undefined` when it has none, or is known. */
  add(part: Part): string | undefined {
    const shown: string[] = []
    for (const { id, label } of part.buttons ?? []) {
      const read = readButtonId(id)
      if (read === undefined || (shown.length === 0 && this.has(read.questionId))) continue
      const number = (this.#choices.at(-1)?.number ?? 0) + 1
      const choice = { ...read, number, label: safeLine(label).toLowerCase(), text: part.text }
      this.#choices.push(choice)
      shown.push(`${number} [${choice.label.slice(0, 1)}]${choice.label.slice(1)}`)
    }
    return shown.length === 0 ? undefined : shown.join('   ')
  }

  has(questionId: string): boolean {
    return this.#choices.some((choice) => choice.questionId === questionId)
  }

  remove(questionId: string): void {
    this.#choices = this.#choices.filter((choice) => choice.questionId !== questionId)
  }

  get size(): number {
    return new Set(this.#choices.map(({ questionId }) => questionId)).size
  }

  /** The choice that a line is: its number, its label or the label's first letter. `many` when it could be several. */
  choiceOf(line: string): OpenChoice | 'many' | undefined {
    const word = line.trim().toLowerCase()
    if (word === '') return undefined
    const [found, ...more] = this.#choices.filter(
      ({ number, label }) => word === String(number) || word === label || (word.length === 1 && label.startsWith(word)),
    )
    return more.length > 0 ? 'many' : found
  }
}

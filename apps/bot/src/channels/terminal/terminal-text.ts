import { cut } from '../../text/cut.ts'
import { oneLine } from '../../text/one-line.ts'

/**
 * A stranger's text for a terminal, which it must not be able to steer: without control sequences, control characters other
 * than newline and tab, and what turns the direction of text. Text may come in pieces, cut anywhere.
 */
export class TerminalText {
  #state: 'text' | 'escape' | 'csi' | 'string' = 'text'
  #held = ''

  /** What of the next piece may be shown. */
  take(piece: string): string {
    const all = this.#held + piece
    // Half of a character waits for the other half.
    this.#held = /[\uD800-\uDBFF]$/.exec(all)?.[0] ?? ''
    let shown = ''
    for (const character of all.slice(0, all.length - this.#held.length))
      if (this.#isShown(character)) shown += character
    return shown.toWellFormed()
  }

  #isShown(character: string): boolean {
    switch (this.#state) {
      case 'escape':
        if (character >= ' ' && character <= '/') return false // what a longer one begins with
        this.#state = AFTER_ESCAPE[character] ?? 'text'
        // What belongs to no sequence is looked at as text, so that nothing can hide behind a lone ESC.
        return this.#state === 'text' && (character < '0' || character > '~') && this.#isText(character)
      case 'csi':
        if (character >= ' ' && character <= '?') return false
        this.#state = 'text'
        return (character < '@' || character > '~') && this.#isText(character)
      case 'string':
        // A line is the most that one without an end takes with it.
        if (character === '\n') return this.#isText(character)
        if (character === '\u0007' || character === '\u009C') this.#state = 'text'
        if (character === '\u001B') this.#state = 'escape' // of its end, ESC \
        return false
      case 'text':
        return this.#isText(character)
    }
  }

  #isText(character: string): boolean {
    this.#state = OPENERS[character] ?? 'text'
    return this.#state === 'text' && !HIDDEN.test(character)
  }
}

const AFTER_ESCAPE: Readonly<Record<string, 'csi' | 'string'>> = {
  '[': 'csi',
  ']': 'string',
  P: 'string',
  X: 'string',
  '^': 'string',
  _: 'string',
}

const OPENERS: Readonly<Record<string, 'escape' | 'csi' | 'string'>> = {
  '\u001B': 'escape',
  '\u009B': 'csi',
  '\u0090': 'string',
  '\u0098': 'string',
  '\u009D': 'string',
  '\u009E': 'string',
  '\u009F': 'string',
}

const HIDDEN = /[^\P{Cc}\n\t]|\p{Bidi_Control}/u

/** A whole text. */
export function safeText(text: string): string {
  return new TerminalText().take(text)
}

const LONGEST_LINE = 160

/** On one line, cut. */
export function safeLine(text: string): string {
  return cut(oneLine(safeText(text.slice(0, 4 * LONGEST_LINE))), LONGEST_LINE)
}

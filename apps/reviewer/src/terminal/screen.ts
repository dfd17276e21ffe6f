import { stripVTControlCharacters } from 'node:util'

import type { Output } from './progress.ts'
import { widthOf } from './text-width.ts'

const HIDE = '\u001B[?25l'
const SHOW = '\u001B[?25h'
// A width that is misjudged by a column is then cut off, and does not push the rest out of place.
const NO_WRAP = '\u001B[?7l'
const WRAP = '\u001B[?7h'
const CLEAR_LINE = '\u001B[K'
const CLEAR_BELOW = '\u001B[J'

/** Lines at the bottom of a terminal that are drawn over. The cursor is hidden while there are any. */
export class Screen {
  readonly #output: Output
  #lines: readonly string[] = []
  #isHidden = false

  constructor(output: Output) {
    this.#output = output
  }

  get size(): { readonly width: number; readonly height: number } {
    const { columns = 0, rows = 0 } = this.#output
    // Some terminals say 0 when they do not know.
    return { width: columns > 0 ? columns : 80, height: rows > 0 ? rows : 24 }
  }

  draw(lines: readonly string[]): void {
    const hide = this.#isHidden ? '' : HIDE
    this.#isHidden = true
    const body = lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')
    this.#output.write(`${hide}${NO_WRAP}${this.#toTop()}${body}${CLEAR_BELOW}${WRAP}`)
    this.#lines = lines
  }

  /** Puts `text` above what is drawn, where it stays. */
  print(text: string): void {
    const lines = this.#lines
    this.#output.write(`${this.#toTop()}${CLEAR_BELOW}${text}\n`)
    this.#lines = []
    if (lines.length > 0) this.draw(lines)
  }

  /** Leaves what is drawn, and gives the cursor back. */
  release(): void {
    if (this.#isHidden) this.#output.write(SHOW)
    this.#isHidden = false
    this.#lines = []
  }

  /** To where the first line begins, also when the terminal has become narrower and broken the lines since. */
  #toTop(): string {
    const { width } = this.size
    const rows = this.#lines.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(widthOf(stripVTControlCharacters(line)) / width)),
      0,
    )
    return rows === 0 ? '\r' : `\r\u001B[${rows}A`
  }
}

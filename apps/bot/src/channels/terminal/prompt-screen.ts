import { clearScreenDown, cursorTo, moveCursor } from 'node:readline'
import type { Interface } from 'node:readline/promises'

/**
 * Writes above the line that the person types. Where that line is empty, text streams as it comes and the prompt is back
 * with the first key; where something is typed, whole lines are put above it. Without a terminal all is written as it is.
 */
export class PromptScreen {
  readonly #output: NodeJS.WritableStream
  readonly #lines: Interface
  readonly #onKey = (): void => this.showPrompt()
  readonly #input: NodeJS.ReadableStream
  #isShown = false
  #isClosed = false
  #isMidLine = false
  /** The beginning of a line that waits for its end, as somebody types. */
  #held = ''

  constructor(lines: Interface, input: NodeJS.ReadableStream, output: NodeJS.WritableStream) {
    this.#lines = lines
    this.#input = input
    this.#output = output
    // Before readline's own, which puts the character where the cursor is.
    if (lines.terminal) input.prependListener('keypress', this.#onKey)
  }

  /** Text that goes on. */
  write(text: string): void {
    if (text === '') return
    if (!this.#isShown || this.#lines.line === '') {
      this.#hidePrompt()
      this.#put(this.#held + text)
      this.#held = ''
      return
    }
    const all = this.#held + text
    const end = all.lastIndexOf('\n') + 1
    this.#held = all.slice(end)
    if (end > 0) this.#putAbove(all.slice(0, end))
  }

  /** A line of its own, after what streamed. */
  line(text: string): void {
    this.endLine()
    this.write(`${text}\n`)
  }

  /** Whatever streamed is at an end. */
  endLine(): void {
    if (this.#isMidLine || this.#held !== '') this.write('\n')
  }

  /** Sets what was written apart from what comes next, for eyes. */
  gap(): void {
    if (this.#lines.terminal) this.line('')
  }

  showPrompt(): void {
    if (this.#isShown || this.#isClosed || !this.#lines.terminal) return
    if (this.#isMidLine) this.#put('\n')
    // Readline goes up by the rows that its cursor was below the prompt, as far as it knows; there is nothing of it now.
    Object.assign(this.#lines, { prevRows: 0 })
    this.#lines.prompt(true)
    this.#isShown = true
  }

  /** The person has pressed Enter: what is written next is below the line. */
  lineTaken(): void {
    if (this.#lines.terminal) this.#isShown = false
  }

  /** Leaves the cursor at the beginning of a line. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#input.off('keypress', this.#onKey)
    this.#hidePrompt()
    if (this.#held !== '' || this.#isMidLine) this.#put(`${this.#held}\n`)
    this.#held = ''
  }

  #put(text: string): void {
    this.#output.write(text)
    this.#isMidLine = !text.endsWith('\n')
  }

  #putAbove(text: string): void {
    this.#hidePrompt()
    this.#put(text)
    this.showPrompt()
  }

  #hidePrompt(): void {
    if (!this.#isShown) return
    const { rows } = this.#lines.getCursorPos()
    moveCursor(this.#output, 0, -rows)
    cursorTo(this.#output, 0)
    clearScreenDown(this.#output)
    this.#isShown = false
  }
}

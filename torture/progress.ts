const EVERY_MS = 5_000

/** How far it is, on stderr: a line that changes for people at a terminal, and now and then a line for a log. */
export class Progress {
  #toldMs = performance.now()
  #isOpen = false

  tell(text: string): void {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${text}\u001B[K`)
      this.#isOpen = true
    } else if (performance.now() - this.#toldMs >= EVERY_MS) {
      console.error(text)
      this.#toldMs = performance.now()
    }
  }

  /** What comes next begins a line of its own. */
  end(): void {
    if (this.#isOpen) process.stderr.write('\n')
    this.#isOpen = false
  }
}

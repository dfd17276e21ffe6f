/** How much may be at work at once. */
export class Places {
  readonly #size: number
  #taken = 0
  #waiting: (() => void)[] = []

  constructor(size: number) {
    this.#size = size
  }

  get free(): number {
    return this.#size - this.#taken
  }

  take(): void {
    this.#taken += 1
  }

  leave(): void {
    this.#taken -= 1
    const waiting = this.#waiting
    this.#waiting = []
    for (const tell of waiting) tell()
  }

  /** Resolves when the next one leaves. */
  oneLeaves(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }
}

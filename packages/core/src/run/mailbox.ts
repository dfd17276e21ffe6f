import type { UserMessage } from '@executus/llm'

/** What became of a message to a running run. */
export type SteerReceipt =
  | { readonly delivered: true; /** The step whose model call saw it first. */ readonly step: number }
  | { readonly delivered: false }

/** Messages that wait for a run's next step. */
export class Mailbox {
  #letters: { readonly message: UserMessage; readonly answer: (receipt: SteerReceipt) => void }[] = []
  #isClosed = false

  /** Whether the run has ended. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  get isEmpty(): boolean {
    return this.#letters.length === 0
  }

  post(message: UserMessage): Promise<SteerReceipt> {
    if (this.#isClosed) return Promise.resolve({ delivered: false })
    return new Promise((answer) => this.#letters.push({ message, answer }))
  }

  /** What waits, oldest first. It stays until it is `delivered`. */
  peek(): readonly UserMessage[] {
    return this.#letters.length === 0 ? NOTHING : this.#letters.map(({ message }) => message)
  }

  /** Takes out the oldest `count`, answering that `step` got them. */
  delivered(count: number, step: number): void {
    for (const { answer } of this.#letters.splice(0, count)) answer({ delivered: true, step })
  }

  /** Answers all who wait, and all who come later, that nothing is delivered any more. */
  close(): void {
    this.#isClosed = true
    for (const { answer } of this.#letters) answer({ delivered: false })
    this.#letters = []
  }
}

const NOTHING: readonly UserMessage[] = []

import type { Answer, Message, Sent } from './api.ts'
import { waitMs } from './wait.ts'

export interface OutboxOptions {
  readonly send: (message: Message) => Promise<Answer<Sent>>
  /** Told when the bot has it. */
  readonly onSent: (message: Message, sent: Sent) => void
  /** Told of each attempt that failed, and of those that follow it. */
  readonly onState: (message: Message, state: 'sending' | 'unsent' | 'refused', problem?: string) => void
  /** Calls `then` later; gives what calls it off. @default by `setTimeout` */
  readonly after?: (ms: number, then: () => void) => () => void
}

/**
 * Sends messages one after the other, in the order in which they were written. One that does not reach the bot is sent
 * again under the same id until it does; what was written after it waits.
 */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #waiting: Message[] = []
  #isSending = false
  #failures = 0
  #callOff: (() => void) | undefined

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  add(message: Message): void {
    this.#waiting.push(message)
    void this.#sendNext()
  }

  /** The bot is there: what waits need not wait longer. */
  hurry(): void {
    if (this.#callOff === undefined) return
    this.#callOff()
    this.#callOff = undefined
    void this.#sendNext()
  }

  async #sendNext(): Promise<void> {
    const [message] = this.#waiting
    if (message === undefined || this.#isSending || this.#callOff !== undefined) return
    this.#isSending = true
    const { send, onSent, onState } = this.#options
    if (this.#failures > 0) onState(message, 'sending')
    const answer = await send(message)
    this.#isSending = false
    if (answer.outcome === 'away') {
      this.#failures++
      for (const one of this.#waiting) onState(one, 'unsent')
      this.#callOff = (this.#options.after ?? afterMs)(waitMs(this.#failures), () => {
        this.#callOff = undefined
        void this.#sendNext()
      })
      return
    }
    this.#failures = 0
    this.#waiting.shift()
    if (answer.outcome === 'ok') onSent(message, answer.value)
    else onState(message, 'refused', answer.problem)
    await this.#sendNext()
  }
}

function afterMs(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms)
  return () => clearTimeout(timer)
}

import type { Clock } from '@executus/core'

import type { Escalator, Wake } from './escalator.ts'

/** What came of a question. */
export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }

/** One question to an escalator. Whatever that does, there is one answer at most, and none after it was called off. */
export class Asking {
  readonly #controller = new AbortController()
  readonly #onAnswer: (answer: Answer) => void
  #cancelTimer = () => {}
  #isOpen = true

  constructor(onAnswer: (answer: Answer) => void) {
    this.#onAnswer = onAnswer
  }

  /** What is decided at once is answered at once, so that a nudge is there before the run's next step. */
  ask(escalator: Escalator, wake: Wake, clock: Clock, timeoutMs: number): void {
    const onError = (error: unknown) => this.#answer({ ok: false, error })
    try {
      const given: unknown = escalator.decide(wake, { signal: this.#controller.signal })
      if (!isThenable(given)) return this.#answer({ ok: true, value: given })
      Promise.resolve(given).then((value) => this.#answer({ ok: true, value }), onError)
    } catch (error) {
      return onError(error)
    }
    if (this.#isOpen && timeoutMs !== Number.POSITIVE_INFINITY)
      this.#cancelTimer = clock.after(timeoutMs, () => {
        const error = new Error(`it took longer than ${timeoutMs} ms`)
        onError(error)
        this.#controller.abort(error)
      })
  }

  /** Nobody waits for the answer any more. */
  callOff(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#cancelTimer()
    this.#controller.abort(new Error('the run is not watched any more'))
  }

  #answer(answer: Answer): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#cancelTimer()
    this.#onAnswer(answer)
  }
}

function isThenable(given: unknown): given is PromiseLike<unknown> {
  return typeof given === 'object' && given !== null && typeof (given as { then?: unknown }).then === 'function'
}

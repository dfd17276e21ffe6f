/** Ctrl-C: once, and what is under way is finished and reported; twice, and it stops. */
export class StopSwitch {
  readonly #controller = new AbortController()
  #isStopping = false

  /** Nothing more is begun. */
  get isStopping(): boolean {
    return this.#isStopping
  }

  /** Aborts at the second call. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  stop(): void {
    if (this.#isStopping) this.#controller.abort(new Error('the review was stopped'))
    this.#isStopping = true
  }
}

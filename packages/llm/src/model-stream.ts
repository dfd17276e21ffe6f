import { ensureError, ModelError } from './errors.ts'
import type { ModelEvent, ModelReply, ModelStream, StreamOptions } from './model.ts'

/** Does one model call: emits events as they come and resolves to the whole reply, or rejects with a `ModelError`. */
export type ModelCall = (context: ModelCallContext) => Promise<ModelReply>

export interface ModelCallContext {
  readonly emit: (event: ModelEvent) => void
  /** Aborts when the caller loses interest. */
  readonly signal: AbortSignal
}

/** A `ModelStream` over `call`, which starts when the stream is first read. The way to write a `Model` of one's own. */
export function modelStream(call: ModelCall, options: StreamOptions = {}): ModelStream {
  let isRead = false
  const start = (emit: (event: ModelEvent) => void, signal: AbortSignal | undefined): Promise<ModelReply> => {
    if (isRead) throw new TypeError('Expected the model stream to be read once; call `stream` again for another answer')
    isRead = true
    if (signal?.aborted === true) return Promise.reject(abortedError(signal))
    return call(new CallContext(emit, signal))
  }
  return {
    // Not an async function: each of these costs a run that waits half a kilobyte.
    result(onEvent = ignore) {
      try {
        return start(onEvent, options.signal)
      } catch (error) {
        return Promise.reject(ensureError(error))
      }
    },
    [Symbol.asyncIterator]() {
      const left = new AbortController()
      const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal])
      const queue = new EventQueue(() => left.abort())
      start((event) => queue.push(event), signal).then(
        () => queue.close(),
        (error: unknown) => queue.close(ensureError(error)),
      )
      return queue
    },
  }
}

/** The error of a call whose signal aborted; the signal's reason is its cause. */
export function abortedError(signal: AbortSignal): ModelError {
  return new ModelError('The model call was aborted', { code: 'aborted', cause: signal.reason })
}

class CallContext implements ModelCallContext {
  readonly emit: (event: ModelEvent) => void
  #signal: AbortSignal | undefined

  constructor(emit: (event: ModelEvent) => void, signal: AbortSignal | undefined) {
    this.emit = emit
    this.#signal = signal
  }

  // Made when it is asked for: an AbortController costs microseconds, and most callers bring a signal.
  get signal(): AbortSignal {
    this.#signal ??= new AbortController().signal
    return this.#signal
  }
}

/** Turns pushed events into an iteration. */
class EventQueue implements AsyncIterator<ModelEvent> {
  readonly #onLeave: () => void
  #events: ModelEvent[] = []
  #next = 0
  #wakers: (() => void)[] = []
  #end: { readonly error: Error | undefined } | undefined

  constructor(onLeave: () => void) {
    this.#onLeave = onLeave
  }

  push(event: ModelEvent): void {
    this.#events.push(event)
    this.#wake()
  }

  close(error?: Error): void {
    this.#end ??= { error }
    this.#wake()
  }

  async next(): Promise<IteratorResult<ModelEvent, undefined>> {
    for (;;) {
      const event = this.#events[this.#next]
      if (event !== undefined) {
        this.#next += 1
        return { done: false, value: event }
      }
      this.#events = []
      this.#next = 0
      if (this.#end !== undefined) {
        const { error } = this.#end
        this.#end = { error: undefined }
        if (error !== undefined) throw error
        return { done: true, value: undefined }
      }
      await new Promise<void>((resolve) => this.#wakers.push(resolve))
    }
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) wake()
  }

  async return(): Promise<IteratorResult<ModelEvent, undefined>> {
    this.close()
    this.#events = []
    this.#onLeave()
    return { done: true, value: undefined }
  }
}

function ignore(): void {}

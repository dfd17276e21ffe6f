import { RunError } from '../errors.ts'
import type { Ending } from '../result.ts'

/** An ending that comes from outside the loop. */
export type StopCause = Extract<Ending, { readonly status: 'timeout' | 'cancelled' | 'killed' | 'interrupted' }>

/**
 * The one switch that stops a run: its deadline, its caller, its critic, the run above it and the executor's shutdown all
 * throw it, and the first one names the cause. Everything that waits inside a run waits through `race`, so nothing that
 * hangs can hold the run.
 */
export class RunStop {
  #cause: StopCause | undefined
  #planned: StopCause | undefined
  #above: RunStop | undefined
  #controller: AbortController | undefined
  #release: (() => void)[] = []
  readonly #waiting = new Set<() => void>()

  /** Why the run must stop; `undefined` while it may go on. */
  get cause(): StopCause | undefined {
    return this.#cause
  }

  /** Why the run must not take another step. */
  get causeAtSafePoint(): StopCause | undefined {
    return this.#cause ?? this.#planned ?? this.#above?.causeAtSafePoint
  }

  /** For those outside: a model, a tool. Made when first asked for, as many runs never need it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#cause !== undefined) this.#controller.abort(this.#cause.error)
    }
    return this.#controller.signal
  }

  stop(cause: StopCause): void {
    if (this.#cause !== undefined) return
    this.#cause = cause
    for (const callback of [...this.#waiting]) callback()
    this.#controller?.abort(cause.error)
  }

  /** Lets the step that is under way end first. */
  stopAtSafePoint(cause: StopCause): void {
    this.#planned ??= cause
  }

  /** Stops the run, by what `causeOf` makes of the reason, when `signal` aborts. */
  stopWith(signal: AbortSignal, causeOf: (reason: unknown) => StopCause): void {
    const onAbort = () => this.stop(causeOf(signal.reason))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    this.#release.push(() => signal.removeEventListener('abort', onAbort))
  }

  /** Stops the run when `other` stops, for the same cause, and at its next safe point when `other` is to stop at one. */
  stopWithRun(other: RunStop): void {
    this.#above = other
    const follow = () => {
      if (other.cause !== undefined) this.stop(other.cause)
    }
    follow()
    this.#release.push(other.onStop(follow))
  }

  /** Calls back once when the run stops; the returned function calls that off. */
  onStop(callback: () => void): () => void {
    this.#waiting.add(callback)
    return () => {
      this.#waiting.delete(callback)
    }
  }

  /** Settles as `promise` does, or rejects with the cause's error as soon as the run stops. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(this.#cause?.error ?? new Error('The run has not been stopped'))
      this.#waiting.add(giveUp)
      promise.then(
        (value) => {
          this.#waiting.delete(giveUp)
          resolve(value)
        },
        (error: unknown) => {
          this.#waiting.delete(giveUp)
          reject(error)
        },
      )
      if (this.#cause !== undefined) giveUp()
    })
  }

  /** Lets go of the caller's signal and of the runs above. */
  release(): void {
    for (const release of this.#release) release()
    this.#release = []
    this.#waiting.clear()
  }
}

/** The cause of a run that took all its time. */
export function timedOut(timeoutMs: number): StopCause {
  const error = new RunError('deadline', `The run took longer than its ${timeoutMs} ms`)
  return { status: 'timeout', stopReason: 'deadline', error }
}

/** The cause of a run that its caller ended; `reason` may be anything. */
export function cancelled(reason: unknown): StopCause {
  const why = wordsOf(reason, 'by the caller')
  return {
    status: 'cancelled',
    stopReason: 'cancelled',
    error: new RunError('cancelled', `The run was cancelled: ${why}`, { cause: reason }),
  }
}

/** The cause of a run that its critic ended. */
export function killed(reason: string): StopCause {
  const error = new RunError('killed', `The run was killed: ${wordsOf(reason, 'by its critic')}`)
  return { status: 'killed', stopReason: 'killed', error }
}

/** A stranger's reason must not keep a run from stopping. */
function wordsOf(reason: unknown, otherwise: string): string {
  if (typeof reason === 'string') return reason
  try {
    return reason instanceof Error ? reason.message.slice() : otherwise
  } catch {
    return otherwise
  }
}

/** The cause of a run that is left behind at shutdown. */
export function interrupted(): StopCause {
  return {
    status: 'interrupted',
    stopReason: 'shutdown',
    error: new RunError('shutdown', 'The executor shut down before the run was done'),
  }
}

/** The cause of a run whose journal cannot be written by this process any more. */
export function cutOff(stopReason: 'storage' | 'fenced', cause: unknown): StopCause {
  const why = stopReason === 'fenced' ? 'another process has taken the run over' : 'its journal could not be written'
  const error = new RunError(stopReason, `The run stopped before its next effect: ${why}`, { cause })
  return { status: 'interrupted', stopReason, error }
}

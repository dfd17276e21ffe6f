import type { Clock, JsonValue } from '@executus/core'

import { errorText } from '../error-text.ts'

/** A due time of a job that is being done. */
export interface Firing {
  /**
   * `<job id>@<due time>`: the same whoever begins it, and begun once. As the id of a run it is begun once as well, whatever
   * the storage of that run thinks.
   */
  readonly id: string
  readonly jobId: string
  readonly name?: string
  readonly owner?: string
  readonly payload: JsonValue
  /** When the trigger said, in milliseconds since the epoch. */
  readonly dueAtMs: number
  /** It stands for all due times since this one, at which nobody looked. */
  readonly sinceMs?: number
  readonly startedAtMs: number
}

/**
 * Does a firing, and resolves when it is done; what it gives is not looked at. `signal` aborts when it takes too long, with a
 * `TimeoutError`, and when whoever ticks or loops stops, with the reason of that.
 */
export type RunFiring = (firing: Firing, context: { readonly signal: AbortSignal }) => unknown

/** How a firing ended. */
export interface FiringEnd {
  readonly outcome: 'ran' | 'failed'
  readonly error?: string
}

export interface FiringBounds {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly graceMs: number
  /** Stops it. */
  readonly stop: AbortSignal
}

/** Has `run` do a firing, within its bounds: one that does not end is left to itself. Never rejects. */
export function runFiring(run: RunFiring, firing: Firing, bounds: FiringBounds): Promise<FiringEnd> {
  const { clock, timeoutMs, graceMs, stop } = bounds
  const controller = new AbortController()
  let cancelGrace: (() => void) | undefined
  let tooLong: FiringEnd | undefined
  return new Promise((resolve) => {
    const end = (how: FiringEnd) => {
      cancelTimeout()
      cancelGrace?.()
      stop.removeEventListener('abort', onStop)
      resolve(tooLong ?? how)
    }
    const abort = (reason: unknown, what: string) => {
      cancelGrace ??= clock.after(graceMs, () => end({ outcome: 'failed', error: `${what}, and it did not end` }))
      controller.abort(reason)
    }
    const onStop = () => abort(stop.reason, 'it was stopped')
    const cancelTimeout = clock.after(timeoutMs, () => {
      const what = `it took longer than ${timeoutMs} ms`
      tooLong = { outcome: 'failed', error: what }
      abort(new DOMException(what, 'TimeoutError'), what)
    })
    stop.addEventListener('abort', onStop)
    if (stop.aborted) onStop()
    Promise.resolve()
      .then(() => run(firing, { signal: controller.signal }))
      .then(
        () => end({ outcome: 'ran' }),
        (error: unknown) => end({ outcome: 'failed', error: errorText(error) }),
      )
  })
}

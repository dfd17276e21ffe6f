import { type Clock, monotonicMs } from './clock.ts'
import { ModelError } from './errors.ts'
import { abortedError } from './model-stream.ts'

/** How long a provider may be silent. Neither vendor's SDK watches a stream once its headers have come. */
export interface StallTimers {
  /** Until the first event. Reasoning models may think for a minute before it. @default 120_000 */
  readonly firstEventTimeoutMs?: number
  /** Between two events; a keep-alive is none. @default 120_000 */
  readonly idleTimeoutMs?: number
}

const FIRST_EVENT_TIMEOUT_MS = 120_000
const IDLE_TIMEOUT_MS = 120_000

/**
 * Runs `work` with a signal that aborts when `touch` is not called in time, or when `outer` aborts. `touch` may say how much
 * time there is until the next one (default: `idleTimeoutMs`).
 * Settles then even if `work` does not; what `work` does afterwards is of no interest.
 *
 * @throws ModelError `timeout` before the first `touch`, `stalled` after it, `aborted` for `outer`
 */
export function guardStalls<T>(
  work: (signal: AbortSignal, touch: (timeoutMs?: number) => void) => Promise<T>,
  outer: AbortSignal,
  clock: Clock,
  { firstEventTimeoutMs = FIRST_EVENT_TIMEOUT_MS, idleTimeoutMs = IDLE_TIMEOUT_MS }: StallTimers,
): Promise<T> {
  // An abort that has passed is not heard again: the caller may have left while an SDK was being imported.
  if (outer.aborted) return Promise.reject(abortedError(outer))
  return new Promise((resolve, reject) => {
    const controller = new AbortController()
    let touchedAtMs: number | undefined
    let timeoutMs = idleTimeoutMs
    let cancelTimer = clock.after(firstEventTimeoutMs, onTimer)

    const giveUp = (error: ModelError) => {
      settle()
      reject(error)
      controller.abort(error)
    }
    const onAbort = () => giveUp(abortedError(outer))
    const settle = () => {
      cancelTimer()
      outer.removeEventListener('abort', onAbort)
    }
    // One timer that looks back, not a new one for each of thousands of events.
    function onTimer(): void {
      if (touchedAtMs === undefined) return giveUp(silent('timeout', 'before the first event', firstEventTimeoutMs))
      const leftMs = touchedAtMs + timeoutMs - monotonicMs(clock)
      if (leftMs <= 0) return giveUp(silent('stalled', 'in the middle of its answer', timeoutMs))
      cancelTimer = clock.after(leftMs, onTimer)
    }
    const touch = (nextMs = idleTimeoutMs) => {
      if (touchedAtMs === undefined || nextMs !== timeoutMs) {
        timeoutMs = nextMs
        cancelTimer()
        cancelTimer = clock.after(timeoutMs, onTimer)
      }
      touchedAtMs = monotonicMs(clock)
    }

    outer.addEventListener('abort', onAbort)
    work(controller.signal, touch).then(
      (value) => {
        settle()
        resolve(value)
      },
      (error: unknown) => {
        settle()
        reject(error)
      },
    )
  })
}

function silent(code: 'timeout' | 'stalled', when: string, limitMs: number): ModelError {
  return new ModelError(`The model fell silent ${when} (nothing for ${limitMs} ms)`, { code })
}

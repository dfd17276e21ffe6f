import { ensureError } from '@executus/llm'

import { JournalError, RunError } from '../errors.ts'
import { isPromiseLike } from '../promise-like.ts'
import type { RunHead } from './run.ts'

/** What something that only tells of the end may take: a host that shuts down waits for it. */
const LONGEST_TELL_MS = 10_000

/**
 * Asks a port that shapes the run or gates it. What it throws ends the run, plainly; it is waited for as long as the run
 * lasts. An answer that comes later goes to `giveBack`, as nobody else would let go of what it holds.
 */
export async function askPort<T>(
  run: RunHead,
  what: string,
  work: () => T | Promise<T>,
  giveBack?: (late: T) => unknown,
): Promise<T> {
  try {
    const answer = work()
    if (!isPromiseLike(answer)) return answer
    const coming = Promise.resolve(answer)
    return await run.stop.race(coming).catch((error: unknown) => {
      if (giveBack !== undefined) void coming.then(giveBack).catch(() => {}) // what fails holds nothing
      throw error
    })
  } catch (error) {
    // A journal that cannot be reached now is no failure of the run.
    if (JournalError.is(error)) throw error
    throw new RunError('port', `${what} failed: ${ensureError(error).message}`, { cause: error })
  }
}

/**
 * Tells a port of the end of a run, which it cannot change any more. What it throws is logged; its signal is a fresh one,
 * as that of the run may have aborted, and after a while it is not waited for.
 */
export function tellPort<T>(
  run: RunHead,
  what: string,
  work: (signal: AbortSignal) => T | Promise<T>,
): Promise<T | undefined> {
  const complain = (error: unknown): undefined => {
    run.logger.error(`${what} of run ${run.id} failed`, error)
  }
  const controller = new AbortController()
  let answer: T | Promise<T>
  try {
    answer = work(controller.signal)
  } catch (error) {
    return Promise.resolve(complain(error))
  }
  return new Promise((resolve) => {
    const cancelTimer = run.clock.after(LONGEST_TELL_MS, () => {
      const error = new Error(`it did not settle in ${LONGEST_TELL_MS} ms`)
      controller.abort(error)
      resolve(complain(error))
    })
    void Promise.resolve(answer)
      .catch(complain)
      .then((value) => {
        cancelTimer()
        resolve(value)
      })
  })
}

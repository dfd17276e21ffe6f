import { makeRoom } from '../compaction/make-room.ts'
import type { Ending } from '../result.ts'
import { act } from './act.ts'
import { endStep } from './end-step.ts'
import { limitReached } from './limit-reached.ts'
import { mayThink, review, standingAnswer } from './review.ts'
import type { Run } from './run.ts'
import { takeMail } from './take-mail.ts'
import { think } from './think.ts'

/**
 * Drives one phase of a run to its end. Streaming callers watch its events; there is no second loop for them. A run that is
 * resumed comes in with a reply whose calls are still open, or with its last answer, and goes on from there.
 */
export async function runLoop(run: Run): Promise<Ending> {
  // A run that had answered when its process ended is not asked again.
  const standing = run.isResumed ? await standingAnswer(run) : undefined
  if (standing !== undefined) return standing
  for (;;) {
    if (mayThink(run)) {
      const limit = await limitReached(run)
      // What is said after the last answer that the limits allow does not undo it.
      if (limit !== undefined) return limit.status === 'error' ? ((await standingAnswer(run)) ?? limit) : limit

      await takeMail(run)
      await makeRoom(run)
      await think(run)
    }
    while (run.state.open !== undefined) {
      const halt = await act(run)
      if (halt !== undefined) return halt
    }
    endStep(run)

    const verdict = await review(run)
    if (verdict !== undefined) return verdict
  }
}

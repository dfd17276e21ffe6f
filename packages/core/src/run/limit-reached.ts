import type { Ending } from '../result.ts'
import { askPort } from './ask-port.ts'
import { noAnswer } from './ending.ts'
import { emit, maxStepsOf, record, type Run, stepOf } from './run.ts'
import { spentBy } from './spent.ts'
import { takeMail } from './take-mail.ts'

/** Why the run may not take another step, if so. Asked before each one, so that a raised limit counts at once. */
export async function limitReached(run: Run): Promise<Ending | undefined> {
  // A run that is left at a safe point keeps what it was given.
  if (run.stop.cause === undefined) await raiseLimits(run)
  const stopped = run.stop.causeAtSafePoint
  // What was said to a run that is left is heard when it goes on.
  if (stopped !== undefined && run.stop.cause === undefined && run.door.isDurable) await takeMail(run)
  if (stopped !== undefined) return stopped
  const stuck = run.state.guards.verdict(run.limits)
  if (stuck !== undefined) return stuck
  const maxSteps = maxStepsOf(run)
  if (run.state.phaseSteps >= maxSteps)
    return noAnswer('step-limit', `The run took all of its ${maxSteps} steps without an answer`)
  return overBudget(run)
}

/** Lets what the run was given count from here on, also after a crash. */
export async function raiseLimits(run: Run): Promise<void> {
  if (run.extensions.length === 0) return
  const added = run.extensions.splice(0)
  await record(run, ...added.map((extension) => ({ type: 'limits' as const, ...extension })))
  const { timeoutMs } = run.deadline
  emit(run, { type: 'limits-raised', step: stepOf(run), maxSteps: maxStepsOf(run), timeoutMs })
}

/** A delegated run is paid by the one at its top. */
async function overBudget(run: Run): Promise<Ending | undefined> {
  let root = run
  while (root.parent !== undefined) root = root.parent
  const { reservation } = root
  if (reservation?.check === undefined) return undefined
  const reason = await askPort(run, 'The budget', () => reservation.check!(spentBy(run)))
  return typeof reason === 'string' ? noAnswer('budget', reason) : undefined
}

import { LaneError } from '../lane/errors.ts'
import type { Ending } from '../result.ts'
import { askPort } from './ask-port.ts'
import { rejected } from './ending.ts'
import type { Run } from './run.ts'

/** The gates before a run. A run that another began is inside them already: it takes nothing that its parent waits for. */
export async function admit(run: Run): Promise<Ending | undefined> {
  if (run.parent !== undefined) return undefined
  return (await enterDispatch(run)) ?? (await reserveBudget(run)) ?? (await enterLane(run))
}

async function enterDispatch(run: Run): Promise<Ending | undefined> {
  const { requestKey } = run.invocation
  if (requestKey === undefined) return undefined
  const { dispatchGuard } = run.config
  const entry = await askPort(run, 'The dispatch guard', () => dispatchGuard.enter(requestKey, run.id))
  if (!entry.ok) return rejected('duplicate', `The same request is being run already, as ${entry.runningId}`)
  run.leases.push(() => entry.leave())
  return undefined
}

async function reserveBudget(run: Run): Promise<Ending | undefined> {
  const { budget } = run.config
  if (budget === undefined) return undefined
  const answer = await askPort(run, 'The budget', () => budget.reserve(run.info, { signal: run.stop.signal }))
  if (!answer.ok) return rejected('budget', answer.reason, answer)
  run.reservation = answer.reservation
  return undefined
}

/** Waiting for a slot is not the run's time. */
async function enterLane(run: Run): Promise<Ending | undefined> {
  const lane = run.config.lanes.runs
  if (lane === undefined) return undefined
  const resume = run.deadline.pause()
  try {
    const lease = await lane.acquire(run.info.caller ?? run.info.agent.name, { signal: run.stop.signal })
    run.leases.push(() => lease.release())
    return undefined
  } catch (error) {
    if (run.stop.cause === undefined && LaneError.is(error) && error.code !== 'aborted')
      return rejected('lane-full', `The run was not admitted: ${error.message}`, { cause: error })
    throw error
  } finally {
    resume()
  }
}

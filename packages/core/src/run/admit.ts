import { RunError } from '../errors.ts'
import { LaneError } from '../lane/errors.ts'
import type { Lease } from '../lane/lease.ts'
import type { Ending } from '../result.ts'
import { askPort, tellPort } from './ask-port.ts'
import { rejected } from './ending.ts'
import type { Run } from './run.ts'
import { spentBy } from './spent.ts'

/** The gates before a run. A run that another began is inside them already: it takes nothing that its parent waits for. */
export async function admit(run: Run): Promise<Ending | undefined> {
  if (run.parent !== undefined) return undefined
  return (await enterDispatch(run)) ?? (await reserveBudget(run)) ?? (await enterLane(run))
}

async function enterDispatch(run: Run): Promise<Ending | undefined> {
  const { requestKey } = run.info
  if (requestKey === undefined) return undefined
  const { dispatchGuard } = run.config
  const entry = await askPort(
    run,
    'The dispatch guard',
    () => dispatchGuard.enter(requestKey, run.id),
    (late) => late.ok && tellPort(run, 'a lease', () => late.leave()),
  )
  if (!entry.ok) return rejected('duplicate', `The same request is being run already, as ${entry.runningId}`)
  run.leases.push(() => entry.leave())
  return undefined
}

async function reserveBudget(run: Run): Promise<Ending | undefined> {
  const { budget } = run.config
  if (budget === undefined) return undefined
  const answer = await askPort(
    run,
    'The budget',
    () => budget.reserve(run.info, { signal: run.stop.signal, spent: spentBy(run), isResumed: run.isResumed }),
    (late) => late.ok && tellPort(run, 'the budget', () => late.reservation.settle(spentBy(run))),
  )
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
    const key = run.info.caller ?? run.info.agent.name
    const lease = await askPort(
      run,
      'The lane',
      () => lane.acquire(key, { signal: run.stop.signal }),
      (late) => tellPort(run, 'a lease', () => late.release()),
    )
    if (typeof (lease as Lease | undefined)?.release !== 'function')
      throw new TypeError('Expected the lane to give a lease with `release`')
    run.leases.push(() => lease.release())
    if (!run.isResumed) startNow(run)
    return undefined
  } catch (error) {
    const cause: unknown = RunError.is(error) ? error.cause : error
    if (run.stop.cause === undefined && LaneError.is(cause) && cause.code !== 'aborted')
      return rejected('lane-full', `The run was not admitted: ${cause.message}`, { cause })
    throw error
  } finally {
    resume()
  }
}

/** A record that counts from here does not count the wait, either. */
function startNow(run: Run): void {
  run.info = { ...run.info, startedAtMs: run.clock.now() }
  run.state.lastAtMs = run.info.startedAtMs
}

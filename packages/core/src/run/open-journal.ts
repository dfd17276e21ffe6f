import { checkPort, expected } from '../check-option.ts'
import { JournalError } from '../errors.ts'
import type { Checkpointer } from '../journal/checkpointer.ts'
import { Door } from '../journal/door.ts'
import type { Ending } from '../result.ts'
import { rejected } from './ending.ts'
import { cancelled, cutOff } from './run-stop.ts'
import { record, type Run } from './run.ts'

/** Opens the run's record, where there is a checkpointer, or goes on with the one that it was resumed from. */
export async function openJournal(run: Run): Promise<Ending | undefined> {
  const { checkpointer: factory, requireDurable } = run.config
  if (run.isResumed) {
    follow(run)
    await record(run, { type: 'segment' })
    return undefined
  }
  // A run below one that keeps nothing could not be found again.
  if (factory === undefined || run.parent?.door.isDurable === false) return undefined
  try {
    // A factory may throw instead of rejecting.
    const opening = Promise.resolve().then(async () => checkedRecord(await factory.begin(run.info)))
    const opened = await run.stop.race(opening).catch((error: unknown) => {
      // Nobody waits for it any more; what a shutdown interrupts goes on after it.
      const isInterrupted = run.stop.cause?.status === 'interrupted'
      void opening.then((late) => (isInterrupted ? late?.leave() : late?.fail(NEVER_BEGAN))).catch(() => {})
      throw error
    })
    if (opened === undefined) return undefined
    use(run, opened)
    return undefined
  } catch (error) {
    if (run.stop.cause !== undefined) throw error
    if (JournalError.is(error) && error.code === 'fenced')
      return rejected('duplicate', `There is a record of ${run.id} already: resume it`, { cause: error })
    // Its parent is durable, and would have all of it done again.
    if (run.parent !== undefined)
      throw new JournalError('storage', `The journal of ${run.id} could not be opened`, { cause: error })
    if (requireDurable) return rejected('not-durable', 'The run\u2019s journal could not be opened', { cause: error })
    run.logger.warn(`run ${run.id} goes on without a journal`, error)
    return undefined
  }
}

/**
 * What a factory gave, if it is a checkpointer: a run must not go on through a door that does not open.
 *
 * @throws TypeError that names what is missing
 */
export function checkedRecord(given: Checkpointer | undefined): Checkpointer | undefined {
  if ((given ?? undefined) === undefined) return undefined
  checkPort('the checkpointer of a run', given, ['step', 'batch', 'note', 'suspend', 'complete', 'fail', 'leave'])
  const { history } = given!
  if (!Array.isArray(history)) throw expected('the history of a run', 'a list of entries', history)
  for (const name of ['lost', 'cancelled'] as const)
    if (given![name] !== undefined && !(given![name] instanceof AbortSignal))
      throw expected(`\`${name}\` of a checkpointer`, 'an AbortSignal', given![name])
  return given
}

const NEVER_BEGAN = { status: 'cancelled', stopReason: 'cancelled', output: '' }

function use(run: Run, checkpointer: Checkpointer): void {
  run.checkpointer = checkpointer
  run.door = new Door(checkpointer, true, run.stop, run.clock)
  follow(run)
}

/** Another process may claim the run, or have it cancelled: either stops it here. */
function follow({ checkpointer, stop }: Run): void {
  if (checkpointer.cancelled !== undefined) stop.stopWith(checkpointer.cancelled, cancelled)
  if (checkpointer.lost !== undefined) stop.stopWith(checkpointer.lost, (reason) => cutOff('fenced', reason))
}

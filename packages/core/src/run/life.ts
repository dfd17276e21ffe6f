import type { Ending, RunResult } from '../result.ts'
import { admit } from './admit.ts'
import { buildToolboxes } from './build-toolboxes.ts'
import { endingOfFault } from './ending.ts'
import { finish, retell } from './finish.ts'
import { openJournal } from './open-journal.ts'
import { runPhases } from './run-phases.ts'
import { cancelled, timedOut } from './run-stop.ts'
import { emit, phaseOf, type Run, type RunHead } from './run.ts'
import { stageInput } from './stage-input.ts'
import { openAudit, openCritic } from './watch-run.ts'

/** The whole life of a run, from its admission to its one result. Never rejects. */
export async function liveRun(head: RunHead, open: () => Promise<Run | Ending>): Promise<RunResult> {
  let run: Run | undefined
  let ending: Ending
  try {
    const opened = await open()
    if ('status' in opened) ending = opened
    else {
      const { ended } = opened.checkpointer
      if (ended !== undefined) return retell(head, opened, ended)
      run = opened
      ending = (await begin(run)) ?? (await runPhases(run))
    }
  } catch (fault) {
    ending = endingOfFault(run ?? head, fault)
  }
  return finish(head, run, ending)
}

/** Everything before the first step. Gives an ending when the run may not begin. */
async function begin(run: Run): Promise<Ending | undefined> {
  startClock(run)
  const refused = (await admit(run)) ?? (await stageInput(run)) ?? (await openJournal(run))
  if (refused !== undefined) return refused
  openAudit(run)
  await buildToolboxes(run)
  const { agent } = run.info
  emit(run, { type: 'run-start', agent: agent.name, model: phaseOf(run).model.spec, isResumed: run.isResumed })
  openCritic(run)
  run.hasBegun = true
  return undefined
}

/** A run's time is its own: what its caller may still wait is the caller's. */
function startClock(run: Run): void {
  const { limits, state, deadline, stop, extensions } = run
  // What the run was given before it began counts as well.
  const givenMs = extensions.reduce((sum, { timeMs }) => sum + timeMs, state.addedTimeMs)
  deadline.start(limits.timeoutMs + givenMs, state.elapsedMs, () => stop.stop(timedOut(deadline.timeoutMs)))
  if (run.invocation.signal !== undefined) stop.stopWith(run.invocation.signal, cancelled)
  if (run.parent !== undefined) stop.stopWithRun(run.parent.stop)
}

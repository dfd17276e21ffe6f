import type { Ending } from '../result.ts'
import { runLoop } from './loop.ts'
import { emit, phaseOf, record, type Run } from './run.ts'

/** Runs the phases that are left, one after the other; an agent without phases has one, which nobody hears of. */
export function runPhases(run: Run): Promise<Ending> {
  return run.phases[0]!.name === undefined ? runLoop(run) : runEach(run)
}

async function runEach(run: Run): Promise<Ending> {
  for (;;) {
    const { name = '', model } = phaseOf(run)
    const index = run.state.phase
    emit(run, { type: 'phase-start', phase: name, index, model: model.spec })
    const ending = await runLoop(run)
    if (ending.status !== 'ok' || index === run.phases.length - 1) return ending
    await record(run, { type: 'phase-end' })
    const { output } = run.state.phases.at(-1)!
    emit(run, { type: 'phase-end', phase: name, index, output })
  }
}

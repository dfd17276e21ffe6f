import { emit, type Run, stepOf } from './run.ts'

/** Tells that a step is over: its reply is whole and its calls have their results. */
export function endStep(run: Run): void {
  const { message, stopReason, usage } = run.state.reply!
  emit(run, { type: 'step-end', step: stepOf(run), message, stopReason, ...(usage && { usage }) })
}

import type { RunProgress } from '../tool/tool.ts'
import { maxStepsOf, phaseOf, type Run, stepOf } from './run.ts'

/** How far the run has come, for its tools and its critic. */
export function progressOf(run: Run): RunProgress {
  const { name } = phaseOf(run)
  const { inputTokens, outputTokens } = run.state.usage
  return {
    agent: run.info.agent.name,
    ...(name !== undefined && { phase: name }),
    steps: stepOf(run),
    maxSteps: maxStepsOf(run),
    elapsedMs: run.deadline.elapsedMs,
    timeoutMs: run.deadline.timeoutMs,
    isWaiting: run.deadline.isPaused,
    inputTokens,
    outputTokens,
  }
}

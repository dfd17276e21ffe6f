import type { RunResult } from '@executus/core'

import type { AnswerEntry, TrailItem } from '../../view/entry.ts'

/** Whether a run has ended for good, so that its answer can be told. */
export function isFinal({ status }: RunResult): boolean {
  return status !== 'suspended' && status !== 'interrupted' && status !== 'rejected'
}

/** What people are told of a run that has ended. */
export function answerOf(
  result: RunResult,
  { agent, trail, job }: { readonly agent: string; readonly trail: readonly TrailItem[]; readonly job?: string },
): AnswerEntry {
  const { status, output, usage, elapsedMs } = result
  const problem = problemOf(result)
  return {
    kind: 'answer',
    text: output,
    agent,
    outcome: status === 'ok' ? 'ok' : isStop(result) ? 'stopped' : 'failed',
    ...(problem !== undefined && { problem }),
    trail: withoutAnswer(trail),
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    elapsedMs: Math.round(elapsedMs),
    ...(job !== undefined && { job }),
  }
}

/** The last words of a trail are the answer, which is shown by itself. */
function withoutAnswer(trail: readonly TrailItem[]): readonly TrailItem[] {
  return trail.at(-1)?.type === 'text' ? trail.slice(0, -1) : trail
}

function isStop({ status, stopReason }: RunResult): boolean {
  return status === 'cancelled' || stopReason === 'budget'
}

/** Why there is no answer, in words for the one who asked. */
export function problemOf(result: RunResult): string | undefined {
  if (result.status === 'ok') return undefined
  switch (result.stopReason) {
    case 'cancelled':
      return 'Stopped.'
    case 'budget':
      return 'Paused: the budget is used up.'
    case 'deadline':
      return 'It took longer than a run may.'
    case 'step-limit':
      return 'It took more steps than a run may.'
    case 'tool-errors':
      return 'Its tools failed again and again.'
    case 'repeated-call':
      return 'It did the same over and over.'
    case 'lane-full':
      return 'There is too much to do right now. Please say it again later.'
    case 'not-durable':
      return 'The bot’s storage cannot be written, so nothing was begun. Please say it again later.'
    default:
      return result.error.message
  }
}

import { ensureError, monotonicMs, type ToolCallPart, type ToolResultPart } from '@executus/llm'

import { JournalError } from '../errors.ts'
import type { RunInput } from '../input.ts'
import type { CallAttempt } from '../journal/checkpointer.ts'
import type { ToolOutcome } from '../journal/entry.ts'
import type { RunResult } from '../result.ts'
import { emit, type Run, stepOf } from '../run/run.ts'
import { errorResult, okResult } from '../run/tool-result.ts'
import { truncate } from '../tool/tool-output.ts'
import { ChildSuspended } from './child-suspended.ts'
import type { DelegateTool } from './delegate-tool.ts'

/**
 * Has a call done by a run below this one. That run's id is made of the call's, so that a call which is made again finds it.
 *
 * @throws ChildSuspended when it waits for people or stopped at a safe point; what stopped it, when it was stopped with
 * this run
 */
export async function delegateCall(
  run: Run,
  call: ToolCallPart,
  { delegate, name }: DelegateTool,
  input: unknown,
  { attempt }: CallAttempt,
): Promise<ToolOutcome> {
  let task: RunInput
  try {
    task = delegate.inputOf?.(input) ?? (input as { readonly task: string }).task
  } catch (error) {
    return { result: errorResult(call, `${name} failed: ${ensureError(error).message}`) }
  }
  const step = stepOf(run)
  const startedAtMs = monotonicMs(run.clock)
  const elapsedMs = run.deadline.elapsedMs
  const result = await run.delegate(run, {
    runId: `${run.id}/${call.id}`,
    agent: delegate.agent,
    input: task,
    isFirstParty: delegate.isFirstParty !== false,
    isRetry: attempt > 1,
    onEvent: (event) => emit(run, { type: 'child-event', step, callId: call.id, event }),
  })
  run.unfinished = new Map([...run.unfinished, [call.id, result.usage]])
  if (result.status === 'suspended') throw new ChildSuspended(result.approvals)
  if (run.stop.cause !== undefined) throw run.stop.cause.error
  if (result.stopReason === run.stop.causeAtSafePoint?.stopReason) throw new ChildSuspended([])
  // It can be resumed, so it has not failed: this run must not go on as if it had.
  if (result.status === 'interrupted')
    throw new JournalError(result.stopReason === 'fenced' ? 'fenced' : 'storage', result.error.message, {
      cause: result.error,
    })
  const waitedMs = monotonicMs(run.clock) - startedAtMs - (run.deadline.elapsedMs - elapsedMs)
  return { result: resultOf(run, call, name, result), usage: result.usage, ...(waitedMs > 0 && { waitedMs }) }
}

function resultOf(run: Run, call: ToolCallPart, name: string, result: RunResult): ToolResultPart {
  const { maxToolOutputChars } = run.limits
  if (result.status === 'ok')
    return okResult(call, [{ type: 'text', text: truncate(result.output || '(no output)', maxToolOutputChars) }])
  const partial = result.output === '' ? '' : `\nIt had written: ${truncate(result.output, maxToolOutputChars)}`
  return errorResult(call, `${name} ended without an answer (${result.stopReason}): ${result.error.message}${partial}`)
}

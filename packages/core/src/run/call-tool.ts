import { monotonicMs, type ToolCallPart, type ToolResultPart } from '@executus/llm'

import { delegateCall } from '../delegation/delegate-call.ts'
import { isDelegateTool } from '../delegation/delegate-tool.ts'
import type { Call, CallAttempt, CallReconciled } from '../journal/checkpointer.ts'
import type { ToolOutcome } from '../journal/entry.ts'
import { describeThrown } from '../tool/describe-thrown.ts'
import type { Reconciled, Tool } from '../tool/tool.ts'
import { CallContext } from './call-context.ts'
import { keepWhole } from './keep-whole.ts'
import { emit, type Run, stepOf } from './run.ts'
import { errorResult, okResult } from './tool-result.ts'

/** A call that was judged and may be made. */
export interface ReadyCall {
  readonly call: ToolCallPart
  readonly tool: Tool
  readonly input: unknown
}

/** A call as it passes the door. */
export function toolCall(run: Run, ready: ReadyCall): Call<ToolOutcome> {
  const { call, tool } = ready
  return {
    key: `tool:${call.id}`,
    kind: isDelegateTool(tool) ? 'child' : 'tool',
    replay: tool.replay,
    timeoutMs: timeoutOf(run, tool),
    run: (attempt) => makeCall(run, ready, attempt),
    ...(tool.reconcile && { reconcile: (key: string) => reconcile(run, ready, key) }),
  }
}

function timeoutOf(run: Run, tool: Tool): number {
  return tool.timeoutMs ?? run.limits.toolTimeoutMs
}

/** Makes one call. Whatever the tool does, this settles in time; it rejects only when the call is to be made again later. */
async function makeCall(run: Run, ready: ReadyCall, attempt: CallAttempt): Promise<ToolOutcome> {
  const { call, tool: used, input } = ready
  const { clock } = run
  throwIfStopped(run)
  const step = stepOf(run)
  const startedAtMs = monotonicMs(clock)
  const { id: callId, name: tool, argumentsText } = call
  const end = (result: ToolResultPart) =>
    emit(run, {
      type: 'tool-call-end',
      step,
      callId,
      tool,
      result,
      elapsedMs: Math.max(0, monotonicMs(clock) - startedAtMs), // a host's clock may be one that is set back
    })
  emit(run, { type: 'tool-call-start', step, callId, tool, argumentsText })
  try {
    throwIfStopped(run) // a listener may have stopped the run in that very event
    const outcome = isDelegateTool(used)
      ? await delegateCall(run, call, used, input, attempt)
      : { result: await useTool(run, ready, attempt) }
    end(outcome.result)
    return outcome
  } catch (error) {
    if (run.stop.cause !== undefined) {
      const text = `The run was stopped while ${tool} was at work; it may still have had an effect.`
      const result = errorResult(call, text)
      run.cutShort = new Map([...run.cutShort, [callId, result]])
      end(result)
    }
    throw error
  }
}

function throwIfStopped({ stop: { cause } }: Run): void {
  if (cause !== undefined) throw cause.error
}

/** What became of an earlier attempt, as the tool finds out. */
async function reconcile(run: Run, { call, tool }: ReadyCall, key: string): Promise<CallReconciled<ToolOutcome>> {
  const timeoutMs = timeoutOf(run, tool)
  let cancelTimer = () => {}
  const tooLate = new Promise<Reconciled>((resolve) => {
    if (timeoutMs !== Number.POSITIVE_INFINITY)
      cancelTimer = run.clock.after(timeoutMs, () => resolve({ unknown: true }))
  })
  const found = await run.stop.race(Promise.race([tool.reconcile!(key), tooLate])).finally(cancelTimer)
  if (!('done' in found) || !found.done) return found
  return { done: true, value: { result: okResult(call, await keepWhole(run, call, found.value)) } }
}

/** @throws what stopped the run, when that was what ended the call */
async function useTool(run: Run, { call, tool, input }: ReadyCall, attempt: CallAttempt): Promise<ToolResultPart> {
  try {
    const done = await inTime(run, call, tool, attempt, async (context) => ({ value: await tool.run(input, context) }))
    if ('gaveUp' in done) return errorResult(call, done.gaveUp)
    return okResult(call, await keepWhole(run, call, done.value))
  } catch (thrown) {
    if (run.stop.cause !== undefined) throw thrown
    return errorResult(call, `${tool.name} failed: ${describeThrown(thrown)}`)
  }
}

/** Resolves as `work` does, or to why it was given up when its time is up; rejects when the run stops. */
function inTime(
  run: Run,
  call: ToolCallPart,
  tool: Tool,
  attempt: CallAttempt,
  work: (context: CallContext) => Promise<{ readonly value: unknown }>,
): Promise<{ readonly value: unknown } | { readonly gaveUp: string }> {
  return new Promise((resolve, reject) => {
    const timeoutMs = timeoutOf(run, tool)
    const context = new CallContext(run, call, attempt)
    const onTimeout = () => {
      release()
      const text = `${tool.name} took longer than ${timeoutMs} ms and was given up; it may still have had an effect.`
      resolve({ gaveUp: text })
      context.abort(new Error(text))
    }
    const cancelTimer = timeoutMs === Number.POSITIVE_INFINITY ? () => {} : run.clock.after(timeoutMs, onTimeout)
    const offStop = run.stop.onStop(() => {
      release()
      const { error } = run.stop.cause!
      reject(error)
      context.abort(error)
    })
    const release = () => {
      cancelTimer()
      offStop()
    }
    work(context).then(
      (result) => {
        release()
        resolve(result)
      },
      (error: unknown) => {
        release()
        if (context.isAborted) run.logger.warn(`${tool.name} failed after it was given up`, error)
        reject(error)
      },
    )
  })
}

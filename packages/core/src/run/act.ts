import type { ToolCallPart, ToolResultPart } from '@executus/llm'

import { ChildSuspended } from '../delegation/child-suspended.ts'
import type { Ending } from '../result.ts'
import { type ReadyCall, toolCall } from './call-tool.ts'
import { judgeCalls } from './judge-calls.ts'
import { emit, record, type Run, stepOf, take } from './run.ts'
import { seekApproval, suspend } from './seek-approval.ts'
import { errorResult } from './tool-result.ts'

/**
 * Gives each open call of a step its one result. All that people must allow is asked for before anything is done, so that a
 * run that waits for them has no effect half way. Gives an ending when the run halts before all calls have their results.
 */
export async function act(run: Run): Promise<Ending | undefined> {
  const { calls, results } = run.state.open!
  const open = calls.filter((call) => !results.has(call.id))
  const { stopReason } = run.state.reply!
  if (BROKEN_OFF.has(stopReason)) {
    await refuse(run, open.map(brokenOff))
    return undefined
  }
  const most = run.limits.maxCallsPerStep
  const tooMany = new Set(calls.length > most ? calls.slice(most) : NONE)
  const judged = await judgeCalls(run, tooMany.size === 0 ? open : open.filter((call) => !tooMany.has(call)))
  // What a stop cut short was not judged: it stays open.
  if (run.stop.cause !== undefined) return run.stop.cause
  await refuse(run, [
    ...judged.flatMap((one) => ('result' in one ? [one.result] : [])),
    ...open.filter((call) => tooMany.has(call)).map((call) => oneTooMany(call, most)),
  ])

  const permitted = judged.filter((one) => 'tool' in one)
  if (run.state.requests.size === 0 && permitted.every(({ verdict }) => verdict.decision === 'allow'))
    return makeCalls(run, permitted)
  const sought = await seekApproval(run, permitted)
  if ('ending' in sought) return sought.ending
  await refuse(run, sought.refused)
  return makeCalls(run, sought.ready)
}

/** Results of calls that are not made at all. */
async function refuse(run: Run, refused: readonly ToolResultPart[]): Promise<void> {
  if (refused.length === 0) return
  const results = refused.map((result) => (mayHaveBegun(run, result) ? inDoubt(result) : result))
  for (const result of results) emitEnd(run, result)
  await record(run, { type: 'tool-results', results })
}

/** A call that an earlier process began may have taken effect, whatever would be said about it now. */
function mayHaveBegun(run: Run, { callId }: ToolResultPart): boolean {
  return run.state.begun.has(`tool:${callId}`)
}

function inDoubt(result: ToolResultPart): ToolResultPart {
  return { ...result, content: [{ type: 'text', text: IN_DOUBT }], isError: true }
}

function emitEnd(run: Run, result: ToolResultPart): void {
  const { callId, name: tool } = result
  const argumentsText = run.state.open?.calls.find(({ id }) => id === callId)?.argumentsText ?? ''
  const step = stepOf(run)
  emit(run, { type: 'tool-call-start', step, callId, tool, argumentsText })
  emit(run, { type: 'tool-call-end', step, callId, tool, result, elapsedMs: 0 })
}

async function makeCalls(run: Run, ready: readonly ReadyCall[]): Promise<Ending | undefined> {
  if (ready.length === 0) return run.stop.cause
  const calls = ready.map((one) => toolCall(run, one))
  const settled = await run.door.batch(calls, run.limits.maxParallelTools)
  const doubtful: ToolResultPart[] = []
  const waiting: (ReadyCall & Pick<ChildSuspended, 'approvals'>)[] = []
  for (const [index, outcome] of settled.entries()) {
    const { call } = ready[index]!
    if (outcome.ok) {
      take(run, calls[index]!.key, calls[index]!.kind === 'child' ? 'child' : 'tool', outcome.value)
      if (run.unfinished.has(call.id)) run.unfinished = new Map([...run.unfinished].filter(([id]) => id !== call.id))
    } else if ('inDoubt' in outcome) doubtful.push(errorResult(call, IN_DOUBT))
    else if (outcome.error instanceof ChildSuspended)
      waiting.push({ ...ready[index]!, approvals: outcome.error.approvals })
    // What a stop cut short stays open: when the run is resumed, it is judged by its replay class.
    else if (run.stop.cause === undefined) throw outcome.error
  }
  await refuse(run, doubtful)
  const halt = waiting.length === 0 ? run.stop.cause : run.stop.causeAtSafePoint
  if (halt !== undefined) for (const { call } of waiting) if (!run.cutShort.has(call.id)) cutShort(run, call)
  if (halt !== undefined || waiting.length === 0) return halt
  return suspend(
    run,
    waiting.flatMap((child) => child.approvals),
  )
}

/** A delegated run was waiting, or stopped at a safe point, when this one had to stop. */
function cutShort(run: Run, call: ToolCallPart): void {
  const result = errorResult(call, `The run was stopped before ${call.name} was done.`)
  run.cutShort = new Map([...run.cutShort, [call.id, result]])
  emit(run, { type: 'tool-call-end', step: stepOf(run), callId: call.id, tool: call.name, result, elapsedMs: 0 })
}

const NONE: readonly ToolCallPart[] = []

const IN_DOUBT =
  'This call was interrupted and its outcome is unknown: it may or may not have taken effect. Check before you repeat it.'

/** What such a reply asks for is not what the model would have asked for: half an argument may still parse. */
const BROKEN_OFF: ReadonlySet<string> = new Set(['length', 'refused', 'window-exceeded'])

function brokenOff(call: ToolCallPart): ToolResultPart {
  return errorResult(
    call,
    'Your reply was cut off before its end, so this call was not made. Make it again, with shorter arguments.',
  )
}

function oneTooMany(call: ToolCallPart, most: number): ToolResultPart {
  return errorResult(call, `This call was not made: ${most} calls are the most in one reply. Make it in the next one.`)
}

import { type Message, noUsage, textOf } from '@executus/llm'

import type { Outcome } from '../journal/checkpointer.ts'
import type { Reservation } from '../ports/budget.ts'
import type { Ending, RunResult } from '../result.ts'
import { tellPort } from './ask-port.ts'
import { endingOfOutcome } from './ending.ts'
import { raiseLimits } from './limit-reached.ts'
import { emit, record, type Run, type RunHead, stepOf } from './run.ts'
import { spentBy, usageOf } from './spent.ts'
import { errorResult } from './tool-result.ts'

/**
 * The one way out of a run: whatever ended it, here its result is made, told and kept, and everything let go. Nothing of
 * it can change the outcome, and all of it happens though the run has stopped.
 */
export async function finish(head: RunHead, run: Run | undefined, ending: Ending): Promise<RunResult> {
  head.mailbox.close()
  head.deadline.release()
  let result = run === undefined ? unopened(head, ending) : resultOf(run, ending)
  if (run !== undefined) {
    try {
      result = await withArtifacts(run, result)
      await deliver(run, result)
      // Before the record is closed: nobody takes a run up again that is, and what it took would be in no count.
      if (run.reservation !== undefined) await settleBudget(run, run.reservation)
      if (run.door.isDurable) await closeJournal(run, result)
      await letGo(run)
    } catch (error) {
      // Each of these keeps its faults to itself; a run must end even if one does not.
      run.logger.error(`the end of run ${run.id} was not told to all`, error)
    }
  }
  head.stop.release()
  emit(head, { type: 'run-end', result })
  if (run !== undefined) await closeWatchers(run, result)
  return result
}

/** The result of a run that had ended before, by its record: nothing is done, and only who waits for it is told. */
export function retell(head: RunHead, run: Run, outcome: Outcome): RunResult {
  head.mailbox.close()
  head.deadline.release()
  const result = { ...resultOf(run, endingOfOutcome(outcome)), output: outcome.output }
  head.stop.release()
  emit(head, { type: 'run-end', result })
  return result
}

/** A run of which nothing became: what it was to do could not even be looked up. */
function unopened(head: RunHead, ending: Ending): RunResult {
  const usage = { ...noUsage, unreportedCalls: 0 }
  const { elapsedMs } = head.deadline
  return { ...ending, runId: head.id, output: '', steps: 0, usage, elapsedMs, messages: [], durable: false }
}

function resultOf(run: Run, ending: Ending): RunResult {
  const { phases } = run.state
  return {
    ...ending,
    runId: run.id,
    output: run.partialText || lastText(run),
    ...(run.object !== undefined && ending.status === 'ok' && { object: run.object }),
    steps: stepOf(run),
    usage: usageOf(run),
    elapsedMs: run.deadline.elapsedMs,
    messages: legalMessages(run, ending),
    ...(run.phases.length > 1 && { phases }),
    durable: run.door.isWhole,
  }
}

/** The conversation, in which calls that were cut short have something in the place of their results. */
function legalMessages(run: Run, { status }: Ending): readonly Message[] {
  const { messages, open } = run.state
  if (open === undefined) return messages
  const why = status === 'suspended' ? 'This call waits for an approval.' : 'The run ended before this call was made.'
  const content = open.calls.map(
    (call) => open.results.get(call.id) ?? run.cutShort.get(call.id) ?? errorResult(call, why),
  )
  return [...messages, { role: 'tool', content }]
}

/** The newest text that the model wrote in this run. */
function lastText({ state: { messages, input, phases } }: Run): string {
  for (let index = messages.length - 1; index >= input.length; index--) {
    const message = messages[index]!
    const text = message.role === 'assistant' ? textOf(message) : ''
    if (text !== '') return text
  }
  return phases.at(-1)?.output ?? ''
}

async function withArtifacts(run: Run, result: RunResult): Promise<RunResult> {
  const { session } = run
  if (session?.postRun === undefined) return result
  const artifacts = (await session.postRun(result)) ?? []
  return artifacts.length === 0 ? result : { ...result, artifacts }
}

/** Passes the door: one that was made is not made again, and of one in doubt its `replay` decides. */
async function deliver(run: Run, result: RunResult): Promise<void> {
  const { delivery } = run.config
  const { deliverTo: target } = run.info
  if (delivery === undefined || target === undefined) return
  if (isLeft(run, result)) return
  const method = result.status === 'ok' ? 'deliver' : 'deliverError'
  const call = {
    key: 'delivery',
    kind: 'other',
    replay: delivery.replay ?? 'once',
    timeoutMs: Number.POSITIVE_INFINITY,
    run: async ({ idempotencyKey }: { readonly idempotencyKey: string }) => {
      await tellPort(run, 'the delivery', (signal) => delivery[method](result, { target, idempotencyKey, signal }))
      return null
    },
  } as const
  const settled = await tellPort(run, 'the journal', () => run.door.step(call))
  if (settled !== undefined && 'inDoubt' in settled)
    run.logger.warn(`the answer of run ${run.id} may have been delivered before a crash, and is not sent again`)
}

/** Whether the run can be taken up again: then nothing is final yet, even if it was not admitted this time. */
function isLeft({ door, isResumed, hasBegun }: Run, { status }: RunResult): boolean {
  const isKeptOut = isResumed && !hasBegun && status !== 'cancelled' && status !== 'killed'
  return door.isDurable && (LEFT.has(status) || isKeptOut)
}

const LEFT: ReadonlySet<RunResult['status']> = new Set(['suspended', 'interrupted'])

/** What can go on is left open; what cannot is closed. */
async function closeJournal(run: Run, result: RunResult): Promise<void> {
  const { checkpointer, parent } = run
  const { status, stopReason, output } = result
  const outcome: Outcome = {
    status,
    stopReason,
    output,
    ...(result.status !== 'ok' && { error: result.error.message }),
  }
  if (status === 'ok') await tellPort(run, 'the journal', () => checkpointer.complete(outcome))
  else if (!isLeft(run, result)) await tellPort(run, 'the journal', () => checkpointer.fail(outcome))
  // Of delegated runs that wait, the one at the top is suspended, and has given itself back.
  else if (status !== 'suspended' || parent !== undefined) {
    const { elapsedMs } = result
    await tellPort(run, 'the journal', () => raiseLimits(run))
    if (stopReason === 'shutdown') await tellPort(run, 'the journal', () => record(run, { type: 'segment', elapsedMs }))
    await tellPort(run, 'the journal', () => checkpointer.leave())
  }
}

function settleBudget(run: Run, reservation: Reservation): Promise<void> {
  return tellPort(run, 'the budget', () => reservation.settle(spentBy(run)))
}

async function letGo(run: Run): Promise<void> {
  const { session } = run
  if (session?.cleanup !== undefined) await session.cleanup()
  for (const giveBack of run.leases) await tellPort(run, 'a lease', giveBack)
}

/** Those who watch have heard of the end. */
async function closeWatchers(run: Run, result: RunResult): Promise<void> {
  const { recorder, watch } = run
  if (watch !== undefined) await tellPort(run, 'the critic', () => watch.close())
  if (recorder !== undefined) await tellPort(run, 'the audit', () => recorder.close(result))
}

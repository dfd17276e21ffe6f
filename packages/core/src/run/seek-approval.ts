import type { JsonObject, JsonValue, ToolResultPart } from '@executus/llm'

import { RunError } from '../errors.ts'
import type { ApprovalDecision, ApprovalRequest } from '../permission/approvals.ts'
import type { Ending } from '../result.ts'
import type { ReadyCall } from './call-tool.ts'
import type { JudgedCall } from './judge-calls.ts'
import { raiseLimits } from './limit-reached.ts'
import { applyEntry, type TimedDecision } from './run-state.ts'
import { emit, record, type Run, stepOf } from './run.ts'
import { errorResult } from './tool-result.ts'

/** Asks for what people must allow, of a whole step at once, and sorts its calls by what they say. */
export async function seekApproval(
  run: Run,
  calls: readonly JudgedCall[],
): Promise<{ readonly ready: readonly ReadyCall[]; readonly refused: readonly ToolResultPart[] } | { ending: Ending }> {
  const asked = calls.filter((one) => one.verdict.decision === 'ask' || run.state.requests.has(idOf(run, one)))
  if (asked.length > 0) {
    await request(run, asked)
    const ending = await decide(run, asked)
    if (ending !== undefined) return { ending }
  }
  const refused = asked.flatMap((one) => {
    const why = whyNot(run, one)
    return why === undefined ? [] : [errorResult(one.call, `${one.tool.name} was not called: ${why}.`)]
  })
  const refusedIds = new Set(refused.map(({ callId }) => callId))
  return { ready: calls.filter(({ call }) => !refusedIds.has(call.id)), refused }
}

function idOf(run: Run, { call }: JudgedCall): string {
  return `${run.id}/${call.id}`
}

/** The last one that a Date knows (https://tc39.es/ecma262/#sec-time-values-and-time-range). */
const LAST_MOMENT_MS = 8.64e15

async function request(run: Run, asked: readonly JudgedCall[]): Promise<void> {
  const requests = asked
    .filter((one) => !run.state.requests.has(idOf(run, one)))
    .map((one): ApprovalRequest => ({
      id: idOf(run, one),
      runId: run.id,
      rootRunId: run.info.rootRunId,
      callId: one.call.id,
      tool: one.tool.name,
      effect: one.tool.effect,
      input: shownInput(one),
      resources: one.resources,
      ...(one.verdict.reason !== undefined && { reason: one.verdict.reason }),
      agentPath: [...run.info.ancestors, run.info.agent.name],
      // `Infinity` does not survive being written down.
      expiresAtMs: Math.min(run.clock.now() + run.config.approvalTtlMs, LAST_MOMENT_MS),
    }))
  if (requests.length === 0) return
  await record(run, { type: 'approval-request', requests })
  emit(run, { type: 'approval-request', step: stepOf(run), requests })
}

/** What a person sees: what the tool will get, as JSON; as the model wrote it where a schema makes something else of it. */
function shownInput({ input, call }: JudgedCall): JsonObject {
  try {
    return JSON.parse(JSON.stringify(input)) as JsonObject
  } catch {
    return JSON.parse(call.argumentsText || '{}') as JsonObject
  }
}

/** A decision, and when it came if that was not just now. */
type GivenDecision = ApprovalDecision & Partial<Pick<TimedDecision, 'atMs'>>

/** Decisions that came with a resumed run, or to one above it. */
function givenDecisions(run: Run): readonly GivenDecision[] {
  const given: GivenDecision[] = [...run.given]
  for (let above = run.parent; above !== undefined; above = above.parent)
    given.push(...above.given, ...above.state.decisions.values())
  return given
}

/** Whether the run, and all that wait for it, can be left and taken up again. */
function canSuspend(run: Run): boolean {
  return run.door.isDurable && (run.parent === undefined || canSuspend(run.parent))
}

/** Waits until each request has its decision. Gives an ending when the run is suspended instead. */
async function decide(run: Run, asked: readonly JudgedCall[]): Promise<Ending | undefined> {
  for (;;) {
    await hearJournal(run, asked)
    await takeDecisions(run, givenDecisions(run))
    const open = asked
      .map((one) => run.state.requests.get(idOf(run, one))!)
      .filter((one) => !run.state.decisions.has(one.id))
    if (open.length === 0) return undefined
    const expired = open.filter((one) => one.expiresAtMs <= run.clock.now())
    if (expired.length > 0)
      await takeDecisions(
        run,
        expired.map(({ id }) => refusal(id, 'nobody answered in time')),
      )
    else if (run.stop.causeAtSafePoint !== undefined) return run.stop.causeAtSafePoint
    else {
      const answer = await askPeople(run, open)
      if (answer !== 'later') await takeDecisions(run, answer)
      else if (!canSuspend(run))
        await takeDecisions(
          run,
          open.map(({ id }) => refusal(id, 'nobody can answer now')),
        )
      else {
        const ending = await suspend(run, open)
        if (ending !== undefined) return ending
      }
    }
  }
}

/** Notes decisions about this run's own requests; the first about each counts. */
async function takeDecisions(run: Run, decisions: readonly GivenDecision[]): Promise<void> {
  const { requests, decisions: known } = run.state
  const fresh = decisions.filter(
    ({ id }, index) => requests.has(id) && !known.has(id) && decisions.findIndex((one) => one.id === id) === index,
  )
  await hear(run, fresh)
}

/** Hears decisions that came by the journal, while nobody ran the run. */
async function hearJournal(run: Run, asked: readonly JudgedCall[]): Promise<void> {
  const known = asked.flatMap((one) => run.state.decisions.get(idOf(run, one)) ?? [])
  await hear(
    run,
    known.filter(({ isHeard }) => isHeard !== true),
  )
}

/** Writes decisions down as heard by this run, and tells of them. */
async function hear(run: Run, decisions: readonly GivenDecision[]): Promise<void> {
  if (decisions.length === 0) return
  await record(
    run,
    ...decisions.map(({ id, isApproved, note, by, atMs }) => ({
      type: 'signal' as const,
      name: id,
      value: {
        isApproved,
        ...(note !== undefined && { note }),
        ...(by !== undefined && { by }),
        ...(atMs !== undefined && { atMs }),
        isHeard: true,
      } satisfies JsonValue,
    })),
  )
  const heard = decisions.map(({ id }) => {
    const { atMs: _at, isHeard: _heard, ...decision } = run.state.decisions.get(id)!
    return decision
  })
  emit(run, { type: 'approval-decision', step: stepOf(run), decisions: heard })
}

/** The time that people take is not the run's. What a port leaves open or spoils is a no. */
async function askPeople(
  run: Run,
  requests: readonly ApprovalRequest[],
): Promise<readonly ApprovalDecision[] | 'later'> {
  const goOn = [run.deadline.pause()]
  for (let above = run.parent; above !== undefined; above = above.parent) goOn.push(above.deadline.pause())
  try {
    const asking = Promise.resolve().then(() => run.config.approvals!.ask(requests, { signal: run.stop.signal }))
    const answer = await run.stop.race(Promise.race([asking, expiry(run, requests, goOn)]))
    if (answer === 'later') return 'later'
    const given = Array.isArray(answer) ? (answer as readonly ApprovalDecision[]) : []
    return requests.map(({ id }) => given.find((one) => one?.id === id) ?? refusal(id, 'it was not answered'))
  } catch (error) {
    if (run.stop.cause !== undefined) throw error
    run.logger.error(`the approvals of run ${run.id} failed`, error)
    return requests.map(({ id }) => refusal(id, 'nobody could be asked'))
  } finally {
    for (const resume of goOn) resume()
  }
}

/** Resolves to no decision at all when the first request expires; `goOn` gets what calls it off. */
function expiry(run: Run, requests: readonly ApprovalRequest[], goOn: (() => void)[]): Promise<readonly []> {
  const waitMs = Math.min(...requests.map(({ expiresAtMs }) => expiresAtMs)) - run.clock.now()
  return new Promise((resolve) => {
    goOn.push(run.clock.after(waitMs, () => resolve([])))
  })
}

function refusal(id: string, note: string): ApprovalDecision {
  return { id, isApproved: false, note }
}

/** Ends the segment: what the run waits for may come to any process. Gives nothing when it had come already. */
export async function suspend(run: Run, approvals: readonly ApprovalRequest[]): Promise<Ending | undefined> {
  const names = [...new Set(approvals.map(({ tool }) => tool))].join(', ')
  const error = new RunError('approval', `The run waits for a person to allow ${names}`)
  const ending: Ending = { status: 'suspended', stopReason: 'approval', approvals, error }
  if (run.parent !== undefined) return ending
  await raiseLimits(run)
  const suspension = await run.door.suspend(approvals.map(({ id }) => ({ signal: id })))
  if (suspension.suspended) return ending
  for (const signal of suspension.signals) applyEntry(run.state, signal)
  return undefined
}

/** Why a call that was asked for is not made. A yes is one for these very arguments. */
function whyNot(run: Run, one: JudgedCall): string | undefined {
  const id = idOf(run, one)
  const { isApproved, note } = run.state.decisions.get(id)!
  if (!isApproved) return note === undefined ? 'it was declined' : `it was declined: ${note}`
  const { input, resources } = run.state.requests.get(id)!
  const isSame = JSON.stringify([input, resources]) === JSON.stringify([shownInput(one), one.resources])
  return isSame ? undefined : 'its arguments, or what they stand for, are no longer those allowed'
}

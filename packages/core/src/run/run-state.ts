import {
  addUsage,
  type AssistantMessage,
  type Message,
  type ModelReply,
  noUsage,
  textOf,
  type TokenAnchor,
  type ToolCallPart,
  toolCallsOf,
  type ToolResultPart,
  type Usage,
} from '@executus/llm'

import { compactedBy } from '../compaction/compacted-by.ts'
import type { JournalEntry, StepReply, Summary, ToolOutcome } from '../journal/entry.ts'
import type { Limits } from '../limits.ts'
import type { ApprovalDecision, ApprovalRequest } from '../permission/approvals.ts'
import type { PhaseRecord, RunUsage } from '../result.ts'
import { Guards } from './guards.ts'

/**
 * Where a run stands: the fold of its journal. It changes by `applyEntry` alone, live as in a replay, so that a run that is
 * resumed is where it was.
 */
export interface RunState {
  readonly limits: Required<Limits>
  /** Index of the present phase. */
  phase: number
  /** The phases that have ended. */
  readonly phases: PhaseRecord[]
  /** What every phase begins with. */
  readonly input: readonly Message[]
  /** The present phase's conversation. Legal whenever a model is asked: no call is without its result. */
  messages: Message[]
  /** What the model sees of it: the same list, until it is compacted. */
  context: Message[]
  /** Model calls that were answered, in all phases and in the present one. */
  steps: number
  phaseSteps: number
  /** The reply whose calls do not have all their results yet. */
  open: OpenStep | undefined
  /** The newest reply of the present phase. */
  reply: ModelReply | undefined
  /** Whether `reply` is the last word, unless somebody says more. */
  isAnswered: boolean
  /** Answers that did not have the shape that was asked for, and empty ones. */
  rejectedAnswers: number
  /** What the run was given beyond its limits. */
  addedSteps: number
  addedTimeMs: number
  /** How long it was at work, waiting for people not counted; exact at the end of a segment. */
  elapsedMs: number
  lastAtMs: number
  usage: RunUsage
  /** What was reported of the context's size, and when. */
  anchor: TokenAnchor | undefined
  compactions: number
  /** A summary that was written and is not in use yet. */
  summary: Pick<Summary, 'text' | 'from' | 'to'> | undefined
  /** How many steps there were when the context was compacted last: once before each is enough. */
  compactedAtStep: number
  /** How many steps there were when a provider refused the context last. */
  overflowAtStep: number
  /** The context's tokens when it was compacted last, and would not shrink further. */
  stuckAtTokens: number
  guards: Guards
  /** The ids of all calls so far: providers repeat theirs. */
  readonly callIds: Set<string>
  /** Keys of calls that an earlier process may have begun. */
  begun: ReadonlySet<string>
  /** By id; most runs have none. */
  requests: ReadonlyMap<string, ApprovalRequest>
  decisions: ReadonlyMap<string, TimedDecision>
}

/** A decision, when it came, and whether the run has written it down itself: one that came by the journal it has not. */
export interface TimedDecision extends ApprovalDecision {
  readonly atMs: number
  readonly isHeard?: true
}

/** A reply with calls, and the results that are there. */
interface OpenStep {
  readonly calls: readonly ToolCallPart[]
  readonly results: Map<string, ToolResultPart>
}

export function createRunState(input: readonly Message[], limits: Required<Limits>, startedAtMs: number): RunState {
  const messages = [...input]
  return {
    limits,
    phase: 0,
    phases: [],
    input,
    messages,
    context: messages,
    steps: 0,
    phaseSteps: 0,
    open: undefined,
    reply: undefined,
    isAnswered: false,
    rejectedAnswers: 0,
    addedSteps: 0,
    addedTimeMs: 0,
    elapsedMs: 0,
    lastAtMs: startedAtMs,
    usage: { ...noUsage, unreportedCalls: 0 },
    anchor: undefined,
    compactions: 0,
    summary: undefined,
    compactedAtStep: -1,
    overflowAtStep: -1,
    stuckAtTokens: 0,
    guards: new Guards(),
    callIds: new Set(input.flatMap((message) => (message.role === 'assistant' ? idsOf(message) : []))),
    begun: NONE_BEGUN,
    requests: NO_REQUESTS,
    decisions: NO_DECISIONS,
  }
}

const NONE_BEGUN: RunState['begun'] = new Set()
const NO_REQUESTS: RunState['requests'] = new Map()
const NO_DECISIONS: RunState['decisions'] = new Map()

/** Changes `state` by what an entry tells. The same entries in the same order give the same state. */
export function applyEntry(state: RunState, entry: JournalEntry): void {
  takeTime(state, entry)
  switch (entry.type) {
    case 'result':
      return applyResult(state, entry)
    case 'tool-results':
      for (const result of entry.results) state.open?.results.set(result.callId, result)
      return closeStep(state)
    case 'message':
      if (entry.from === 'review') state.rejectedAnswers += 1
      state.isAnswered = false
      return push(state, entry.message)
    case 'limits':
      state.addedSteps += entry.steps
      state.addedTimeMs += entry.timeMs
      return
    case 'compaction':
      return applyCompaction(state, entry)
    case 'approval-request':
      state.requests = new Map([...state.requests, ...entry.requests.map((one) => [one.id, one] as const)])
      return
    case 'signal':
      return applySignal(state, entry)
    case 'phase-end':
      return endPhase(state)
    case 'segment':
      state.elapsedMs = entry.elapsedMs ?? state.elapsedMs
      return
    case 'intent':
      state.begun = new Set([...state.begun, entry.key])
      return
  }
}

/** The time between two entries counts, but not that before a process took the run up or a person spoke. */
function takeTime(state: RunState, { type, atMs }: JournalEntry): void {
  if (type !== 'segment' && type !== 'signal') state.elapsedMs += Math.max(0, atMs - state.lastAtMs)
  state.lastAtMs = atMs
}

function applyResult(state: RunState, entry: Extract<JournalEntry, { readonly type: 'result' }>): void {
  if (entry.kind === 'model') return applyReply(state, entry.value as StepReply)
  if (entry.kind === 'compaction') {
    const { usage, failedUsage = [], ...summary } = entry.value as Summary
    state.summary = summary
    for (const failed of failedUsage) countUsage(state, failed)
    return countUsage(state, usage)
  }
  if (entry.kind !== 'tool' && entry.kind !== 'child') return
  const { result, usage, waitedMs = 0 } = entry.value as ToolOutcome
  state.elapsedMs = Math.max(0, state.elapsedMs - waitedMs)
  if (usage !== undefined) {
    const unreportedCalls = state.usage.unreportedCalls + usage.unreportedCalls
    state.usage = { ...addUsage(state.usage, usage), unreportedCalls }
  }
  state.open?.results.set(result.callId, result)
  closeStep(state)
}

/** The first word counts: it may have been acted upon. The run's own repeats it, to say that it was heard. */
function applySignal(state: RunState, entry: Extract<JournalEntry, { readonly type: 'signal' }>): void {
  const known = state.decisions.get(entry.name)
  const decision = decisionOf(entry, state.requests.get(entry.name))
  if (known !== undefined && decision.isHeard !== true) return
  const heard = known === undefined ? decision : { ...known, isHeard: true as const }
  state.decisions = new Map([...state.decisions, [entry.name, heard]])
}

function applyReply(state: RunState, { failedUsage = [], ...reply }: StepReply): void {
  const { message, usage } = reply
  for (const failed of failedUsage) countUsage(state, failed)
  countUsage(state, usage)
  if (usage !== undefined && usage.isEstimated !== true) state.anchor = { messages: state.context.length, usage }
  state.steps += 1
  state.phaseSteps += 1
  state.reply = reply
  const calls = toolCallsOf(message)
  for (const { id } of calls) state.callIds.add(id)
  push(state, message)
  if (calls.length > 0) state.open = { calls, results: new Map() }
  state.isAnswered = isLast(reply, calls.length)
}

/** Whether nothing can follow a reply: it is an answer, or there can be no other. */
function isLast({ stopReason }: ModelReply, calls: number): boolean {
  if (stopReason === 'refused' || stopReason === 'window-exceeded') return true
  return stopReason !== 'paused' && calls === 0
}

/** Adds what an attempt took, also one that failed. */
export function countUsage(state: RunState, usage: Usage | undefined): void {
  const isReported = usage !== undefined && usage.isEstimated !== true
  const unreportedCalls = state.usage.unreportedCalls + (isReported ? 0 : 1)
  state.usage = { ...(usage === undefined ? state.usage : addUsage(state.usage, usage)), unreportedCalls }
}

/** When all calls of a step have their results these join the conversation, in call order. */
function closeStep(state: RunState): void {
  const { open } = state
  if (open === undefined || open.results.size < open.calls.length) return
  const results = open.calls.map((call) => open.results.get(call.id)!)
  push(state, { role: 'tool', content: state.guards.note(open.calls, results, state.limits) })
  state.open = undefined
}

function push(state: RunState, message: Message): void {
  state.messages.push(message)
  if (state.context !== state.messages) state.context.push(message)
}

function applyCompaction(state: RunState, entry: Extract<JournalEntry, { readonly type: 'compaction' }>): void {
  state.compactions += 1
  state.summary = undefined
  state.compactedAtStep = state.steps
  if (entry.isOverflow === true) state.overflowAtStep = state.steps
  const context = compactedBy(state.context, entry)
  if (context === state.context) state.stuckAtTokens = entry.tokensBefore
  else {
    state.context = context
    state.anchor = undefined
  }
}

function endPhase(state: RunState): void {
  const { messages, reply, phaseSteps } = state
  state.phases.push({ output: reply === undefined ? '' : textOf(reply.message), messages, steps: phaseSteps })
  state.phase += 1
  state.messages = [...state.input]
  state.context = state.messages
  state.phaseSteps = 0
  state.reply = undefined
  state.isAnswered = false
  state.anchor = undefined
  state.stuckAtTokens = 0
  state.rejectedAnswers = 0
  state.guards = new Guards()
}

/** What came from outside is taken for a yes only if it says so, and in time. */
function decisionOf(
  { name: id, value, atMs: heardAtMs }: Extract<JournalEntry, { readonly type: 'signal' }>,
  request: ApprovalRequest | undefined,
): TimedDecision {
  const said = (value ?? {}) as Partial<Record<keyof TimedDecision, unknown>>
  const { isApproved, note, by } = said
  // A decision that came to a run above is heard later than it was made.
  const atMs = typeof said.atMs === 'number' ? Math.min(said.atMs, heardAtMs) : heardAtMs
  const decision = {
    id,
    atMs,
    isApproved: isApproved === true,
    ...(typeof note === 'string' && { note }),
    ...(typeof by === 'string' && { by }),
    ...(said.isHeard === true && { isHeard: true as const }),
  }
  return request !== undefined && atMs >= request.expiresAtMs ? tooLate(decision) : decision
}

/** A decision that comes when the request has expired is a no, whatever it says. */
function tooLate(decision: TimedDecision): TimedDecision {
  return { ...decision, isApproved: false, note: 'nobody answered in time' }
}

function idsOf(message: AssistantMessage): readonly string[] {
  return toolCallsOf(message).map((call) => call.id)
}

import type { Clock, Message, Model, Schema, TokenAnchor, ToolResultPart } from '@executus/llm'

import type { Agent } from '../agent.ts'
import { checkCount, checkKeys } from '../check-option.ts'
import type { ExecutorConfig } from '../config.ts'
import { EventLog } from '../event-log.ts'
import type { RunEvent, RunEventBody } from '../event.ts'
import type { RunInput } from '../input.ts'
import type { Invocation } from '../invocation.ts'
import type { Checkpointer } from '../journal/checkpointer.ts'
import { Door } from '../journal/door.ts'
import type { CallKind, JournalEntryBody } from '../journal/entry.ts'
import { noCheckpointer } from '../journal/no-checkpointer.ts'
import type { Limits } from '../limits.ts'
import type { Logger } from '../logger.ts'
import type { ApprovalDecision } from '../permission/approvals.ts'
import type { Asker } from '../permission/policy.ts'
import type { AuditRecorder } from '../ports/audit.ts'
import type { Reservation } from '../ports/budget.ts'
import type { CriticWatch } from '../ports/critic.ts'
import type { SessionTools } from '../ports/session-tools.ts'
import type { RunResult, RunUsage } from '../result.ts'
import type { RunInfo } from '../run-info.ts'
import type { Toolbox } from '../tool/toolbox.ts'
import { Deadline } from './deadline.ts'
import { Mailbox } from './mailbox.ts'
import { applyEntry, createRunState, type RunState } from './run-state.ts'
import { RunStop } from './run-stop.ts'

/** What there is of a run before anything is known about it but its name; its handle needs no more. */
export interface RunHead {
  readonly id: string
  readonly config: ExecutorConfig
  readonly clock: Clock
  readonly logger: Logger
  readonly events: EventLog
  readonly stop: RunStop
  readonly deadline: Deadline
  readonly mailbox: Mailbox
  /** What the run was given beyond its limits since its last step. */
  readonly extensions: { readonly steps: number; readonly timeMs: number }[]
  /** Begins a run below this one, or goes on with the one that an earlier attempt began. */
  readonly delegate: StartChild
}

export type StartChild = (parent: Run, child: ChildRun) => Promise<RunResult>

interface ChildRun {
  readonly runId: string
  readonly agent: Agent
  readonly input: RunInput
  readonly isFirstParty: boolean
  /** Whether there may be a record of it. */
  readonly isRetry: boolean
  onEvent(event: RunEvent): void
}

export function createRunHead(id: string, config: ExecutorConfig, delegate: StartChild): RunHead {
  const { clock, logger } = config
  return {
    id,
    config,
    clock,
    logger,
    events: new EventLog(id, clock, logger),
    stop: new RunStop(),
    deadline: new Deadline(clock),
    mailbox: new Mailbox(),
    extensions: [],
    delegate,
  }
}

/** All that a stage of a run needs; each takes this one object. */
export interface Run extends RunHead {
  info: RunInfo
  readonly invocation: Invocation
  readonly parent: Run | undefined
  readonly limits: Required<Limits>
  readonly phases: readonly OpenPhase[]
  state: RunState
  /** Whether an earlier process had begun it. */
  readonly isResumed: boolean
  /** Decisions that the host brought when it resumed the run. */
  readonly given: readonly ApprovalDecision[]
  /** The record that it writes; until there is one, nothing is kept. */
  checkpointer: Checkpointer
  door: Door
  /** On whose behalf its tools are used. */
  asker: Asker | undefined
  /** Of each phase, once they are built. */
  toolboxes: readonly Toolbox[]
  reservation: Reservation | undefined
  recorder: AuditRecorder | undefined
  watch: CriticWatch | undefined
  session: SessionTools | undefined
  /** What is given back when the run has ended: a slot of a lane, a place at the dispatch guard. */
  readonly leases: (() => void)[]
  /** Whether it has come as far as its first step: from there on it may have effects. */
  hasBegun: boolean
  /** Whether a model is being asked. */
  isThinking: boolean
  /** What the model has written in this step while its reply is not whole. */
  partialText: string
  /** What delegated runs used whose calls have no result yet, by call id. */
  unfinished: ReadonlyMap<string, RunUsage>
  /** What stands in for the results of calls that a stop cut short. */
  cutShort: ReadonlyMap<string, ToolResultPart>
  /** An estimate of the context's size, where none is reported. */
  rough: { readonly context: readonly Message[]; readonly anchor: TokenAnchor } | undefined
  /** The answer in the shape that was asked for, once there is one. */
  object: unknown
}

/** A phase with its model; an agent without phases has one, which has no name. */
export interface OpenPhase {
  readonly name?: string
  readonly instructions?: string
  readonly model: Model
  readonly tools: readonly string[]
  readonly maxSteps: number
}

/** What a run is made of. */
export interface RunParts {
  readonly head: RunHead
  info: RunInfo
  readonly invocation: Invocation
  readonly phases: readonly OpenPhase[]
  readonly parent: Run | undefined
  /** The record of an earlier process, of a run that is resumed. */
  readonly reopened?: Checkpointer
  readonly given?: readonly ApprovalDecision[]
}

export function createRun({ head, info, invocation, phases, parent, reopened, given = [] }: RunParts): Run {
  const checkpointer = reopened ?? noCheckpointer(info)
  const state = createRunState(info.input, info.limits, info.startedAtMs)
  for (const entry of checkpointer.history) applyEntry(state, entry)
  return {
    ...head,
    info,
    invocation,
    parent,
    limits: info.limits,
    phases,
    state,
    isResumed: reopened !== undefined,
    given,
    checkpointer,
    door: new Door(checkpointer, reopened !== undefined, head.stop, head.clock),
    asker: undefined,
    toolboxes: [],
    reservation: undefined,
    recorder: undefined,
    watch: undefined,
    session: undefined,
    leases: [],
    hasBegun: false,
    isThinking: false,
    partialText: '',
    // Most runs need neither: no map is made for them.
    unfinished: NONE_UNFINISHED,
    cutShort: NONE_CUT_SHORT,
    rough: undefined,
    object: undefined,
  }
}

/** Gives the run more time at once, and more steps from its next one on; says whether it was still there to take them. */
export function extendRun(run: RunHead, more: { readonly steps?: number; readonly timeMs?: number }): boolean {
  checkKeys('extend', more, ['steps', 'timeMs'])
  const { steps = 0, timeMs = 0 } = more
  checkCount('extend.steps', steps, 0)
  checkCount('extend.timeMs', timeMs, 0)
  for (const [name, value] of Object.entries({ steps, timeMs }))
    if (!Number.isFinite(value)) throw new RangeError(`Expected \`extend.${name}\` to have an end, got \`${value}\``)
  if (run.stop.cause !== undefined || run.mailbox.isClosed) return false
  run.deadline.extend(timeMs)
  run.extensions.push({ steps, timeMs })
  return true
}

const NONE_UNFINISHED: Run['unfinished'] = new Map()
const NONE_CUT_SHORT: Run['cutShort'] = new Map()

export function emit(run: RunHead, event: RunEventBody): void {
  run.events.append(event)
}

/** Notes what happened, and changes the run by it: in this order, so that what the run knows is in its journal. */
export async function record(run: Run, ...bodies: readonly JournalEntryBody[]): Promise<void> {
  for (const entry of await run.door.note(bodies)) applyEntry(run.state, entry)
}

/** Changes the run by the result of a call; the door has kept it already. */
export function take(run: Run, key: string, kind: CallKind, value: unknown): void {
  applyEntry(run.state, { type: 'result', key, kind, value, atMs: run.clock.now() })
}

export function phaseOf(run: Run): OpenPhase {
  return run.phases[run.state.phase]!
}

export function toolboxOf(run: Run): Toolbox {
  return run.toolboxes[run.state.phase]!
}

/** The step that is under way, counting from 1 over all phases; between two, the one that was. */
export function stepOf(run: Run): number {
  return run.state.steps + (run.isThinking ? 1 : 0)
}

/** How many steps the present phase may take. */
export function maxStepsOf(run: Run): number {
  return phaseOf(run).maxSteps + run.state.addedSteps
}

/** The schema that the last phase's answer must fit. */
export function outputOf(run: Run): Schema | undefined {
  return run.state.phase === run.phases.length - 1 ? run.invocation.output : undefined
}

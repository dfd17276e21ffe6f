import { ensureError, type Generated, generateWith, type Schema, type SchemaOutput } from '@executus/llm'

import { type Agent, checkAgent } from './agent.ts'
import { checkCount, checkKeys, checkText, expected } from './check-option.ts'
import { checkOptions, DEFAULT_TIER, type ExecutorOptions } from './config.ts'
import { JournalError } from './errors.ts'
import { messagesOf, type RunInput } from './input.ts'
import { checkInvocation, type Invocation } from './invocation.ts'
import type { Checkpointer } from './journal/checkpointer.ts'
import type { ApprovalDecision } from './permission/approvals.ts'
import type { Ending, RunResult } from './result.ts'
import { askPort, tellPort } from './run/ask-port.ts'
import { rejected } from './run/ending.ts'
import { liveRun } from './run/life.ts'
import { checkedRecord } from './run/open-journal.ts'
import { openRun, planRun, type ResumedInvocation, reopenRun } from './run/open-run.ts'
import { createRunHandle, type RunHandle } from './run/run-handle.ts'
import { cutOff, interrupted } from './run/run-stop.ts'
import { createRunHead, type Run, type RunHead, type StartChild } from './run/run.ts'
import { whoOf } from './run/who-of.ts'

/** Runs agents. */
export interface Executor {
  /**
   * Runs `agent` on `input`. The promise never rejects for anything that happens in the run; the result tells.
   *
   * @throws TypeError or RangeError, at once, for a mistake in the arguments
   */
  run<S extends Schema>(agent: Agent, input: RunInput, invocation?: Invocation<S>): Promise<RunResult<SchemaOutput<S>>>
  /** As `run`, but gives the run itself, at once: to watch it, to talk to it, to end it. */
  start<S extends Schema>(agent: Agent, input: RunInput, invocation?: Invocation<S>): RunHandle<SchemaOutput<S>>
  /**
   * Goes on with a run that was interrupted or suspended, from its journal. When there is none that this process may
   * continue it ends as `rejected`, with `not-resumable`.
   *
   * @throws TypeError or RangeError, at once, for a mistake in the arguments
   */
  resume<S extends Schema>(runId: string, options?: ResumeOptions<S>): RunHandle<SchemaOutput<S>>
  /**
   * Asks a model once for an answer that fits `schema`, outside any run.
   *
   * @throws ModelError, `invalid-output` when two answers do not fit; TypeError or RangeError for a mistake in the arguments
   */
  generateWith<S extends Schema>(
    schema: S,
    input: RunInput,
    options?: GenerateWithOptions,
  ): Promise<Generated<SchemaOutput<S>>>
  /**
   * Admits nothing more and gives what runs `graceMs` (default 0) to end: durable runs stop at their next safe point, others
   * may answer. What is left then ends as `interrupted`.
   */
  shutdown(options?: { readonly graceMs?: number }): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface ResumeOptions<S extends Schema = Schema> {
  /** What people decided about the requests that the run waits for. */
  readonly approvals?: readonly ApprovalDecision[]
  /** What cannot be stored, and is given again. What is missing then makes the call that needs it an error result. */
  readonly invocation?: ResumedInvocation & { readonly output?: S }
  /** The agent as it is now. @default as it was when the run began */
  readonly agent?: Agent
}

export interface GenerateWithOptions {
  /** A tier's name, or a chain of specs. @default 'fast' */
  readonly tier?: string
  readonly instructions?: string
  readonly signal?: AbortSignal
  /** Whom it is for; handed to `onModelCall`. */
  readonly caller?: string
}

/** Longer than a store waits for another process, and no longer than a person who waits for the run. */
const LONGEST_REOPEN_MS = 30_000

/**
 * An executor over models and tools.
 *
 * @throws TypeError or RangeError that names the option, what was expected and what came
 * @example
 * const executor = createExecutor({ ...fromEnv(), tools: [weather] })
 * const result = await executor.run({ name: 'helper', tools: ['weather'] }, 'Umbrella in Oslo?')
 */
export function createExecutor(options: ExecutorOptions = {}): Executor {
  const config = checkOptions(options)
  const live = new Map<RunHead, { readonly result: Promise<RunResult>; run?: Run }>()
  let isShutDown = false

  function admitCall(): void {
    if (isShutDown) throw new TypeError('Expected a running executor: this one was shut down')
  }

  function begin(head: RunHead, open: () => Promise<Run | Ending>): RunHandle {
    // The caller gets the handle first, so that its listeners hear the first event.
    const result = Promise.resolve()
      .then(() => liveRun(head, () => noteOpened(head, open)))
      .then((ended) => {
        live.delete(head)
        return ended
      })
    live.set(head, { result })
    return createRunHandle(head, result)
  }

  async function noteOpened(head: RunHead, open: () => Promise<Run | Ending>): Promise<Run | Ending> {
    const opened = await open()
    const entry = live.get(head)
    if (entry !== undefined && !('status' in opened)) entry.run = opened
    return opened
  }

  function newId(): string {
    const id = config.ids.next()
    checkText('ids.next()', id)
    return id
  }

  function start(agent: Agent, input: RunInput, invocation: Invocation = {}): RunHandle {
    admitCall()
    const head = createRunHead(invocation?.runId ?? newId(), config, startChild)
    const plan = planRun(config, head.id, agent, input, invocation)
    return begin(head, async () => openRun(head, plan))
  }

  function resume(runId: string, resumption: ResumeOptions = {}): RunHandle {
    admitCall()
    checkText('runId', runId)
    checkKeys('resume', resumption, ['approvals', 'invocation', 'agent'])
    checkKeys('resume.invocation', resumption.invocation ?? {}, ['signal', 'extraTools', 'sessionTools', 'output'])
    checkInvocation(resumption.invocation ?? {})
    if (resumption.agent !== undefined) checkAgent(resumption.agent)
    const { approvals: given = [] } = resumption
    if (!Array.isArray(given)) throw expected('resume.approvals', 'a list of decisions', given)
    for (const [index, decision] of (given as readonly ApprovalDecision[]).entries()) {
      checkText(`resume.approvals[${index}].id`, decision?.id)
      if (typeof decision.isApproved !== 'boolean')
        throw expected(`resume.approvals[${index}].isApproved`, 'a boolean', decision.isApproved)
    }
    const head = createRunHead(runId, config, startChild)
    return begin(head, async () => {
      const reopened = await reopen(head)
      return reopened === undefined ? notResumable(runId) : goOn(head, reopened, { ...resumption, given })
    })
  }

  function reopen(head: RunHead): Promise<Checkpointer | undefined> {
    const { checkpointer } = config
    if (checkpointer === undefined) return Promise.resolve(undefined)
    // The run's own time is not known before its record is open.
    const cancelTimer = config.clock.after(LONGEST_REOPEN_MS, () =>
      head.stop.stop(cutOff('storage', new Error(`it was not open after ${LONGEST_REOPEN_MS} ms`))),
    )
    return askPort(
      head,
      'The checkpointer',
      async () => checkedRecord(await checkpointer.reopen(head.id)),
      (late) => late && tellPort(head, 'the journal', () => late.leave()),
    ).finally(cancelTimer)
  }

  /** A record that cannot be gone on with as things are now is given back. */
  async function goOn(head: RunHead, reopened: Checkpointer, how: Parameters<typeof reopenRun>[2]): Promise<Run> {
    try {
      return reopenRun(head, reopened, how)
    } catch (error) {
      await tellPort(head, 'the journal', () => reopened.leave())
      throw error
    }
  }

  /** A run below another: with its own record, where its parent has one. */
  const startChild: StartChild = async (parent, child) => {
    const { runId, agent, input, isFirstParty, isRetry } = child
    const head = createRunHead(runId, config, startChild)
    head.events.watch('the run above', (event) => {
      if (event.type !== 'text-delta' && event.type !== 'reasoning-delta') child.onEvent(event)
    })
    return liveRun(head, async () => {
      const reopened = isRetry ? await reopen(head) : undefined
      if (reopened !== undefined) return goOn(head, reopened, { parent, agent }).catch(keepChild)
      return openRun(
        head,
        planRun(config, runId, agent, input, { ...whoOf(parent.info), isFirstParty }, parent),
        parent,
      )
    })
  }

  async function shutdown({ graceMs = 0 }: { readonly graceMs?: number } = {}): Promise<void> {
    checkCount('graceMs', graceMs, 0)
    isShutDown = true
    config.stopWatching()
    const stopAll = () => {
      for (const head of live.keys()) head.stop.stop(interrupted())
    }
    // A durable run goes on after the next boot; of any other, its answer would be lost.
    for (const [head, entry] of live) {
      const stopIfDurable = () => {
        if (entry.run?.door.isDurable === true) head.stop.stopAtSafePoint(interrupted())
      }
      stopIfDurable()
      // Of one whose journal is not open yet it is not known.
      if (entry.run?.hasBegun !== true)
        head.events.watch('the shutdown', ({ type }) => type === 'run-start' && stopIfDurable())
    }
    const cancelTimer = graceMs > 0 ? config.clock.after(graceMs, stopAll) : stopAll()
    await Promise.all([...live.values()].map(({ result }) => result))
    cancelTimer?.()
  }

  const executor = {
    start,
    run: (agent: Agent, input: RunInput, invocation?: Invocation) => start(agent, input, invocation).result,
    resume,
    generateWith: async (schema: Schema, input: RunInput, given: GenerateWithOptions = {}) => {
      admitCall()
      checkKeys('generateWith', given, ['tier', 'instructions', 'signal', 'caller'])
      const { tier = DEFAULT_TIER, instructions, signal, caller } = given
      const request = { messages: messagesOf(input), ...(instructions !== undefined && { system: instructions }) }
      const attribution = caller === undefined ? {} : { caller }
      return generateWith(schema, config.tiers.resolve(tier), request, { attribution, ...(signal && { signal }) })
    },
    shutdown,
    [Symbol.asyncDispose]: () => shutdown(),
  }
  // The answer has the shape of the schema: `review` sees to it.
  return executor
}

/** A delegated run that cannot be gone on with as things are now is not lost, so it must not look as if it had failed. */
function keepChild(error: unknown): never {
  throw new JournalError('storage', `A delegated run cannot be continued: ${ensureError(error).message}`, {
    cause: error,
  })
}

function notResumable(runId: string): Ending {
  return rejected('not-resumable', `There is no record of ${runId} that could be continued here`)
}

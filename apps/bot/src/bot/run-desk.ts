import type { Checkpoints } from '@executus/checkpoint'
import type {
  Agent,
  Clock,
  Executor,
  Ids,
  Invocation,
  Logger,
  Message,
  RunHandle,
  RunInput,
  RunResult,
} from '@executus/core'
import type { SqliteFileStore } from '@executus/store-sqlite'

import type { BotRun } from '../store/run-store.ts'
import type { Stores } from '../store/stores.ts'
import type { Person } from '../view/entry.ts'
import type { LiveRun } from '../view/live-run.ts'
import type { AnswerDesk } from './answers/answer-desk.ts'
import { isFinal } from './answers/answer-of.ts'
import { historyOf } from './answers/history.ts'
import type { LiveRuns } from './answers/live-runs.ts'
import { BackgroundWork } from './background-work.ts'
import type { Cast } from './cast.ts'
import { keepTrying } from './keep-trying.ts'
import type { Log } from './log.ts'
import { messageOf } from './message-of.ts'
import { ownWords } from './own-words.ts'
import type { BudgetDesk } from './questions/budget-desk.ts'
import { Teller } from './teller.ts'

export interface RunDeskOptions {
  readonly executor: Executor
  readonly checkpoints: Checkpoints
  readonly stores: Stores
  readonly log: Log
  readonly live: LiveRuns
  readonly cast: Cast
  readonly files: SqliteFileStore
  readonly answers: AnswerDesk
  readonly budgets: BudgetDesk
  readonly clock: Clock
  readonly isOwner: (personId: string) => boolean
  /** Whether a run that begins now has to wait for its turn. */
  readonly isFull: () => boolean
  readonly ids: Ids
  readonly logger: Logger
}

/** How many runs were ended, and how many were not because they are somebody else's. */
export interface Stopped {
  readonly stopped: number
  readonly left: number
}

/** `state`: how it is shown. @default 'working' */
type ResumeRunOptions = NonNullable<Parameters<Executor['resume']>[1]> & { readonly state?: LiveRun['state'] }

/**
 * Has what people say answered: one run of a conversation at a time, and what they say meanwhile is told to it, or waits.
 * What is to be run is kept before it is begun, so that a crash between the two loses nothing.
 */
export class RunDesk {
  readonly #options: RunDeskOptions
  readonly #handles = new Map<string, RunHandle>()
  /** Runs that are to be begun when no other of their conversation is under way. */
  readonly #held = new Set<string>()
  /** What is told when they have ended. */
  readonly #ends = new Map<string, Promise<void>>()
  readonly #teller: Teller
  readonly #background: BackgroundWork
  readonly #closing = new AbortController()

  constructor(options: RunDeskOptions) {
    this.#options = options
    this.#teller = new Teller(options)
    this.#background = new BackgroundWork(options.logger)
  }

  /** Goes on with a conversation: begins what waits, or tells it to the run that is under way. */
  advance(conversationId: string): void {
    if (this.#closing.signal.aborted) return
    const what = `what waits in conversation ${conversationId} could not be begun`
    this.#background.add(this.#keep(what, () => this.#advance(conversationId)))
  }

  #advance(conversationId: string): void {
    const { stores, log, clock, ids } = this.#options
    const open = stores.runs.open(conversationId).filter(({ cause }) => cause !== 'job')
    const active = open.find(({ id, state }) => state === 'open' && !this.#held.has(id))
    const next = active === undefined ? open.find(({ id }) => this.#held.has(id)) : undefined
    if (next !== undefined) {
      this.#held.delete(next.id)
      return this.#background.add(this.#begin(next))
    }
    const waiting = stores.entries.waiting(conversationId)
    const [first] = waiting
    if (first === undefined) return
    const handle = active && this.#handles.get(active.id)
    if (handle !== undefined) return this.#background.add(this.#teller.tell(handle, active!.caller, waiting))
    // One that waits for people, or for its budget, is before them.
    if (open.length > 0) return
    const { id: caller } = first.author
    const { agent } = stores.conversations.find(conversationId)!
    const about = { id: ids.next(), conversationId, caller, agent, begunAtMs: clock.now() }
    const run: BotRun = { ...about, cause: 'said', state: 'open' }
    log.write((writer) => {
      stores.runs.add(run)
      for (const { id } of ownWords(waiting, caller)) writer.setSaid(id, 'taken', run.id)
    })
    this.#background.add(this.#begin(run))
  }

  /** Begins a run that is kept as open and has no record, when none is under way in its conversation. */
  begin(run: BotRun): void {
    // A job has its own time.
    if (run.cause === 'job') return this.#background.add(this.#begin(run))
    this.#held.add(run.id)
    this.advance(run.conversationId)
  }

  /** Begins the run of a job, which has its own time and place in the conversation. */
  startJob(run: BotRun, agent: Agent, input: RunInput, invocation: Invocation): RunHandle {
    this.#options.stores.runs.add(run)
    return this.#attach(run, this.#options.executor.start(agent, input, invocation), this.#firstState)
  }

  /** Goes on with a run from its record; one that is under way here is given as it is. */
  resume(run: BotRun, { state = 'working', ...options }: ResumeRunOptions = {}): RunHandle {
    const before = this.#handles.get(run.id)
    if (before !== undefined) return before
    const handle = this.#attach(run, this.#options.executor.resume(run.id, options), state)
    const { live, answers, stores } = this.#options
    // It waited in another process.
    if (live.trailOf(run.id).length > 0) return handle
    this.#teller.doubt(handle, stores.entries.waiting(run.conversationId))
    this.#background.add(answers.recallTrail(run.id))
    return handle
  }

  /** Shows a run that waits for people since before the bot was started. */
  showWaiting(run: BotRun): void {
    const { live, answers } = this.#options
    live.wait(run.conversationId, shownOf(run))
    this.#background.add(answers.recallTrail(run.id))
  }

  isUnderWay(runId: string): boolean {
    return this.#handles.has(runId)
  }

  /** Ends the runs of a conversation that are somebody's; those of all, when an owner asks. */
  async stop(conversationId: string, by: Person): Promise<Stopped> {
    const { stores, checkpoints, answers, live, isOwner } = this.#options
    const open = stores.runs.open(conversationId)
    const runs = isOwner(by.id) ? open : open.filter(({ caller }) => caller === by.id)
    const reason = `Stopped by ${by.name}`
    for (const run of runs) {
      if (this.#abort(run.id, reason)) continue
      // It waits for people, or was not begun yet: nobody else tells of its end.
      await checkpoints.cancel(run.id, reason)
      if (this.#abort(run.id, reason)) continue
      this.#held.delete(run.id)
      answers.tellStopped(run)
      live.end(run.id)
    }
    await Promise.all(runs.flatMap((run) => this.#ends.get(run.id) ?? []))
    this.advance(conversationId)
    return { stopped: runs.length, left: open.length - runs.length }
  }

  #abort(runId: string, reason: string): boolean {
    this.#handles.get(runId)?.abort(reason)
    return this.#handles.has(runId)
  }

  /** Begins nothing more. */
  close(): void {
    this.#closing.abort()
  }

  /** Resolves when what has ended is told. */
  idle(): Promise<void> {
    return this.#background.idle()
  }

  async #begin(run: BotRun): Promise<void> {
    const { stores, cast, files, executor } = this.#options
    const conversation = stores.conversations.find(run.conversationId)!
    try {
      const as = cast.viewerOf(run.caller, conversation.guild)
      const member = await cast.find(run.agent, as)
      if (member === undefined) return await this.#endUnbegun(run, `There is no agent ${run.agent} any more.`)
      const isShared = conversation.guild !== undefined
      const said = stores.entries.takenBy(run.id)
      const question =
        run.task === undefined
          ? await messageOf(said, files, { isShared })
          : ({ role: 'user', content: [{ type: 'text', text: run.task }] } as const)
      // Somebody may have stopped it by now.
      if (this.#closing.signal.aborted || stores.runs.find(run.id)?.state !== 'open' || this.#handles.has(run.id))
        return
      // A job asks the same each time, whatever was talked about in between.
      const history = run.cause === 'job' ? [] : historyOf(stores.turns, run.conversationId)
      const input = [...history, question]
      const handle = executor.start(member.agent, input, {
        runId: run.id,
        caller: run.caller,
        channel: `${conversation.channel}:${conversation.place}`,
        ...(conversation.guild !== undefined && { guild: conversation.guild }),
        subject: conversation.title,
        deliverTo: { conversationId: run.conversationId },
        isFirstParty: member.isFirstParty,
      })
      this.#attach(run, handle, this.#firstState)
      this.advance(run.conversationId)
    } catch (error) {
      this.#options.logger.error(`run ${run.id} could not be begun`, error)
      await this.#endUnbegun(run, 'It could not be begun; the log has the reason.')
    }
  }

  async #endUnbegun(run: BotRun, problem: string): Promise<void> {
    const what = `the end of run ${run.id} could not be kept`
    await this.#keep(what, () => this.#options.answers.tellFailed(run, problem))
    this.advance(run.conversationId)
  }

  get #firstState(): LiveRun['state'] {
    return this.#options.isFull() ? 'queued' : 'working'
  }

  #attach(run: BotRun, handle: RunHandle, state: LiveRun['state']): RunHandle {
    const { live } = this.#options
    this.#handles.set(run.id, handle)
    live.begin(run.conversationId, { ...shownOf(run), state })
    const end = handle.result.then((result) => this.#settle(run, result)).finally(() => this.#ends.delete(run.id))
    this.#ends.set(run.id, end)
    this.#background.add(end)
    return handle
  }

  async #settle(run: BotRun, result: RunResult): Promise<void> {
    const { live, answers, stores } = this.#options
    await this.#keep(`the end of run ${run.id} could not be kept`, async () => {
      if (isFinal(result)) await answers.tell(result, await this.#inputOf(run))
      else if (result.status === 'suspended') answers.keepTrail(run.id)
      else if (result.status === 'rejected') await this.#settleRejected(run, result)
    })
    this.#handles.delete(run.id)
    if (result.status === 'suspended') live.wait(run.conversationId, shownOf(run))
    else live.end(run.id)
    if (this.#closing.signal.aborted) return
    // Decisions may have come before the run had given itself back.
    if (result.status === 'suspended' && stores.questions.ofRun(run.id, 'open').length === 0) this.#resumeIfMeant(run)
    this.advance(run.conversationId)
  }

  async #settleRejected(run: BotRun, result: RunResult): Promise<void> {
    const { checkpoints, answers, budgets, logger } = this.#options
    if (result.stopReason === 'budget') return budgets.pause(run)
    const record = await checkpoints.find(run.id)
    if (record?.status === 'settled') await answers.tellOutcome(run, record.outcome!)
    else if (record === undefined) await answers.tell(result)
    else logger.warn(`run ${run.id} is not gone on with now: ${result.stopReason}`)
  }

  /** What a run began with: of one that had ended before this process, its record tells. */
  async #inputOf({ id }: BotRun): Promise<readonly Message[] | undefined> {
    const { live, checkpoints } = this.#options
    return live.inputOf(id) ?? (await checkpoints.find(id))?.info.input
  }

  #resumeIfMeant(run: BotRun): void {
    const work = this.#options.checkpoints.find(run.id).then((record) => {
      if (record?.status === 'signalled') this.resume(run)
    })
    this.#background.add(work)
  }

  /** Tries until it is kept, or until the bot stops: then the next start sees to it. */
  #keep(what: string, work: () => unknown): Promise<void> {
    return keepTrying(what, work, { ...this.#options, signal: this.#closing.signal })
  }
}

function shownOf({ id: runId, agent, job, begunAtMs: startedAtMs }: BotRun): Omit<LiveRun, 'trail' | 'state'> {
  return { runId, agent, startedAtMs, ...(job !== undefined && { job }) }
}

import type { Checkpoints } from '@executus/checkpoint'
import type { ApprovalDecision, Clock, Ids, Logger } from '@executus/core'

import type { Decision, Question } from '../../store/question-store.ts'
import type { BotRun } from '../../store/run-store.ts'
import type { Stores } from '../../store/stores.ts'
import type { EntryOf, Person } from '../../view/entry.ts'
import type { AnswerDesk } from '../answers/answer-desk.ts'
import type { Decided } from '../bot.ts'
import type { Log } from '../log.ts'
import type { RunDesk } from '../run-desk.ts'
import type { AuditNotes } from '../sending/audit-notes.ts'
import type { BudgetDesk } from './budget-desk.ts'

export interface QuestionDeskOptions {
  readonly stores: Stores
  readonly log: Log
  readonly checkpoints: Checkpoints
  readonly runs: RunDesk
  readonly answers: AnswerDesk
  readonly budgets: BudgetDesk
  readonly notes: AuditNotes
  readonly isOwner: (personId: string) => boolean
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
}

/** It looks this often at least whether something has expired. */
const LONGEST_WAIT_MS = 60_000

/** When what follows from a decision is tried again after it failed. */
const RETRY_MS = 30_000

/** The choices by which what is asked about is done. */
const YES: ReadonlySet<string> = new Set(['approve', 'raise'])

/** What a run is told that goes on with more to spend. */
const GO_ON = 'The budget was raised. Go on where you stopped.'

/** Takes what people decide, once, and has what follows from it follow, also after a crash in between. */
export class QuestionDesk {
  readonly #options: QuestionDeskOptions
  /** What follows from decisions, by question. */
  readonly #following = new Map<string, Promise<void>>()
  #cancelTimer: (() => void) | undefined
  /** When it is tried again to follow what could not be. */
  #retryAtMs = Number.POSITIVE_INFINITY
  #isClosed = false

  constructor(options: QuestionDeskOptions) {
    this.#options = options
  }

  async decide(questionId: string, choice: string, by: Person): Promise<Decided> {
    const { stores, clock } = this.#options
    const question = stores.questions.find(questionId)
    if (question === undefined) return { isTaken: false, message: 'There is no such question (any more).' }
    if (question.state === 'open' && question.expiresAtMs <= clock.now()) await this.#expire(question)
    const entry = this.#entryOf(question)
    if (entry.outcome !== undefined) return settled(entry)
    if (!entry.choices.some(({ id }) => id === choice))
      return { isTaken: false, message: 'That is not one of the answers.', entry }
    const refusal = this.#refusalOf(question, choice, by)
    if (refusal !== undefined) return { isTaken: false, message: refusal, entry }
    return this.#take(question, { choice, by: by.id }, `${labelOf(choice)} by ${by.name}`)
  }

  /** Goes on with what a crash left between a decision and what follows, and keeps looking for what expires. */
  async open(): Promise<void> {
    this.#followAll()
    await this.idle()
    await this.#look()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer?.()
  }

  /** Resolves when all has followed that follows from decisions. */
  async idle(): Promise<void> {
    while (this.#following.size > 0) await Promise.all(this.#following.values())
  }

  /** To be called when there is a new question: it may be the next to expire. */
  schedule(): void {
    if (this.#isClosed) return
    const { stores, clock } = this.#options
    this.#cancelTimer?.()
    const next = Math.min(stores.questions.nextExpiryMs() ?? Number.POSITIVE_INFINITY, this.#retryAtMs)
    if (next === Number.POSITIVE_INFINITY) return
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(0, next - clock.now()))
    this.#cancelTimer = clock.after(waitMs, () => void this.#look())
  }

  async #look(): Promise<void> {
    try {
      const { stores, clock } = this.#options
      for (const question of stores.questions.expired(clock.now())) await this.#expire(question)
      if (this.#retryAtMs <= clock.now()) this.#followAll()
    } catch (error) {
      this.#options.logger.error('questions that have expired could not be closed', error)
    }
    this.schedule()
  }

  async #expire(question: Question): Promise<void> {
    const choice = question.topic === 'approval' ? 'decline' : 'drop'
    await this.#take(question, { choice }, 'Nobody decided in time')
  }

  /** Only the one who asked, or an owner, decides; what is spent is an owner's to say. */
  #refusalOf({ topic, askedFor }: Question, choice: string, by: Person): string | undefined {
    const { isOwner } = this.#options
    if (isOwner(by.id)) return undefined
    if (topic === 'budget' && choice === 'raise') return 'Only an owner of the bot can raise a budget.'
    return askedFor === by.id ? undefined : 'Only the one who asked, or an owner of the bot, can decide this.'
  }

  async #take(question: Question, decision: Decision, outcome: string): Promise<Decided> {
    const { stores, log } = this.#options
    const taken = log.write((writer) => {
      if (!stores.questions.decide(question.id, decision)) return undefined
      return writer.change(question.entryId, { ...this.#entryOf(question), outcome, isYes: YES.has(decision.choice) })
    })
    if (taken === undefined) return settled(this.#entryOf(question))
    // Whoever pressed is answered at once; what follows has its own time, and is done at the next start if need be.
    if (!this.#isClosed) this.#follow({ ...question, state: 'decided', decision })
    return { isTaken: true, message: `${outcome}.`, entry: taken }
  }

  #followAll(): void {
    this.#retryAtMs = Number.POSITIVE_INFINITY
    for (const question of this.#options.stores.questions.decided()) this.#follow(question)
  }

  #follow(question: Question): void {
    const { id } = question
    if (this.#following.has(id)) return
    const work = question.topic === 'approval' ? this.#tellRun(question) : this.#settleBudget(question)
    const done = work.catch((error: unknown) => {
      const { logger, clock } = this.#options
      logger.error(`what follows from question ${id} failed`, error)
      // Of a disk that is full, say.
      this.#retryAtMs = clock.now() + RETRY_MS
      this.schedule()
    })
    this.#following.set(id, done)
    void done.finally(() => this.#following.delete(id))
  }

  async #tellRun(question: Question): Promise<void> {
    const { id, runId } = question
    const { stores, checkpoints, runs, notes } = this.#options
    await checkpoints.deliver(runId, [wordOf(question)])
    stores.atomically(() => {
      this.#note(question)
      stores.questions.close(id)
    })
    await notes.write()
    const run = stores.runs.find(runId)
    // While others of its questions are open it would only wait again.
    if (run?.state !== 'open' || stores.questions.ofRun(runId, 'open').length > 0) return
    if (!runs.isUnderWay(runId)) runs.resume(run)
  }

  /** Who said yes is looked for in the run's record. */
  #note(question: Question): void {
    const { topic, title, outcome } = this.#entryOf(question)
    const { by } = question.decision!
    const note = { runId: question.runId, about: topic, text: `${title} ${outcome}` }
    this.#options.notes.keep(by === undefined ? note : { ...note, by })
  }

  /** It is there as long as its question. */
  #entryOf({ entryId }: Question): EntryOf<'question'> {
    return this.#options.stores.entries.find(entryId) as EntryOf<'question'>
  }

  async #settleBudget(question: Question): Promise<void> {
    const run = this.#options.stores.runs.find(question.runId)
    if (run === undefined) return this.#options.stores.questions.close(question.id)
    return YES.has(question.decision!.choice) ? this.#raise(question, run) : this.#drop(question, run)
  }

  async #drop({ id }: Question, run: BotRun): Promise<void> {
    const { stores, checkpoints, runs, answers } = this.#options
    if (run.state === 'paused') {
      await checkpoints.cancel(run.id, 'The budget was not raised')
      answers.tellFailed(run, 'The budget is used up.')
      runs.advance(run.conversationId)
    }
    stores.questions.close(id)
  }

  /** A run that was not admitted begins, or goes on; one that has ended by its budget is followed by another. */
  async #raise({ id, askedFor }: Question, run: BotRun): Promise<void> {
    const { stores, checkpoints, runs, budgets, clock, ids } = this.#options
    await budgets.raise(id, askedFor)
    const record = await checkpoints.find(run.id)
    const { job: _, ...about } = run
    const isPaused = run.state === 'paused'
    const next: BotRun = isPaused
      ? { ...run, state: 'open' }
      : { ...about, id: ids.next(), cause: 'continued', task: GO_ON, state: 'open', begunAtMs: clock.now() }
    const isStopped = stores.atomically(() => {
      stores.questions.close(id)
      // Somebody may have stopped it while the budget was raised.
      if (isPaused && stores.runs.find(run.id)?.state !== 'paused') return true
      if (isPaused) stores.runs.setState(run.id, 'open')
      else stores.runs.add(next)
      return false
    })
    if (isStopped) return
    if (isPaused && record !== undefined) runs.resume(next)
    else runs.begin(next)
  }
}

function settled(entry: EntryOf<'question'>): Decided {
  return { isTaken: false, message: `This is settled: ${entry.outcome ?? 'somebody was faster'}.`, entry }
}

/** What a run is told of a decision. */
function wordOf({ requestId, decision }: Question): ApprovalDecision {
  const { choice, by } = decision!
  const isApproved = YES.has(choice)
  const reason = by === undefined ? 'Nobody decided in time.' : 'The person declined.'
  const word = { id: requestId!, isApproved, ...(by !== undefined && { by }) }
  return isApproved ? word : { ...word, note: reason }
}

function labelOf(choice: string): string {
  const labels: Readonly<Record<string, string>> = {
    approve: 'Approved',
    decline: 'Declined',
    raise: 'Raised',
    drop: 'Left',
  }
  return labels[choice] ?? choice
}

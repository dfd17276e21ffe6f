import type { AuditLog } from '@executus/audit'
import type { StoredOutcome } from '@executus/checkpoint'
import type { Delivery, Logger, Message, RunResult } from '@executus/core'

import type { BotRun } from '../../store/run-store.ts'
import type { Stores } from '../../store/stores.ts'
import type { AnswerEntry } from '../../view/entry.ts'
import type { Log, LogWriter } from '../log.ts'
import type { BudgetDesk } from '../questions/budget-desk.ts'
import { answerOf, isFinal, problemOf } from './answer-of.ts'
import { completeTrail } from './complete-trail.ts'
import { heardOf } from './heard-of.ts'
import { keepTurn, turnOf } from './history.ts'
import type { LiveRuns } from './live-runs.ts'
import { mergeTrails } from './merge-trails.ts'
import { trailOfAudit } from './trail.ts'

export interface AnswerDeskOptions {
  readonly stores: Stores
  readonly log: Log
  readonly live: LiveRuns
  readonly audit: AuditLog
  readonly budgets: BudgetDesk
  readonly logger: Logger
}

/** What is written with an answer. */
type More = (writer: LogWriter, entryId: number) => void

/**
 * Keeps how runs ended: the answer, what it adds to the conversation, and what goes out, in one piece and once for each
 * run, whoever tells of it and how often.
 */
export class AnswerDesk {
  readonly #options: AnswerDeskOptions
  /** Trails of runs that go on after a restart, on their way from the audit. */
  readonly #recalls = new Map<string, Promise<void>>()

  constructor(options: AnswerDeskOptions) {
    this.#options = options
  }

  /** For the executor: an answer is kept before the run's record is closed. What is kept already is not kept again. */
  readonly delivery: Delivery = {
    replay: 'idempotent',
    deliver: (result) => this.tell(result),
    deliverError: async (result) => {
      if (isFinal(result)) await this.tell(result)
    },
  }

  /**
   * Keeps the end of a run, with what it added to the conversation: `input` is what it began with. A budget that is used up
   * is asked for in the same piece.
   */
  async tell(result: RunResult, input = this.#options.live.inputOf(result.runId)): Promise<void> {
    const { stores, live, budgets } = this.#options
    const run = stores.runs.find(result.runId)
    if (run === undefined) return
    await this.#recalls.get(run.id)
    const ask = result.stopReason === 'budget' ? await budgets.question(run, { hasBegun: result.steps > 0 }) : undefined
    const { agent, job } = run
    const turn = turnOf(result, input, problemOf(result))
    const trail = completeTrail(live.trailOf(run.id), turn.messages)
    const answer = answerOf(result, { agent, trail, ...(job !== undefined && { job }) })
    this.#keep(run, answer, (writer, entryId) => {
      keepTurn(stores.turns, { ...turn, entryId, conversationId: run.conversationId })
      this.#acknowledgeTold(writer, run, turn.messages, input?.at(-1))
      ask?.(writer)
    })
  }

  /** Keeps the end of a run of which only its record tells: the process died between the two. */
  async tellOutcome(run: BotRun, { status, stopReason, output, error }: StoredOutcome): Promise<void> {
    const isPaused = stopReason === 'budget'
    const ask = isPaused ? await this.#options.budgets.question(run, { hasBegun: true }) : undefined
    const outcome = status === 'ok' ? 'ok' : status === 'cancelled' || isPaused ? 'stopped' : 'failed'
    const body = { ...this.#plain(run, outcome), text: output }
    this.#keep(run, status === 'ok' ? body : { ...body, problem: error ?? status }, (writer, entryId) => {
      this.#keepPlainTurn(run, entryId, output || `(${error ?? status})`)
      ask?.(writer)
    })
  }

  tellStopped(run: BotRun): void {
    this.#keep(run, { ...this.#plain(run, 'stopped'), problem: 'Stopped.' }, (_writer, entryId) =>
      this.#keepPlainTurn(run, entryId, '(Stopped before there was an answer.)'),
    )
  }

  tellFailed(run: BotRun, problem: string): void {
    this.#keep(run, { ...this.#plain(run, 'failed'), problem }, (_writer, entryId) =>
      this.#keepPlainTurn(run, entryId, `(No answer was given: ${problem})`),
    )
  }

  /** Keeps what a run has done that begins to wait: its audit does not have the words before a question, or what delegates did. */
  keepTrail(runId: string): void {
    const { live, stores } = this.#options
    stores.runs.keepTrail(runId, live.trailOf(runId))
  }

  /** Shows of a run that goes on after a restart what it had done before. */
  async recallTrail(runId: string): Promise<void> {
    const { live, audit, stores, logger } = this.#options
    const recall = audit
      .entries(runId)
      .then((entries) => live.recall(runId, mergeTrails(stores.runs.trailOf(runId), trailOfAudit(entries))))
      .catch((error: unknown) => logger.warn(`what run ${runId} had done before cannot be shown`, error))
    this.#recalls.set(runId, recall)
    await recall
    this.#recalls.delete(runId)
  }

  #keep(run: BotRun, answer: AnswerEntry, more: More): void {
    const { stores, log } = this.#options
    log.write((writer) => {
      const { conversationId } = run
      const { entry, isNew } = writer.add({ conversationId, body: answer, runId: run.id, onceKey: `answer:${run.id}` })
      if (!isNew) return
      for (const { id } of stores.entries.takenBy(run.id)) writer.setSaid(id, 'answered', run.id)
      for (const question of stores.questions.ofRun(run.id, 'open')) {
        stores.questions.close(question.id)
        const asked = stores.entries.find(question.entryId)!
        if (asked.kind === 'question') writer.change(asked.id, { ...asked, outcome: 'No longer needed', isYes: false })
      }
      stores.runs.setState(run.id, 'ended')
      more(writer, entry.id)
    })
  }

  /** What was told to a run and is in its conversation was heard, also when the process died before it was noted. */
  #acknowledgeTold(writer: LogWriter, run: BotRun, messages: readonly Message[], question: Message | undefined): void {
    const { entries } = this.#options.stores
    const said = entries.waiting(run.conversationId)
    const waiting = said.filter(({ author }) => author.id === run.caller)
    if (run.cause === 'job' || waiting.length === 0) return
    const told = entries.takenBy(run.id).filter(({ atMs }) => atMs >= run.begunAtMs)
    for (const { id } of heardOf({ messages, question, told, waiting })) writer.setSaid(id, 'answered', run.id)
  }

  #keepPlainTurn(run: BotRun, entryId: number, answer: string): void {
    const { stores } = this.#options
    const said = stores.entries.takenBy(run.id).flatMap((entry) => (entry.kind === 'said' ? [entry.text] : []))
    const text = run.task ?? said.join('\n')
    keepTurn(stores.turns, {
      entryId,
      conversationId: run.conversationId,
      isWhole: false,
      messages: [
        { role: 'user', content: [{ type: 'text', text: text || '(nothing)' }] },
        { role: 'assistant', content: [{ type: 'text', text: answer }] },
      ],
    })
  }

  #plain({ id, agent, job }: BotRun, outcome: AnswerEntry['outcome']): AnswerEntry {
    const trail = this.#options.live.trailOf(id)
    const about = { kind: 'answer', text: '', agent, outcome, trail, inputTokens: 0, outputTokens: 0 } as const
    return job === undefined ? about : { ...about, job }
  }
}

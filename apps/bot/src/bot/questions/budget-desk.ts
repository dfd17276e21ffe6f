import type { BudgetBook, BudgetWarning, Remaining } from '@executus/budget'
import type { Clock } from '@executus/core'

import type { BotRun } from '../../store/run-store.ts'
import type { Stores } from '../../store/stores.ts'
import { momentInWords } from '../../tools/schedule/when.ts'
import type { Log, LogWriter } from '../log.ts'
import { type NewQuestion, putQuestion } from './put-question.ts'

export interface BudgetDeskOptions {
  readonly stores: Stores
  readonly log: Log
  readonly clock: Clock
  /** Of the times that people read. */
  readonly timeZone: string
  /** Tokens that an owner's yes adds. */
  readonly extraTokens: number
}

/** What an owner's yes adds to limits of other kinds. */
const EXTRA_RUNS = 10
const EXTRA_USD = 1
const DAY_MS = 24 * 60 * 60_000

/** Asks whether somebody may take more, in the place of ending what they asked for. */
export class BudgetDesk {
  readonly #options: BudgetDeskOptions
  readonly #book: BudgetBook

  constructor(book: BudgetBook, options: BudgetDeskOptions) {
    this.#book = book
    this.#options = options
  }

  /** Puts a run that was not admitted to an owner: it waits as it is. */
  async pause(run: BotRun): Promise<void> {
    const { stores, log } = this.#options
    const ask = await this.question(run, { hasBegun: false })
    log.write((writer) => {
      if (stores.runs.find(run.id)?.state !== 'open') return
      stores.runs.setState(run.id, 'paused')
      ask(writer)
    })
  }

  /** What asks an owner about a run that may take nothing more. */
  async question(run: BotRun, { hasBegun }: { readonly hasBegun: boolean }): Promise<(writer: LogWriter) => void> {
    const { stores, clock, extraTokens } = this.#options
    const now = clock.now()
    const lines = await this.#book.remaining({ caller: run.caller })
    const resets = lines.filter(({ left }) => left <= 0).map(({ resetsAtMs }) => resetsAtMs)
    const expiresAtMs = Math.min(Math.max(now + 60_000, ...resets), now + 7 * DAY_MS)
    const asked: NewQuestion = {
      topic: 'budget',
      title: hasBegun ? 'The budget is used up. Go on?' : 'The budget is used up. Begin all the same?',
      details: lines.map((line) => lineOf(line, this.#options.timeZone)).join('\n'),
      choices: [
        { id: 'raise', label: `Add ${extraTokens.toLocaleString('en')} tokens and go on`, style: 'primary' },
        { id: 'drop', label: 'Leave it', style: 'plain' },
      ],
      expiresAtMs,
    }
    return (writer) => putQuestion(writer, stores, run, asked)
  }

  /** Adds what a yes adds, once for each question. */
  async raise(questionId: string, caller: string): Promise<void> {
    const { clock, extraTokens } = this.#options
    const lines = await this.#book.remaining({ caller })
    const untilMs = Math.max(clock.now() + 60_000, ...lines.map(({ resetsAtMs }) => resetsAtMs))
    const extra = { tokens: extraTokens, runs: EXTRA_RUNS, costUsd: EXTRA_USD }
    await this.#book.grant(accountOf(caller), extra, { untilMs, id: questionId })
  }

  /** What is left, as Markdown. */
  async usage(caller: string): Promise<string> {
    const lines = await this.#book.remaining({ caller })
    if (lines.length === 0) return 'Nothing is limited.'
    return lines.map((line) => `- ${lineOf(line, this.#options.timeZone)}`).join('\n')
  }

  /** Tells the one concerned that most of a limit is used. */
  warn(warning: BudgetWarning): void {
    const { stores, log } = this.#options
    // Usually the run that just ended: only then is known what it took.
    const run = stores.runs.newestOf(warning.account.slice(accountOf('').length))
    if (run === undefined) return
    const { unit, window, used, limit } = warning
    const text = `You have used ${amount(unit, used)} of ${amount(unit, limit)} ${per(window)}.`
    const onceKey = `budget-warning:${warning.account}:${unit}:${JSON.stringify(window)}:${warning.resetsAtMs}`
    const { conversationId } = run
    log.write((writer) => writer.add({ conversationId, onceKey, body: { kind: 'notice', tone: 'warning', text } }))
  }
}

function accountOf(caller: string): string {
  return `caller:${caller}`
}

function lineOf({ window, unit, used, limit, left, reserved, resetsAtMs }: Remaining, timeZone: string): string {
  const aside = reserved > 0 ? `, ${amount(unit, reserved)} set aside for what is under way` : ''
  const rest = unit === 'costUsd' ? amount(unit, Math.max(0, left)) : count(Math.max(0, left))
  const anew = `${momentInWords(resetsAtMs, timeZone)} (${timeZone})`
  return `${rest} of ${amount(unit, limit)} left ${per(window)}: ${amount(unit, used)} used${aside}. Begins anew ${anew}`
}

function amount(unit: Remaining['unit'], value: number): string {
  if (unit === 'costUsd') return `$${value.toFixed(2)}`
  return `${count(value)} ${unit}`
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function per(window: Remaining['window']): string {
  if (window === 'day') return 'today'
  return typeof window === 'string' ? `this ${window}` : `in ${window.everyMs / 60_000} minutes`
}

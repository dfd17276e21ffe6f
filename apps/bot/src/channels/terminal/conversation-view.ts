import type { Bot, Place } from '../../bot/bot.ts'
import type { Conversation, ConversationEvent } from '../../view/conversation.ts'
import type { Entry } from '../../view/entry.ts'
import type { OpenQuestions } from './open-questions.ts'
import type { Paint } from './paint.ts'
import { partOfEntry } from './part-of-entry.ts'
import type { PromptScreen } from './prompt-screen.ts'
import { RunView } from './run-view.ts'

/** There is one person, and one place. */
export const TERMINAL: Place = { channel: 'terminal', place: 'terminal' }

// Of runs that wait for people, and of answers that are still to be sent; far more than one person has.
const MOST_REMEMBERED = 100

/** Shows the newest conversation of the terminal as it goes on. */
export class ConversationView {
  readonly #bot: Bot
  readonly #screen: PromptScreen
  readonly #paint: Paint
  readonly #questions: OpenQuestions
  /** Of runs that are not answered: one that waited for people goes on where it was. */
  readonly #runs = new Map<string, RunView>()
  readonly #live = new Set<string>()
  /** What will be sent here though it was seen to happen; `true` where it was written as a whole already. */
  readonly #seen: { readonly text: string; readonly isWritten: boolean }[] = []
  #waiting: (() => void)[] = []
  #conversation: Conversation | undefined
  #unwatch = (): void => {}
  #newestId = 0

  constructor(bot: Bot, screen: PromptScreen, paint: Paint, questions: OpenQuestions) {
    this.#bot = bot
    this.#screen = screen
    this.#paint = paint
    this.#questions = questions
  }

  /** Turns to the newest conversation; gives what is in it when it is another than before. */
  follow(): readonly Entry[] {
    const conversation = this.#bot.conversationAt(TERMINAL)
    if (conversation.id === this.#conversation?.id) return []
    this.#unwatch()
    this.#live.clear()
    this.#conversation = conversation
    this.#unwatch = this.#bot.watch(conversation.id, (event) => this.#hear(event))
    const { entries = [], live = [] } = this.#bot.snapshot(conversation.id) ?? {}
    this.#newestId = entries.at(-1)?.id ?? 0
    for (const run of live) this.#hear({ type: 'live', live: run })
    return entries
  }

  get conversationId(): string {
    return this.#conversation?.id ?? ''
  }

  get isUnderWay(): boolean {
    return this.#live.size > 0
  }

  /** Shows the prompt, unless text streams there. */
  rest(): void {
    if (!this.isUnderWay) this.#screen.showPrompt()
  }

  /** What is known of a text that is to be sent. */
  takeSeen(text: string): 'written' | 'seen' | 'unseen' {
    const index = this.#seen.findIndex((one) => one.text === text)
    if (index < 0) return 'unseen'
    return this.#seen.splice(index, 1)[0]!.isWritten ? 'written' : 'seen'
  }

  /** Resolves when nothing is under way, or what is waits for people, and all answers were sent. */
  async idle(): Promise<void> {
    while (!this.#isIdle()) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Has those who wait look again. */
  wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  close(): void {
    this.#unwatch()
    this.#conversation = undefined
    this.wake()
  }

  #isIdle(): boolean {
    if (this.#conversation === undefined) return true
    const { entries = [], live = [] } = this.#bot.snapshot(this.#conversation.id) ?? {}
    const isOwed = (entry: Entry): boolean =>
      (entry.kind === 'answer' && entry.delivery === 'waiting') ||
      (entry.kind === 'said' && entry.state !== 'answered' && this.#questions.size === 0)
    return live.every(({ state }) => state === 'waiting') && !entries.some(isOwed)
  }

  #hear(event: ConversationEvent): void {
    switch (event.type) {
      case 'live':
        this.#runOf(event.live.runId).show(event.live)
        if (event.live.state === 'waiting') this.#leave(event.live.runId)
        else this.#live.add(event.live.runId)
        break
      case 'live-text':
        this.#runOf(event.runId).add(event)
        break
      case 'live-end':
        this.#leave(event.runId)
        break
      case 'entry':
        this.#hearOf(event.entry)
        break
      case 'conversation':
        break
    }
    this.wake()
  }

  /** Nothing of a run is under way any more. */
  #leave(runId: string): void {
    this.#live.delete(runId)
    this.#screen.endLine()
    this.rest()
  }

  #hearOf(entry: Entry): void {
    if (entry.kind === 'question' && entry.outcome !== undefined) this.#questions.remove(entry.questionId)
    // An entry that was seen before changes only in how it was delivered.
    if (entry.id <= this.#newestId) return
    this.#newestId = entry.id
    const text = partOfEntry(entry)?.text
    if (text === undefined || entry.kind === 'question') return
    const { runId = '' } = entry
    const isWritten = entry.kind === 'answer' && this.#runs.get(runId)?.finish(entry) === true
    if (entry.kind === 'answer') this.#runs.delete(runId)
    if (isWritten) this.#screen.gap()
    this.#seen.push({ text, isWritten })
    if (this.#seen.length > MOST_REMEMBERED) this.#seen.shift()
    this.rest()
  }

  #runOf(runId: string): RunView {
    const known = this.#runs.get(runId)
    if (known !== undefined) return known
    const [oldest] = this.#runs.keys()
    if (oldest !== undefined && this.#runs.size >= MOST_REMEMBERED) this.#runs.delete(oldest)
    const view = new RunView(this.#screen, this.#paint)
    this.#runs.set(runId, view)
    return view
  }
}

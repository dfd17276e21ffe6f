import { randomUUID } from 'node:crypto'

import type { Asker, Bot, IncomingFile } from '../../bot/bot.ts'
import type { Part } from '../../channel/channel.ts'
import type { Entry, Person } from '../../view/entry.ts'
import { ConversationView, TERMINAL } from './conversation-view.ts'
import { localFile, readFileCommand } from './local-file.ts'
import { type OpenChoice, OpenQuestions } from './open-questions.ts'
import type { Paint } from './paint.ts'
import { partOfEntry } from './part-of-entry.ts'
import type { PromptScreen } from './prompt-screen.ts'
import { safeLine, safeText } from './terminal-text.ts'
import { withoutEscapes } from './without-escapes.ts'

/** What only a terminal has. */
const OWN_COMMANDS = '- `/file PATH`: Sends a file, and what you write behind it\n- `/quit`: Leaves'

/** What one person says, and what they are shown. */
export class TerminalSession {
  readonly view: ConversationView
  readonly #bot: Bot
  readonly #screen: PromptScreen
  readonly #paint: Paint
  readonly #asker: Asker
  readonly #leave: () => void
  readonly #questions = new OpenQuestions()
  /** What the questions say that were decided here. */
  readonly #decided = new Set<string>()
  #hasSpoken = false
  #isBackTold = false
  #isClosed = false

  constructor(bot: Bot, person: Person, screen: PromptScreen, paint: Paint, leave: () => void) {
    this.#bot = bot
    this.#screen = screen
    this.#paint = paint
    this.#asker = { person, at: TERMINAL }
    this.#leave = leave
    this.view = new ConversationView(bot, screen, paint, this.#questions)
  }

  /** Shows the newest conversation, with the questions that are open in it. */
  follow(): void {
    const isOpen = (entry: Entry): boolean => entry.kind === 'question' && entry.outcome === undefined
    for (const entry of this.view.follow().filter(isOpen)) this.show(partOfEntry(entry)!)
  }

  /** Shows what is sent here, once. */
  show(part: Part): void {
    if (part.buttons === undefined) this.#showText(part.text)
    else this.#showQuestion(part)
    this.view.rest()
    this.view.wake()
  }

  /** Shows what has become of a question, unless the person knows: it was they who decided it. */
  showDecided(part: Part): void {
    const known = [...this.#decided].find((text) => part.text.startsWith(text))
    if (known !== undefined) this.#decided.delete(known)
    else this.#screen.line(this.#paint('dim', part.text))
    this.view.rest()
  }

  /** Does what a line says. Resolves when it is done, or kept to be. */
  async take(line: string): Promise<void> {
    if (this.#isClosed || line.trim() === '') return
    this.#hasSpoken = true
    try {
      await this.#do(line)
    } catch (error) {
      this.#complain(error instanceof Error ? error.message : 'no reason was given')
    }
    this.view.rest()
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    const isStopped = await this.#bot.stop(this.view.conversationId, this.#asker.person)
    if (isStopped && !this.view.isUnderWay) return // it has told so itself
    this.#screen.line(this.#paint('dim', isStopped ? '(stopping)' : '(nothing is under way)'))
    this.view.rest()
  }

  /** Takes nothing more. */
  close(): void {
    this.#isClosed = true
    this.view.close()
  }

  async #do(line: string): Promise<void> {
    const choice = this.#questions.choiceOf(line)
    const [, command, rest = ''] = /^\/(\S+)([^]*)$/.exec(line) ?? []
    if (choice === 'many') this.#complain('Several questions are open. Which one? Type the number of the choice.')
    else if (choice !== undefined) await this.#decide(choice)
    else if (command === 'quit') this.#leave()
    else if (command === 'file') await this.#sendFile(rest)
    else if (line.startsWith('/')) await this.#command(line.trim())
    else await this.#say(line.trim())
  }

  async #say(text: string, files: readonly IncomingFile[] = []): Promise<void> {
    this.follow()
    const { entry } = await this.#bot.say({ ...this.#asker, messageId: `terminal:${randomUUID()}`, text, files })
    if (entry.kind !== 'said') return
    for (const { label, reason } of entry.skipped)
      this.#complain(`${safeLine(label)} was not taken: ${safeLine(reason)}`)
  }

  async #sendFile(rest: string): Promise<void> {
    const read = readFileCommand(rest)
    if (read === undefined) return this.#complain('Say which file: /file PATH, and then what you want to say with it.')
    let file: IncomingFile
    try {
      file = await localFile(read.path)
    } catch (error) {
      return this.#complain(`${safeLine(read.path)}: ${(error as Error).message}`)
    }
    await this.#say(read.text, [file])
  }

  async #command(line: string): Promise<void> {
    const answer = await this.#bot.command(line, this.#asker)
    this.#screen.line(safeText(withoutEscapes(answer)).trim())
    if (/^\/help\b/i.test(line)) this.#screen.line(OWN_COMMANDS)
    this.#screen.gap()
    this.follow() // it may have begun a new conversation
  }

  async #decide({ questionId, choice, text }: OpenChoice): Promise<void> {
    this.#decided.add(text) // what has become of it may be told before the decision is
    const { isTaken, message, entry } = await this.#bot.decide(questionId, choice, this.#asker.person)
    if (!isTaken) this.#decided.delete(text)
    const isOpen = entry?.kind === 'question' && entry.outcome === undefined
    if (isTaken || !isOpen) this.#questions.remove(questionId)
    this.#screen.line(safeText(message).trim())
  }

  #showText(text: string): void {
    const seen = this.view.takeSeen(text)
    if (seen === 'written') return
    if (seen === 'unseen' && !this.#hasSpoken && !this.#isBackTold) {
      this.#isBackTold = true
      this.#screen.line(this.#paint('bold', 'While you were away:'))
    }
    this.#screen.line(text)
    this.#screen.gap()
  }

  #showQuestion(part: Part): void {
    const choices = this.#questions.add(part)
    if (choices === undefined) return
    const [title, ...details] = part.text.split('\n')
    this.#screen.line(`${this.#paint('yellow', `? ${title}`)}${details.map((line) => `\n${line}`).join('')}`)
    this.#screen.line(`  ${choices}`)
  }

  #complain(text: string): void {
    this.#screen.line(this.#paint('yellow', safeText(text)))
  }
}

import type { AgentChoice, Bot } from '../../../../bot/bot.ts'
import type { Conversation } from '../../../../view/conversation.ts'
import type { Entry, Person } from '../../../../view/entry.ts'
import type { LiveRun } from '../../../../view/live-run.ts'

/** All that the page shows. */
export interface State {
  readonly home: Home | undefined
  /** Whether the bot answers: `away` when it did and no longer does, or has not yet. */
  readonly link: 'opening' | 'open' | 'away'
  /** The conversation that is chosen; its content comes a little later. */
  readonly conversationId: string | undefined
  readonly view: ConversationView | undefined
  /** What was written here and the bot does not have yet, of all conversations. */
  readonly pending: readonly Pending[]
  /** Answers to commands: they are no part of the conversation, and a reload forgets them. */
  readonly asides: readonly Aside[]
  /** What became of presses of a question's buttons, by the question's id. */
  readonly decisions: Readonly<Record<string, Decision>>
  /** What a screen reader says next. */
  readonly announcement: string
}

export interface Home {
  readonly about: Bot['about']
  readonly me: Person
  /** The one with the newest word first. */
  readonly conversations: readonly Conversation[]
  readonly agents: readonly AgentChoice[]
}

export interface ConversationView {
  readonly conversation: Conversation
  /** Oldest first, by id. */
  readonly entries: readonly Entry[]
  readonly hasEarlier: boolean
  readonly live: readonly LiveRun[]
  /** When tools began that began before our eyes, by `toolKey`; of others the page cannot know. */
  readonly toolStarts: Readonly<Record<string, number>>
}

export interface Pending {
  /** The same at every attempt: the bot takes it once. */
  readonly id: string
  readonly conversationId: string
  readonly text: string
  readonly files: readonly File[]
  /** The newest entry when it was written. */
  readonly afterId: number
  /** `unsent` is tried again by itself; `refused` never is. */
  readonly state: 'sending' | 'unsent' | 'refused'
  readonly problem?: string
}

export interface Aside {
  readonly id: string
  readonly conversationId: string
  readonly afterId: number
  /** What was asked: `/usage`. */
  readonly line: string
  /** Markdown; absent while the bot thinks about it. */
  readonly shown?: string
  readonly problem?: string
}

export interface Decision {
  readonly choice: string
  /** `open`: it was not taken, and may be pressed again. */
  readonly state: 'sending' | 'taken' | 'open'
  readonly message?: string
}

export const INITIAL_STATE: State = {
  home: undefined,
  link: 'opening',
  conversationId: undefined,
  view: undefined,
  pending: [],
  asides: [],
  decisions: {},
  announcement: '',
}

/** The newest entry that is shown; `0` where there is none. */
export function newestId(state: State): number {
  return state.view?.entries.at(-1)?.id ?? 0
}

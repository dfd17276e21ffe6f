import type { Conversation, ConversationEvent, Snapshot } from '../view/conversation.ts'
import type { Entry, Person } from '../view/entry.ts'

/** The bot, as a channel sees it. What people may not do is an answer for them, never an error. */
export interface Bot {
  /**
   * Takes a message: when it resolves the message is kept, and it is answered whatever happens to the process. One whose id
   * was taken before is not taken again. A message to a conversation in which a run is under way is told to that run.
   */
  say(message: Incoming): Promise<{ readonly isNew: boolean; readonly conversationId: string; readonly entry: Entry }>
  /** Does a command: `/usage`, `/agent gardener`. Gives what to show to the one who asked, as Markdown. */
  command(line: string, from: Asker): Promise<string>
  /** Takes somebody's decision of a question. Resolves when it is kept: what follows from it follows later. */
  decide(questionId: string, choice: string, by: Person): Promise<Decided>
  /** The newest conversation of a place; a new one where there is none. */
  conversationAt(place: Place): Conversation
  /** Begins a new conversation at a place; earlier ones stay. */
  newConversation(place: Place): Conversation
  /** The conversations of a channel, the one with the newest word first. */
  conversations(channel: string, limit: number): readonly Conversation[]
  /** `undefined` when there is none of this id. `before` gives the entries before that id. */
  snapshot(
    conversationId: string,
    options?: { readonly before?: number; readonly limit?: number },
  ): Snapshot | undefined
  /** Hears of all that happens in a conversation, until the returned function is called. */
  watch(conversationId: string, listener: (event: ConversationEvent) => void): () => void
  /** Ends the runs of a conversation that are somebody's; all, for an owner. Gives whether there was one. */
  stop(conversationId: string, by: Person): Promise<boolean>
  /** The agents that somebody may talk to. */
  agents(by: Person): Promise<readonly AgentChoice[]>
  /** A file that came with a message. */
  file(
    name: string,
  ): Promise<{ readonly mediaType: string; readonly label: string; readonly bytes: Uint8Array } | undefined>
  /** What to show of the bot itself: whether its model is the scripted one, and what one could say first. */
  readonly about: { readonly isDemo: boolean; readonly models: string; readonly suggestions: readonly string[] }
}

export interface Place {
  readonly channel: string
  readonly place: string
  readonly guild?: string
}

/** Who asks, and where. */
export interface Asker {
  readonly person: Person
  readonly at: Place
  /** Of a channel where one place has several conversations. @default the newest of the place */
  readonly conversationId?: string
}

export interface Incoming extends Asker {
  /** The message's id in its channel: what makes a repeated delivery one. */
  readonly messageId: string
  readonly text: string
  /** @default none */
  readonly files?: readonly IncomingFile[]
}

export interface IncomingFile {
  readonly label: string
  /** What its sender says of its size; one that is too large is not read. */
  readonly size: number
  /** Reads it, `maxBytes` at most; rejects when it is larger, or does not come. */
  read(options: { readonly maxBytes: number }): Promise<Uint8Array>
}

/** What became of a decision. `message` is for the one who decided. */
export interface Decided {
  readonly isTaken: boolean
  readonly message: string
  /** The question as it is now; absent when there is none of this id. */
  readonly entry?: Entry
}

export interface AgentChoice {
  readonly name: string
  readonly description: string
  /** Whether it comes with the bot, or somebody made it. */
  readonly isBuiltIn: boolean
}

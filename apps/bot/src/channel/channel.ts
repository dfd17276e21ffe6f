import type { Bot } from '../bot/bot.ts'
import type { Entry } from '../view/entry.ts'

/** A way in and out of the bot: a web page, a terminal, a chat service. */
export interface Channel {
  /** `web`, `terminal`, `discord`: part of the ids of its people and conversations. */
  readonly name: string
  /** Begins to take what people say, and gives it to `bot`. Resolves when people can reach it; rejects when they cannot. */
  open(bot: Bot): Promise<void>
  /** Brings entries to people. Absent where people come and read the conversation by themselves, as in the web chat. */
  readonly outlet?: Outlet
  /** Takes nothing more and lets go of what it holds. */
  close(): Promise<void>
}

/**
 * Sends. The bot keeps what is to be sent, sends the parts of a place one after the other, and sends none a second time
 * that may have arrived.
 */
export interface Outlet {
  /** What to send for an entry, in order; none for what is not shown there. Plain data, and the same at every call. */
  partsOf(entry: Entry): readonly Part[]
  /**
   * Sends one part, and gives its id there. `key` is the same at every attempt. Rejects with `ChannelError` when it was
   * surely not sent; any other error leaves that open.
   */
  send(place: string, part: Part, options: { readonly key: string; readonly signal: AbortSignal }): Promise<string>
  /** Puts what an entry has become in the place of what was sent: a question that is decided. @default nothing */
  update?(place: string, messageId: string, part: Part, options: { readonly signal: AbortSignal }): Promise<void>
  /** Shows that somebody is at work; called every few seconds while a run of the place is. @default nothing */
  showWorking?(place: string): Promise<void>
}

/** One message of a channel. */
export interface Part {
  readonly text: string
  /** Buttons below it. */
  readonly buttons?: readonly Button[]
  /** A file that goes with it: of what was too long. */
  readonly file?: { readonly name: string; readonly mediaType: string; readonly text: string }
}

export interface Button {
  /** `ex:<questionId>:<choice>`, see `buttonId`. */
  readonly id: string
  readonly label: string
  readonly style: 'primary' | 'danger' | 'plain'
}

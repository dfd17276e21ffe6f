import type { Entry } from './entry.ts'
import type { LiveRun } from './live-run.ts'

/** A conversation, without what was said. */
export interface Conversation {
  readonly id: string
  /** The channel that it is held in: `web`, `terminal`, `discord`. */
  readonly channel: string
  /** Where in it: a Discord channel or thread; of the web chat, the conversation's own id. */
  readonly place: string
  /** The server that the place belongs to, where there is one. */
  readonly guild?: string
  readonly title: string
  /** The agent that answers. */
  readonly agent: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** All that a page needs to show a conversation. */
export interface Snapshot {
  readonly conversation: Conversation
  /** The newest, oldest first. */
  readonly entries: readonly Entry[]
  readonly hasEarlier: boolean
  readonly live: readonly LiveRun[]
}

/** What happens in a conversation that somebody watches. */
export type ConversationEvent =
  /** A new entry, or one that has changed. */
  | { readonly type: 'entry'; readonly entry: Entry }
  /** A run began, or what it does has changed: all of it, as it is now. */
  | { readonly type: 'live'; readonly live: LiveRun }
  /** More text of its last item; `step` tells whether it is a new one. */
  | { readonly type: 'live-text'; readonly runId: string; readonly step: number; readonly text: string }
  /** A run has ended, or is to be begun anew. */
  | { readonly type: 'live-end'; readonly runId: string }
  /** Its title or its agent has changed. */
  | { readonly type: 'conversation'; readonly conversation: Conversation }

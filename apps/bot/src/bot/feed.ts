import type { Logger } from '@executus/core'

import type { ConversationEvent } from '../view/conversation.ts'

export type FeedListener = (event: ConversationEvent) => void

/** Tells those who watch a conversation what happens in it. */
export class Feed {
  readonly #logger: Logger
  readonly #listeners = new Map<string, Set<FeedListener>>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  watch(conversationId: string, listener: FeedListener): () => void {
    const listeners = this.#listeners.get(conversationId) ?? new Set()
    this.#listeners.set(conversationId, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(conversationId) === listeners)
        this.#listeners.delete(conversationId)
    }
  }

  tell(conversationId: string, event: ConversationEvent): void {
    for (const listener of this.#listeners.get(conversationId) ?? []) {
      try {
        listener(event)
      } catch (error) {
        this.#logger.error('a listener of a conversation failed', error)
      }
    }
  }
}

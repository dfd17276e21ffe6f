import type { Clock } from '@executus/core'

import type { Bot } from '../../bot/bot.ts'
import { type EventStream, openEventStream } from './event-stream.ts'

/** The streams that are open, so that they can be ended. */
export class EventStreams {
  readonly #clock: Clock
  readonly #open = new Set<EventStream>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @throws Refusal when the web chat has no such conversation */
  open(bot: Bot, conversationId: string, cut: () => void): EventStream['body'] {
    const onEnd = () => this.#open.delete(stream)
    const stream: EventStream = openEventStream({ bot, conversationId, clock: this.#clock, cut, onEnd })
    this.#open.add(stream)
    return stream.body
  }

  end(): void {
    for (const stream of [...this.#open]) stream.end()
  }
}

import type { Clock } from '@executus/core'

import type { Bot } from '../../bot/bot.ts'
import type { ConversationEvent } from '../../view/conversation.ts'
import { webSnapshot } from './web-snapshot.ts'

export interface EventStreamOptions {
  readonly bot: Bot
  readonly conversationId: string
  readonly clock: Clock
  /** Ends the connection of one who reads too slowly. */
  readonly cut: () => void
  /** Called once it has ended, however that came. */
  readonly onEnd: () => void
}

export interface EventStream {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>
  /** Ends it when all that was told is sent. */
  end(): void
}

/** What may wait for a slow reader. When it comes again it gets a snapshot, so nothing is lost. */
const MOST_WAITING_BYTES = 4 * 1024 ** 2

/** Shows whatever stands between that the connection is in use, and us that it is gone. */
const BEAT_MS = 15_000

const encoder = new TextEncoder()

/**
 * Server-sent events of a conversation: `snapshot` once, then a `change` for each thing that happens.
 *
 * @throws Refusal when the web chat has no such conversation
 */
export function openEventStream(options: EventStreamOptions): EventStream {
  const { bot, conversationId, clock, cut, onEnd } = options
  let waiting: ConversationEvent[] = []
  let isOpen = true
  let callOffBeat = () => {}
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>

  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    unwatch()
    callOffBeat()
    onEnd()
  }
  const send = (text: string): void => {
    controller.enqueue(encoder.encode(text))
    if ((controller.desiredSize ?? 0) >= 0) return
    close()
    cut()
  }
  const flush = (): void => {
    if (!isOpen || waiting.length === 0) return
    const text = waiting.map((event) => messageOf('change', event)).join('')
    waiting = []
    send(text)
  }
  const beat = (): void => {
    callOffBeat = clock.after(BEAT_MS, () => {
      send(': still here\n\n')
      if (isOpen) beat()
    })
  }

  // Heard before the snapshot is taken: what happens from here on follows it.
  const unwatch = bot.watch(conversationId, (event) => {
    if (waiting.length === 0) setImmediate(flush)
    add(waiting, event)
  })
  let first: Uint8Array<ArrayBuffer>
  try {
    first = encoder.encode(`retry: 1000\n\n${messageOf('snapshot', webSnapshot(bot, conversationId))}`)
  } catch (error) {
    unwatch()
    throw error
  }

  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(started) {
        controller = started
        controller.enqueue(first)
      },
      cancel: close,
    },
    // However large a conversation is, it can be begun.
    new ByteLengthQueuingStrategy({ highWaterMark: first.byteLength + MOST_WAITING_BYTES }),
  )
  beat()
  return {
    body,
    end() {
      flush()
      if (!isOpen) return
      close()
      controller.close()
    },
  }
}

/** Text that follows text of the same step becomes one with it: a fast model would else send a message for each word. */
function add(waiting: ConversationEvent[], event: ConversationEvent): void {
  const last = waiting.at(-1)
  const isMore =
    event.type === 'live-text' && last?.type === 'live-text' && last.runId === event.runId && last.step === event.step
  if (isMore) waiting[waiting.length - 1] = { ...last, text: last.text + event.text }
  else waiting.push(event)
}

/** JSON has no line break in it, so it is one line of data. */
function messageOf(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

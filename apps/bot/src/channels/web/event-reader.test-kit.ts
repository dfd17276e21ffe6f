import type { IncomingMessage } from 'node:http'

import type { ConversationEvent, Snapshot } from '../../view/conversation.ts'
import type { Web } from './web.test-kit.ts'

/** What came over a stream of events, as a browser would tell it. */
export interface EventReader {
  readonly response: IncomingMessage
  /** Absent until it has come. */
  snapshot: Snapshot | undefined
  readonly changes: ConversationEvent[]
  /** `end`: the server has ended it. `broken`: the connection is gone. */
  readonly ended: Promise<'end' | 'broken'>
}

/** Opens a stream without reading of it. */
export async function openEvents(web: Web, conversationId: string): Promise<IncomingMessage> {
  return web.begin('GET', `/api/conversations/${conversationId}/events`)
}

/** Reads a stream from here on. */
export function readEvents(response: IncomingMessage): EventReader {
  let text = ''
  const reader: EventReader = {
    response,
    snapshot: undefined,
    changes: [],
    ended: new Promise((resolve) => {
      response.on('end', () => resolve('end')).on('error', () => resolve('broken'))
    }),
  }
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = (text + chunk).split('\n\n')
    text = messages.pop()!
    for (const message of messages) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(message) ?? []
      if (event === 'snapshot') reader.snapshot = JSON.parse(data!) as Snapshot
      if (event === 'change') reader.changes.push(JSON.parse(data!) as ConversationEvent)
    }
  })
  return reader
}

import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { z } from 'zod'

import type { Asker, Bot } from '../../../bot/bot.ts'
import type { Person } from '../../../view/entry.ts'
import { Refusal } from '../errors.ts'
import type { EventStreams } from '../event-streams.ts'
import { readUpload } from '../read-upload.ts'
import { webSnapshot } from '../web-snapshot.ts'

export interface ConversationRoutesOptions {
  readonly bot: Bot
  readonly person: Person
  readonly streams: EventStreams
  readonly maxUploadBytes: number
}

const LISTED = 100

const before = z.coerce.number<string>().int().positive().optional()

/** What people see, and what they say. */
export function conversationRoutes(options: ConversationRoutesOptions): Hono<{ Bindings: HttpBindings }> {
  const { bot, person, streams, maxUploadBytes } = options
  const askerAt = (id: string): Asker & { readonly conversationId: string } => {
    const { channel, place } = webSnapshot(bot, id, { limit: 1 }).conversation
    return { person, at: { channel, place }, conversationId: id }
  }

  return (
    new Hono<{ Bindings: HttpBindings }>()
      .get('/home', async (context) => {
        const conversations = bot.conversations('web', LISTED)
        return context.json({ about: bot.about, me: person, conversations, agents: await bot.agents(person) })
      })
      // The place of a conversation of the web chat is its own id, which it does not have yet.
      .post('/conversations', (context) => context.json(bot.newConversation({ channel: 'web', place: '' })))
      .get('/conversations/:id/events', (context) => {
        const body = streams.open(bot, context.req.param('id'), () => context.env.outgoing.destroy())
        // One connection for each stream, so that it ends with it.
        return context.body(body, 200, { 'content-type': 'text/event-stream', connection: 'close' })
      })
      .get('/conversations/:id/entries', (context) => {
        const parsed = before.safeParse(context.req.query('before'))
        if (!parsed.success) throw new Refusal(400, '`before` must be the id of an entry.')
        const range = parsed.data === undefined ? {} : { before: parsed.data }
        const { entries, hasEarlier } = webSnapshot(bot, context.req.param('id'), range)
        return context.json({ entries, hasEarlier })
      })
      .post('/conversations/:id/messages', async (context) => {
        const asker = askerAt(context.req.param('id'))
        const { id: messageId, text, files } = await readUpload(context.req.raw, maxUploadBytes)
        if (text.startsWith('/') && files.length === 0)
          return context.json({ shown: await bot.command(text.trimEnd(), asker) })
        const { entry } = await bot.say({ ...asker, messageId, text, files })
        return context.json({ entry })
      })
      .post('/conversations/:id/stop', async (context) => {
        const { conversationId } = askerAt(context.req.param('id'))
        return context.json({ wasRunning: await bot.stop(conversationId, person) })
      })
  )
}

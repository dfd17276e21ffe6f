import type { Logger } from '@executus/core'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'

import type { Bot } from '../../bot/bot.ts'
import type { Person } from '../../view/entry.ts'
import { access, type AccessOptions } from './access.ts'
import type { Asset } from './assets.ts'
import { Refusal } from './errors.ts'
import type { EventStreams } from './event-streams.ts'
import { assetRoutes } from './routes/asset-routes.ts'
import { conversationRoutes } from './routes/conversation-routes.ts'
import { fileRoutes } from './routes/file-routes.ts'
import { questionRoutes } from './routes/question-routes.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

export interface WebAppOptions extends AccessOptions {
  readonly bot: Bot
  readonly person: Person
  readonly assets: ReadonlyMap<string, Asset>
  readonly streams: EventStreams
  readonly maxUploadBytes: number
  readonly logger: Logger
  /** Whether nothing more is taken. */
  readonly isClosing: () => boolean
}

/** What answers the requests of the web chat. */
export function webApp(options: WebAppOptions): Hono<{ Bindings: HttpBindings }> {
  const { bot, person, logger } = options
  return new Hono<{ Bindings: HttpBindings }>()
    .use(async (context, next) => {
      await next()
      for (const [name, value] of Object.entries(SECURITY_HEADERS))
        if (!context.res.headers.has(name)) context.res.headers.set(name, value)
      if (options.isClosing()) context.res.headers.set('connection', 'close')
    })
    .use(access(options))
    .use(async (_context, next) => {
      if (options.isClosing()) throw new Refusal(503, 'The bot is stopping.')
      await next()
    })
    .route('/', assetRoutes(options.assets))
    .route('/api', conversationRoutes(options))
    .route('/api', questionRoutes(bot, person))
    .route('/api', fileRoutes(bot))
    .notFound((context) => context.json({ error: 'There is nothing here.' }, 404))
    .onError((error, context) => {
      if (error instanceof Refusal) return context.json({ error: error.message }, error.status)
      // Without what follows the path: a token may be there.
      logger.error(`the web chat could not answer ${context.req.method} ${context.req.path}`, error)
      return context.json({ error: 'Something went wrong; the log has it.' }, 500)
    })
}

import type { Logger } from '@executus/core'
import { Client, Events, GatewayIntentBits, type Interaction, type Message, Options, Partials } from 'discord.js'

import { endConnection } from './end-connection.ts'
import { plainProblem } from './plain-problem.ts'
import { restOptions } from './rest-options.ts'

export interface ConnectOptions {
  readonly token: string
  readonly api: string | undefined
  readonly logger: Logger
  readonly onMessage: (message: Message) => Promise<void>
  readonly onInteraction: (interaction: Interaction) => Promise<void>
  /** Ends the wait for a connection. */
  readonly signal: AbortSignal
}

/** Until servers and channels are known; discord.js itself would try for ever. */
const LONGEST_OPENING_MS = 90_000

/** Connects to Discord. Rejects with plain words that hold no secret. */
export async function connect(options: ConnectOptions): Promise<Client<true>> {
  const { logger, onMessage, onInteraction } = options
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
      GatewayIntentBits.MessageContent,
    ],
    // Without it discord.js drops messages of direct channels that it has not seen before.
    partials: [Partials.Channel],
    // A message brings what it replies to with it; more of them are not looked at again.
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 20, UserManager: 1_000 }),
    rest: restOptions(options.api),
  })
  const warn = (about: string) => (error: unknown) => logger.warn(about, plainProblem(error))
  client.on(Events.Error, warn('discord.js complains'))
  client.on(Events.ShardError, warn('the connection to Discord broke; it is made again'))
  client.on(Events.MessageCreate, (message) => {
    void onMessage(message).catch(warn('a message of Discord could not be answered'))
  })
  client.on(Events.InteractionCreate, (interaction) => {
    void onInteraction(interaction).catch(warn('a command of Discord could not be answered'))
  })
  try {
    await opened(client, options)
  } catch (error) {
    await endConnection(client)
    throw problemOf(error)
  }
  client.on(Events.ShardDisconnect, ({ code }) => {
    logger.error(`Discord ended the connection for good (${code}): ${wordsFor(code)}`)
  })
  return client as Client<true>
}

async function opened(client: Client, { token, signal }: ConnectOptions): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not answer in time')), LONGEST_OPENING_MS)
    signal.addEventListener('abort', () => reject(new Error('the channel was closed meanwhile')), { once: true })
  })
  const ready = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()))
  try {
    await Promise.race([Promise.all([client.login(token), ready]), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Without its cause: what discord.js throws holds the request. */
function problemOf(error: unknown): Error {
  return new Error(wordsFor(error))
}

/** discord.js tells of a refused connection in a few fixed words, of one that is ended later by a code. */
function wordsFor(problem: unknown): string {
  const text = typeof problem === 'number' ? String(problem) : plainProblem(problem)
  if (/disallowed intents|^4014$/i.test(text))
    return 'Discord does not let the bot read messages. Switch on "Message Content Intent" for it in the Discord Developer Portal: Bot, Privileged Gateway Intents.'
  if (/invalid token|authentication failed|^4004$|\(401/i.test(text))
    return 'Discord refused the token of the bot. Make a new one in the Discord Developer Portal: Bot, Reset Token.'
  return `Discord cannot be reached: ${text}`
}

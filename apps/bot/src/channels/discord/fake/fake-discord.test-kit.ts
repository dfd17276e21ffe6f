import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { type FakeApiState, fakeApi } from './fake-api.test-kit.ts'
import { FakeFaults } from './fake-faults.test-kit.ts'
import { FakeGateway } from './fake-gateway.test-kit.ts'
import {
  type FakeInteraction,
  interactionRecord,
  type PressOptions,
  pressPayload,
  type SlashOptions,
  slashPayload,
} from './fake-interactions.test-kit.ts'
import { bare, type FakeAttachment, type FakeMessage, FakeMessages } from './fake-messages.test-kit.ts'
import { type Answer, answerTo, type Asked, askedOf, faultAnswer } from './fake-rest.test-kit.ts'
import { type FakeChannel, fakeThread, type FakeUser, fakeWorld, memberOf, snowflake } from './fake-world.test-kit.ts'

export interface FakeDiscordOptions {
  /** The token that is accepted. */
  readonly token?: string
  /** The token that the REST API accepts. @default token */
  readonly restToken?: string
  /** Whether the bot's page has the intent for the content of messages switched on. @default true */
  readonly allowsMessageContent?: boolean
  /** @default 45 seconds, as Discord's */
  readonly heartbeatMs?: number
}

export interface SayOptions {
  readonly by: FakeUser
  readonly channel: FakeChannel
  /** `<@id>` mentions, as in Discord. */
  readonly text: string
  readonly replyTo?: FakeMessage
  /** Whether the reply notifies who is replied to. @default true */
  readonly pings?: boolean
  readonly attachments?: readonly FakeAttachment[]
  readonly more?: Readonly<Record<string, unknown>>
}

/** A Discord on loopback: its gateway and its REST API. It remembers all that a bot does, and tests say what happens. */
export async function fakeDiscord(options: FakeDiscordOptions = {}) {
  const { token = 'fake-token', allowsMessageContent = true, heartbeatMs = 45_000 } = options
  const world = fakeWorld()
  const { users, guild, directs } = world
  const faults = new FakeFaults()
  const messages = new FakeMessages()
  const interactions = new Map<string, FakeInteraction>()
  const requests: Asked[] = []
  const cdn = new Map<string, Uint8Array | Answer>()
  const places = [world.general, world.lobby, world.thread, ...directs.values()]
  const channels = new Map(places.map((channel) => [channel.id, channel]))
  let newestInteraction: object | undefined
  const state: FakeApiState = {
    token: options.restToken ?? token,
    bot: users.bot,
    gatewayUrl: () => gateway.url,
    channels,
    messages,
    interactions,
    commands: new Map(),
    cdn,
    typing: [],
  }

  const server = createServer((request, response) => void take(request, response))
  const gateway = new FakeGateway(server, {
    token,
    heartbeatMs,
    allowsMessageContent,
    ready: () => ({
      v: 10,
      user: users.bot,
      guilds: [{ id: guild.id, unavailable: true }],
      application: { id: users.bot.id, flags: 0 },
    }),
    afterReady: () => [{ t: 'GUILD_CREATE', d: guild }],
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  gateway.url = `ws://127.0.0.1:${port}`

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await askedOf(request)
    requests.push(asked)
    const fault = faults.take(asked.method, asked.path)
    if (fault?.kind === 'silence') return
    if (fault?.kind === 'drop') return void request.socket.destroy()
    if (fault?.kind === 'limit' || fault?.kind === 'status') return answerTo(response, faultAnswer(fault)!)
    const answer = fakeApi(asked, state)
    if (fault?.kind === 'drop-after') return void request.socket.destroy()
    answerTo(response, (fault && faultAnswer(fault)) ?? answer)
  }

  return {
    ...world,
    token,
    origin: `http://127.0.0.1:${port}`,
    api: `http://127.0.0.1:${port}/api`,
    gateway,
    faults,
    requests,
    /** Channels in which typing was shown. */
    typing: state.typing,
    /** By route: what was registered. */
    commands: state.commands,
    /** What the bot has sent to a channel, in order. */
    sent: (channel: FakeChannel) => messages.all.filter((message) => message.channel_id === channel.id),
    filesOf: (message: FakeMessage) => messages.files.get(message.id) ?? [],
    /** Requests by method and path, in order. */
    asked: (method: string, path: RegExp) => requests.filter((one) => one.method === method && path.test(one.path)),

    /** Somebody says something. */
    say(said: SayOptions): FakeMessage {
      const message = saidMessage(said, world)
      gateway.dispatch('MESSAGE_CREATE', message)
      return message
    },
    /** A thread that the bot was not told of is there. */
    wake(name: string, parent: FakeChannel): FakeChannel {
      const thread = fakeThread(name, parent)
      channels.set(thread.id, thread)
      return thread
    },
    /** Somebody presses a button. */
    press(pressed: PressOptions): FakeInteraction {
      return interact((record) => pressPayload(users.bot.id, record, pressed))
    },
    /** Somebody gives a slash command. */
    slash(name: string, given: SlashOptions): FakeInteraction {
      return interact((record) => slashPayload(users.bot.id, record, name, given))
    },
    /** Puts a file where attachments lie. */
    keep(filename: string, content: Uint8Array | Answer): FakeAttachment {
      const id = snowflake()
      const path = `/attachments/1/${id}/${filename}`
      cdn.set(path, content)
      const url = `http://127.0.0.1:${port}${path}`
      const size = content instanceof Uint8Array ? content.length : 1
      return { id, filename, size, url, proxy_url: url }
    },
    /** Tells of the newest interaction once more. */
    repeatInteraction(): void {
      gateway.dispatch('INTERACTION_CREATE', newestInteraction)
    },
    /** Nobody can reach it any more. */
    async end(): Promise<void> {
      if (!server.listening) return
      gateway.end()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  function interact(payloadOf: (record: FakeInteraction) => object): FakeInteraction {
    const record = interactionRecord()
    interactions.set(record.token, record)
    newestInteraction = payloadOf(record)
    gateway.dispatch('INTERACTION_CREATE', newestInteraction)
    return record
  }
}

export type FakeDiscord = Awaited<ReturnType<typeof fakeDiscord>>

/** A message as the gateway tells it, without telling it. */
export function saidMessage(said: SayOptions, { users, botRole }: ReturnType<typeof fakeWorld>): FakeMessage {
  const { by, channel, text, replyTo, pings = true, attachments = [], more = {} } = said
  const named = Object.values(users).filter(({ id }) => text.includes(`<@${id}>`) || text.includes(`<@!${id}>`))
  const replied = replyTo !== undefined && pings ? [replyTo.author] : []
  const guildId = channel.guild_id
  const mentions = [...new Set([...named, ...replied])]
  return {
    ...bare(channel.id, by, text),
    channel_type: channel.type,
    ...(guildId !== undefined && { guild_id: guildId, member: memberOf() }),
    mentions: mentions.map((user) => (guildId === undefined ? user : { ...user, member: memberOf() })),
    mention_roles: text.includes(`<@&${botRole.id}>`) ? [botRole.id] : [],
    attachments,
    ...(replyTo !== undefined && {
      type: 19,
      message_reference: { type: 0, message_id: replyTo.id, channel_id: channel.id },
      referenced_message: replyTo,
    }),
    ...more,
  }
}

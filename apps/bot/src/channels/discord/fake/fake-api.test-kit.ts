import type { FakeInteraction } from './fake-interactions.test-kit.ts'
import { type FakeMessages, isRefusal } from './fake-messages.test-kit.ts'
import type { Answer, Asked } from './fake-rest.test-kit.ts'
import type { FakeChannel, FakeUser } from './fake-world.test-kit.ts'

/** What the fake knows of, for its answers. */
export interface FakeApiState {
  readonly token: string
  readonly bot: FakeUser
  readonly gatewayUrl: () => string
  readonly channels: ReadonlyMap<string, FakeChannel>
  readonly messages: FakeMessages
  readonly interactions: ReadonlyMap<string, FakeInteraction>
  /** By route. */
  readonly commands: Map<string, unknown>
  readonly cdn: ReadonlyMap<string, Uint8Array | Answer>
  readonly typing: string[]
}

const UNKNOWN: Answer = { status: 404, body: { code: 0, message: '404: Not Found' } }
const UNKNOWN_CHANNEL: Answer = { status: 404, body: { code: 10_003, message: 'Unknown Channel' } }

/** Discord's REST API: as much of it as a bot needs. */
export function fakeApi(asked: Asked, state: FakeApiState): Answer {
  const { method, path, authorization } = asked
  const file = state.cdn.get(path)
  if (method === 'GET' && file !== undefined) return file instanceof Uint8Array ? { status: 200, bytes: file } : file
  const [, first = '', ...rest] = path.split('/')
  if (first === 'interactions') return callback(rest[1] ?? '', asked, state)
  if (first === 'webhooks') return webhook(rest[1] ?? '', asked, state)
  if (authorization !== `Bot ${state.token}`) return { status: 401, body: { code: 0, message: '401: Unauthorized' } }
  if (first === 'channels') return channel(rest, asked, state)
  if (first === 'applications') return commands(asked, state)
  if (path === '/users/@me') return { status: 200, body: state.bot }
  if (path === '/gateway/bot') {
    const limits = { total: 1_000, remaining: 999, reset_after: 0, max_concurrency: 1 }
    return { status: 200, body: { url: state.gatewayUrl(), shards: 1, session_start_limit: limits } }
  }
  return UNKNOWN
}

function channel([id = '', what, messageId]: readonly string[], asked: Asked, state: FakeApiState): Answer {
  const { method, body, files } = asked
  const found = state.channels.get(id)
  if (found === undefined) return UNKNOWN_CHANNEL
  if (what === undefined) return { status: 200, body: found }
  if (what === 'typing') {
    state.typing.push(id)
    return { status: 204 }
  }
  if (what !== 'messages') return UNKNOWN
  if (method === 'POST') return answerOf(state.messages.create(id, state.bot, body, files))
  if (method === 'PATCH') return answerOf(state.messages.edit(messageId ?? '', body))
  return UNKNOWN
}

function commands({ method, path, body }: Asked, state: FakeApiState): Answer {
  if (method === 'PUT') state.commands.set(path, body)
  return { status: 200, body: state.commands.get(path) ?? [] }
}

function callback(token: string, { body }: Asked, { interactions }: FakeApiState): Answer {
  const interaction = interactions.get(token)
  if (interaction === undefined) return { status: 404, body: { code: 10_062, message: 'Unknown interaction' } }
  if (interaction.callbacks.length > 0)
    return { status: 400, body: { code: 40_060, message: 'Interaction has already been acknowledged.' } }
  const { type, data = {} } = body as { readonly type?: number; readonly data?: { flags?: number; content?: string } }
  const { flags = 0, content } = data
  interaction.callbacks.push({ type: type ?? 0, flags, ...(content !== undefined && { content }) })
  return { status: 204 }
}

function webhook(token: string, { method, body }: Asked, { interactions, bot }: FakeApiState): Answer {
  const interaction = interactions.get(token)
  if (interaction === undefined || interaction.callbacks.length === 0)
    return { status: 404, body: { code: 10_015, message: 'Unknown Webhook' } }
  const { content = '', flags = 0 } = body
  if (content.length > 2_000) return { status: 400, body: { code: 50_035, message: 'Invalid Form Body' } }
  if (method === 'PATCH') interaction.edits.push(content)
  else interaction.followUps.push({ content, flags })
  const shown = {
    id: interaction.id,
    channel_id: '0',
    author: bot,
    content,
    embeds: [],
    attachments: [],
    components: [],
  }
  return {
    status: 200,
    body: { ...shown, mentions: [], mention_roles: [], timestamp: new Date(0).toISOString(), type: 0 },
  }
}

function answerOf(made: ReturnType<FakeMessages['create']>): Answer {
  if (isRefusal(made)) return { status: made.status, body: { code: made.code, message: made.message } }
  return { status: 200, body: made }
}

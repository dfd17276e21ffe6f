import { at, type FakeUser, snowflake } from './fake-world.test-kit.ts'

/** A message as Discord's API writes one. */
export interface FakeMessage {
  readonly id: string
  readonly channel_id: string
  readonly author: FakeUser
  content: string
  components: readonly unknown[]
  attachments: readonly FakeAttachment[]
  readonly flags: number
  readonly nonce?: string
  /** What the request said of mentions. */
  readonly allowedMentions?: unknown
  readonly reference?: unknown
  readonly [field: string]: unknown
}

export interface FakeAttachment {
  readonly id: string
  readonly filename: string
  readonly size: number
  readonly url: string
  readonly proxy_url: string
  readonly content_type?: string
}

/** What a request to make a message says. */
export interface Draft {
  readonly content?: string
  readonly components?: readonly unknown[]
  readonly flags?: number
  readonly nonce?: string
  readonly enforce_nonce?: boolean
  readonly allowed_mentions?: unknown
  readonly message_reference?: unknown
}

export interface SentFile {
  readonly name: string
  readonly text: string
}

/** What Discord has against a draft; the codes are Discord's. */
export interface Refusal {
  readonly status: number
  readonly code: number
  readonly message: string
}

/** All messages that the bot has made, each kept once. */
export class FakeMessages {
  readonly all: FakeMessage[] = []
  /** By message: what came with it. */
  readonly files = new Map<string, readonly SentFile[]>()
  readonly #byNonce = new Map<string, FakeMessage>()

  create(channelId: string, author: FakeUser, draft: Draft, files: readonly SentFile[]): FakeMessage | Refusal {
    const refusal = refusalOf(draft, files)
    if (refusal !== undefined) return refusal
    const { content = '', components = [], flags = 0, nonce, enforce_nonce: isOnce, ...rest } = draft
    const key = `${channelId}:${nonce}`
    const before = isOnce === true && nonce !== undefined ? this.#byNonce.get(key) : undefined
    if (before !== undefined) return before
    const message: FakeMessage = {
      ...bare(channelId, author, content),
      components,
      flags,
      ...(nonce !== undefined && { nonce }),
      allowedMentions: rest.allowed_mentions,
      reference: rest.message_reference,
    }
    this.all.push(message)
    this.files.set(message.id, files)
    this.#byNonce.set(key, message)
    return message
  }

  edit(id: string, { content, components }: Draft): FakeMessage | Refusal {
    const message = this.all.find((one) => one.id === id)
    if (message === undefined) return { status: 404, code: 10_008, message: 'Unknown Message' }
    const refusal = content === undefined ? undefined : refusalOf({ content }, [])
    if (refusal !== undefined) return refusal
    if (content !== undefined) message.content = content
    if (components !== undefined) message.components = components
    return message
  }
}

export function isRefusal(answer: object): answer is Refusal {
  return 'status' in answer && 'code' in answer
}

export function bare(channelId: string, author: FakeUser, content: string): FakeMessage {
  return {
    id: snowflake(),
    channel_id: channelId,
    author,
    content,
    components: [],
    attachments: [],
    embeds: [],
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    timestamp: at(0),
    edited_timestamp: null,
    pinned: false,
    tts: false,
    type: 0,
    flags: 0,
  }
}

function refusalOf({ content = '', nonce = '' }: Draft, files: readonly SentFile[]): Refusal | undefined {
  const invalid = { status: 400, code: 50_035, message: 'Invalid Form Body' }
  // Discord counts code points.
  if (Array.from(content).length > 2_000 || nonce.length > 25) return invalid
  if (content.trim() === '' && files.length === 0)
    return { status: 400, code: 50_006, message: 'Cannot send an empty message' }
  return undefined
}

import { at, type FakeChannel, type FakeUser, memberOf, snowflake } from './fake-world.test-kit.ts'

/** Something that was pressed or typed, and what the bot made of it. */
export interface FakeInteraction {
  readonly id: string
  readonly token: string
  /** Kinds of the first sign: 4 a message, 5 one that follows, 6 an update that follows. */
  readonly callbacks: { readonly type: number; readonly flags: number; readonly content?: string }[]
  /** The deferred reply, as it was edited. */
  readonly edits: string[]
  readonly followUps: { readonly content: string; readonly flags: number }[]
}

export interface PressOptions {
  readonly by: FakeUser
  readonly channel: FakeChannel
  readonly message: object
  readonly customId: string
}

export interface SlashOptions {
  readonly by: FakeUser
  readonly channel: FakeChannel
  readonly text?: Readonly<Record<string, string>>
  readonly attachment?: { readonly name: string; readonly file: { readonly id: string } }
}

export function interactionRecord(): FakeInteraction {
  const id = snowflake()
  return { id, token: `interaction-secret-${id}`, callbacks: [], edits: [], followUps: [] }
}

export function pressPayload(applicationId: string, record: FakeInteraction, options: PressOptions): object {
  const { by, channel, message, customId } = options
  const data = { component_type: 2, custom_id: customId }
  return { ...envelope(applicationId, record, by, channel), type: 3, message, data }
}

export function slashPayload(
  applicationId: string,
  record: FakeInteraction,
  name: string,
  { by, channel, text = {}, attachment }: SlashOptions,
): object {
  const options: object[] = Object.entries(text).map(([option, value]) => ({ name: option, type: 3, value }))
  if (attachment !== undefined) options.push({ name: attachment.name, type: 11, value: attachment.file.id })
  const resolved = attachment && { attachments: { [attachment.file.id]: attachment.file } }
  const data = { id: snowflake(), name, type: 1, options, ...(resolved && { resolved }) }
  return { ...envelope(applicationId, record, by, channel), type: 2, data }
}

function envelope(applicationId: string, { id, token }: FakeInteraction, by: FakeUser, channel: FakeChannel) {
  const guildId = channel.guild_id
  const who =
    guildId === undefined ? { user: by } : { guild_id: guildId, member: { ...memberOf(by), permissions: '0' } }
  return {
    id,
    token,
    application_id: applicationId,
    version: 1,
    channel,
    channel_id: channel.id,
    ...who,
    locale: 'en-US',
    app_permissions: '0',
    entitlements: [],
    authorizing_integration_owners: {},
    attachment_size_limit: 10_485_760,
    created_at: at(0),
  }
}

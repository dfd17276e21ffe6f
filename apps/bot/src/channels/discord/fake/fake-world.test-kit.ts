import { ChannelType } from 'discord.js'

/** A user as Discord's API writes one. */
export interface FakeUser {
  readonly id: string
  readonly username: string
  readonly global_name: string | null
  readonly discriminator: '0'
  readonly avatar: null
  readonly bot?: boolean
}

export interface FakeChannel {
  readonly id: string
  readonly type: ChannelType
  readonly name?: string
  readonly guild_id?: string
  readonly parent_id?: string
  readonly [field: string]: unknown
}

let last = 1_400_000_000_000_000_000n

/** Ids that count up, as Discord's do. */
export function snowflake(): string {
  last += 4_194_304n
  return String(last)
}

function fakeUser(username: string, options: { readonly isBot?: boolean } = {}): FakeUser {
  const name = username.charAt(0).toUpperCase() + username.slice(1)
  return { id: snowflake(), username, global_name: name, discriminator: '0', avatar: null, bot: options.isBot === true }
}

/** A server with two channels, a thread in the first, and the people that tests are about. */
export function fakeWorld() {
  const guildId = snowflake()
  const users = {
    bot: fakeUser('executus', { isBot: true }),
    ann: fakeUser('ann'),
    ben: fakeUser('ben'),
    eve: fakeUser('eve'),
    robot: fakeUser('robot', { isBot: true }),
  }
  const text = (name: string): FakeChannel => {
    const where = { guild_id: guildId, permission_overwrites: [], position: 0, parent_id: null, nsfw: false }
    return { ...where, id: snowflake(), type: ChannelType.GuildText, name } as unknown as FakeChannel
  }
  const general = text('general')
  const lobby = text('lobby')
  const thread = fakeThread('a thread', general)
  const direct = (user: FakeUser): FakeChannel => ({ id: snowflake(), type: ChannelType.DM, recipients: [user] })
  const directs = new Map([users.ann, users.ben, users.eve].map((user) => [user.id, direct(user)]))
  const botRole = { ...role('Executus'), tags: { bot_id: users.bot.id } }
  const everyone = { ...role('@everyone'), id: guildId }
  const guild = {
    id: guildId,
    name: 'A server',
    owner_id: users.ann.id,
    icon: null,
    splash: null,
    features: [],
    emojis: [],
    stickers: [],
    roles: [everyone, botRole],
    channels: [general, lobby],
    threads: [thread],
    members: [memberOf(users.bot, { roles: [botRole.id] })],
    voice_states: [],
    presences: [],
    member_count: 5,
    large: false,
    unavailable: false,
    joined_at: at(0),
  }
  return { guildId, guild, users, general, lobby, thread, directs, botRole }
}

export function fakeThread(name: string, parent: FakeChannel): FakeChannel {
  return {
    id: snowflake(),
    type: ChannelType.PublicThread,
    name,
    guild_id: parent.guild_id ?? '',
    parent_id: parent.id,
    message_count: 0,
    member_count: 1,
    total_message_sent: 0,
    thread_metadata: { archived: false, auto_archive_duration: 60, archive_timestamp: at(0), locked: false },
  }
}

export function memberOf(user?: FakeUser, { roles = [] }: { readonly roles?: readonly string[] } = {}) {
  const member = { roles, joined_at: at(0), deaf: false, mute: false, nick: null, avatar: null, flags: 0 }
  return { ...member, ...(user !== undefined && { user }) }
}

/** ISO 8601, as the API has times. */
export function at(offsetMs: number): string {
  return new Date(Date.UTC(2026, 10, 21) + offsetMs).toISOString()
}

function role(name: string) {
  const looks = { color: 0, hoist: false, position: 1, permissions: '104324673', managed: false, mentionable: false }
  return { id: snowflake(), name, ...looks }
}

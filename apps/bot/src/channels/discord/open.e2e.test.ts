import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'

import { fakeBot } from '../../bot/fake-bot.test-kit.ts'
import { discordChannel } from './discord-channel.ts'
import { discordFor, logged, opened, settled, until } from './opened.test-kit.ts'

const TOKEN = 'MTIzNDU2.a-secret.token'

describe('discordChannel()', () => {
  it('tells at once what is wrong with its options', () => {
    const { logger } = logged()
    const isOwner = () => false
    expect(() => discordChannel({ token: ' ', isOwner, logger })).toThrow(
      'Expected `token` to be a string that is not blank',
    )
    expect(() => discordChannel({ token: 'a', isOwner, logger, channels: [''] })).toThrow('Expected `channels[0]`')
  })

  it('logs in, and leaves when it is closed', async () => {
    const discord = await discordFor()
    const { channel } = await opened(discord)
    expect(discord.gateway.log).toEqual(['identify'])
    expect(discord.gateway.listening).toBe(1)
    await channel.close()
    await until(() => expect(discord.gateway.listening).toBe(0))
  })

  it('stays away when it is closed while the connection is made again', async () => {
    const discord = await discordFor()
    const { channel, bot, outlet } = await opened(discord)
    const { users, general, gateway } = discord
    gateway.close(4000)
    await until(() => expect(gateway.connections).toBe(0))
    // Once around, so that the client has seen it as well.
    await outlet.showWorking(general.id)
    await channel.close()
    discord.say({ by: users.ann, channel: general, text: `<@${users.bot.id}> too late` })
    // By the time that another has come back, the first would have as well.
    const other = await opened(discord)
    gateway.close(4000)
    await settled(discord, other.bot)
    expect(gateway.log).toEqual(['identify', 'close 4000', 'identify', 'close 4000', 'resume 2'])
    expect(bot.said).toEqual([])
  })

  it('can be closed while Discord cannot be reached, and while it is being opened', async () => {
    const discord = await discordFor()
    const { channel } = await opened(discord)
    const { logger } = logged()
    discord.faults.plan('GET', /gateway/, { kind: 'silence' })
    const other = discordChannel({ token: discord.token, isOwner: () => false, logger, rest: { api: discord.api } })
    const under = other.open(fakeBot())
    await until(() => expect(discord.asked('GET', /gateway/)).toHaveLength(2))
    await other.close()
    await expect(under).rejects.toThrow('the channel was closed meanwhile')
    await discord.end()
    await expect(channel.close()).resolves.toBeUndefined()
  })

  it('keeps the connection alive with heartbeats', async () => {
    const discord = await discordFor({ heartbeatMs: 20 })
    await opened(discord)
    await until(() => expect(discord.gateway.heartbeats).toBeGreaterThan(3))
    expect(discord.gateway.log).toEqual(['identify'])
  })

  it.each([
    ['at its first request', undefined],
    ['by the gateway', TOKEN],
  ])('says in plain words that the token is refused %s, without the token', async (_, restToken) => {
    const discord = await discordFor({ token: 'another-token', ...(restToken !== undefined && { restToken }) })
    const problem = await opening(discord.api)
    expect(problem.message).toMatch(/^Discord refused the token of the bot\. .*Developer Portal/)
    expect(inspect(problem, { depth: 9 })).not.toContain('secret')
  })

  it('names the intent that is not switched on', async () => {
    const discord = await discordFor({ token: TOKEN, allowsMessageContent: false })
    const problem = await opening(discord.api)
    expect(problem.message).toContain('Switch on "Message Content Intent"')
    expect(inspect(problem, { depth: 9 })).not.toContain('secret')
  })

  it('says so when Discord cannot be reached', async () => {
    const discord = await discordFor()
    discord.faults.plan('GET', /gateway/, { kind: 'status', status: 503 }, { times: 9 })
    expect((await opening(discord.api)).message).toBe('Discord cannot be reached: Discord answered with 503')
  })

  it('opens although Discord stumbles once', async () => {
    const discord = await discordFor()
    discord.faults.plan('GET', /gateway/, { kind: 'status', status: 502 })
    await opened(discord)
    expect(discord.gateway.listening).toBe(1)
  })

  it('says so in the log when Discord ends the connection for good', async () => {
    const discord = await discordFor()
    const { lines } = await opened(discord)
    discord.gateway.close(4004)
    await until(() =>
      expect(lines.join('\n')).toMatch(/ended the connection for good \(4004\): Discord refused the token/),
    )
  })
})

describe('the slash commands', () => {
  it('are registered for all servers, and for direct messages', async () => {
    const discord = await discordFor()
    await opened(discord)
    const [route, registered] = [...discord.commands][0]!
    expect(route).toBe(`/applications/${discord.users.bot.id}/commands`)
    const commands = registered as { name: string; contexts?: number[] }[]
    expect(commands.map(({ name }) => name)).toEqual(
      'ask help new stop status usage agents agent skills schedules cancel runs audit'.split(' '),
    )
    expect(commands.every(({ contexts }) => String(contexts) === '0,1')).toBe(true)
  })

  it('are registered for the one server that is named', async () => {
    const discord = await discordFor()
    await opened(discord, { guild: discord.guildId })
    expect([...discord.commands.keys()]).toEqual([
      `/applications/${discord.users.bot.id}/guilds/${discord.guildId}/commands`,
    ])
  })

  it('are not registered again where they are as they should be', async () => {
    const discord = await discordFor()
    const first = await opened(discord)
    await first.channel.close()
    for (const [route, commands] of discord.commands)
      discord.commands.set(route, (commands as RegisteredCommand[]).map(asDiscordGivesIt).toReversed())
    await opened(discord)
    expect(discord.asked('PUT', /commands$/)).toHaveLength(1)
  })

  it('are registered again when one differs', async () => {
    const discord = await discordFor()
    const first = await opened(discord)
    await first.channel.close()
    for (const [route, commands] of discord.commands) discord.commands.set(route, (commands as object[]).slice(1))
    await opened(discord)
    expect(discord.asked('PUT', /commands$/)).toHaveLength(2)
  })

  it('that cannot be registered do not keep the bot from opening', async () => {
    const discord = await discordFor()
    discord.faults.plan('PUT', /commands/, { kind: 'status', status: 403, code: 50_001, message: 'Missing Access' })
    const { lines } = await opened(discord)
    expect(lines.join()).toContain('the slash commands could not be registered with Discord')
    expect(lines.join()).toContain('Missing Access')
  })
})

interface RegisteredCommand {
  readonly options?: readonly { readonly required?: boolean }[]
}

/** With more in it than was said. */
function asDiscordGivesIt({ options = [], ...command }: RegisteredCommand): object {
  const told = options.map((option) => ({ ...option, required: option.required ?? false, name_localizations: null }))
  return { ...command, ...(told.length > 0 && { options: told }), version: '1', dm_permission: true }
}

async function opening(api: string): Promise<Error> {
  const { logger, lines } = logged()
  const channel = discordChannel({ token: TOKEN, isOwner: () => false, logger, rest: { api } })
  const problem: unknown = await channel.open(fakeBot()).then(
    () => undefined,
    (error: unknown) => error,
  )
  await channel.close()
  expect(problem).toBeInstanceOf(Error)
  expect(lines.join('\n')).not.toContain('secret')
  return problem as Error
}

import { describe, expect, it } from 'vitest'

import { fakeBot } from '../../bot/fake-bot.test-kit.ts'
import { COMMANDS } from '../../commands/command-list.ts'
import { discordFor, opened, settled, until } from './opened.test-kit.ts'

describe('/ask', () => {
  it('is acknowledged, taken as a message, and said to be at work', async () => {
    const discord = await discordFor()
    const bot = fakeBot()
    const say = bot.say.bind(bot)
    const acknowledged: number[] = []
    let asked: ReturnType<typeof discord.slash> | undefined
    bot.say = (message) => {
      acknowledged.push(...(asked?.callbacks ?? []).map(({ type, flags }) => type + flags))
      return say(message)
    }
    await opened(discord, { bot })
    const { users, general, guildId } = discord
    const file = discord.keep('a.txt', Buffer.from('some text'))
    const attachment = { name: 'file', file }
    asked = discord.slash('ask', {
      by: users.eve,
      channel: general,
      text: { question: 'Why <@1>\nis it so?' },
      attachment,
    })
    await until(() => expect(asked?.edits).toEqual(['> Why <@1> is it so?\nI am at work on it.']))
    // A reply that follows, and that all can see.
    expect(acknowledged).toEqual([5])
    expect(bot.said).toMatchObject([
      {
        messageId: `discord:${asked.id}`,
        person: { id: `discord:${users.eve.id}`, name: 'Eve' },
        at: { channel: 'discord', place: general.id, guild: guildId },
        text: 'Why <@1>\nis it so?',
        files: [{ label: 'a.txt', size: 9 }],
      },
    ])
    expect(Buffer.from((await bot.said[0]?.files?.[0]?.read({ maxBytes: 9 })) ?? []).toString()).toBe('some text')
  })

  it('that cannot be kept is answered so, and the log hears of it', async () => {
    const discord = await discordFor()
    const bot = fakeBot()
    bot.say = () => Promise.reject(new Error('the disk is full'))
    const { lines } = await opened(discord, { bot })
    const asked = discord.slash('ask', { by: discord.users.ann, channel: discord.general, text: { question: 'Why?' } })
    await until(() => expect(asked.edits).toEqual(['I could not take this. Please try again in a while.']))
    expect(lines.join()).toContain('the disk is full')
  })

  it('that Discord tells of twice is one message', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    discord.slash('ask', { by: discord.users.ann, channel: discord.general, text: { question: 'Why?' } })
    await until(() => expect(bot.said).toHaveLength(1))
    discord.repeatInteraction()
    await settled(discord, bot)
    expect(bot.said.map(({ text }) => text)).toEqual(['Why?', 'and now?'])
    expect(discord.asked('POST', /callback$/)).toHaveLength(1)
  })

  it('is not taken when Discord has told its sender that it failed', async () => {
    const discord = await discordFor()
    const { bot, lines } = await opened(discord)
    discord.faults.plan('POST', /callback$/, {
      kind: 'status',
      status: 404,
      code: 10_062,
      message: 'Unknown interaction',
    })
    discord.slash('ask', { by: discord.users.ann, channel: discord.general, text: { question: 'Why?' } })
    await until(() => expect(lines.join()).toContain('Unknown interaction'))
    await settled(discord, bot)
    expect(bot.said.map(({ text }) => text)).toEqual(['and now?'])
    expect(lines.join()).not.toContain('interaction-secret')
  })
})

describe('a slash command', () => {
  it.each(
    COMMANDS.map(({ name, argument }): [string, Record<string, string> | undefined, string] =>
      argument === undefined
        ? [name, undefined, `/${name}`]
        : [name, { [argument.name.toLowerCase()]: ' gardener\nof roses' }, `/${name} gardener of roses`],
    ),
  )('/%s is done, and its answer is shown to the one who gave it', async (name, text, line) => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, general, guildId } = discord
    const given = discord.slash(name, { by: users.eve, channel: general, ...(text && { text }) })
    await until(() => expect(given.edits).toEqual([`Did \`${line}\`.`]))
    expect(given.callbacks).toEqual([{ type: 5, flags: 64 }])
    expect(bot.commands).toEqual([
      {
        line,
        from: {
          person: { id: `discord:${users.eve.id}`, name: 'Eve' },
          at: { channel: 'discord', place: general.id, guild: guildId },
        },
      },
    ])
  })

  it('with a long answer shows all of it', async () => {
    const discord = await discordFor()
    const bot = fakeBot()
    const lines = Array.from({ length: 120 }, (_, index) => `- line ${index} ${'x'.repeat(30)}`)
    bot.command = () => Promise.resolve(lines.join('\n'))
    await opened(discord, { bot })
    const given = discord.slash('agents', { by: discord.users.ann, channel: discord.general })
    await until(() =>
      expect([...given.edits, ...given.followUps.map(({ content }) => content)].join('\n')).toBe(lines.join('\n')),
    )
    expect(given.followUps.every(({ flags }) => (flags & 64) === 64)).toBe(true)
  })

  it.each([
    ['an owner, anywhere', 'ann', 'lobby'],
    ['somebody in a thread of an open channel', 'eve', 'thread'],
    ['somebody who may, in a direct channel', 'ben', 'direct'],
  ] as const)('is done for %s', async (_, who, where) => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const by = discord.users[who]
    discord.slash('status', { by, channel: where === 'direct' ? discord.directs.get(by.id)! : discord[where] })
    await until(() => expect(bot.commands).toHaveLength(1))
  })

  it.each([
    ['somebody in a channel that is not open', 'eve', 'lobby'],
    ['somebody who may write directly, in such a channel', 'ben', 'lobby'],
    ['somebody in a direct channel', 'eve', 'direct'],
  ] as const)('is not done for %s', async (_, who, where) => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const by = discord.users[who]
    const channel = where === 'direct' ? discord.directs.get(by.id)! : discord[where]
    const given = discord.slash('status', { by, channel })
    const content = 'I may not talk to you here. An owner of mine can change that.'
    await until(() => expect(given.callbacks).toEqual([{ type: 4, flags: 64, content }]))
    await settled(discord, bot)
    expect(bot.commands).toEqual([])
  })
})

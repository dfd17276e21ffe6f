import { describe, expect, it } from 'vitest'

import { fakeBot } from '../../bot/fake-bot.test-kit.ts'
import { saidMessage } from './fake/fake-discord.test-kit.ts'
import { discordFor, opened, settled, until } from './opened.test-kit.ts'

describe('a message', () => {
  it('that mentions the bot in an open channel is taken, without the mention', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, general, guildId } = discord
    const said = discord.say({
      by: users.eve,
      channel: general,
      text: `<@${users.bot.id}>, what does <@${users.ben.id}> mean?`,
    })
    await until(() => expect(bot.said).toHaveLength(1))
    expect(bot.said[0]).toEqual({
      messageId: `discord:${said.id}`,
      person: { id: `discord:${users.eve.id}`, name: 'Eve' },
      at: { channel: 'discord', place: general.id, guild: guildId },
      text: 'what does @Ben mean?',
      files: [],
    })
  })

  it('has names of people, roles and channels in it instead of numbers', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, general, lobby, botRole } = discord
    const me = `<@${users.bot.id}>`
    const text = `Can ${me} tell <@&${botRole.id}> of <#${lobby.id}> <a:party:123> @everyone ${me}`
    discord.say({ by: users.ann, channel: general, text })
    await until(() => expect(bot.said).toHaveLength(1))
    expect(bot.said[0]?.text).toBe('Can @Executus tell @Executus of #lobby :party: @everyone')
  })

  it.each([
    ['mentions the role of the bot', { role: true }],
    ['replies to the bot', { reply: true, pings: true }],
    ['replies to the bot without a ping', { reply: true, pings: false }],
    ['is in a thread of an open channel', { thread: true }],
  ])(
    'that %s is taken',
    async (_, { role = false, reply = false, pings = true, thread = false }: Record<string, boolean>) => {
      const discord = await discordFor()
      const { bot, outlet } = await opened(discord)
      const { users, botRole } = discord
      const channel = thread ? discord.thread : discord.general
      await outlet.send(channel.id, { text: 'Said by the bot' }, { key: '1/1', signal: AbortSignal.timeout(9_000) })
      const before = discord.sent(channel)[0]!
      const name = role ? `<@&${botRole.id}> ` : reply ? '' : `<@${users.bot.id}> `
      discord.say({ by: users.eve, channel, text: `${name}hello`, pings, ...(reply && { replyTo: before }) })
      await until(() => expect(bot.said).toHaveLength(1))
      expect(bot.said[0]?.text).toBe(reply ? 'hello\n\nIn reply to Executus:\n> Said by the bot' : 'hello')
      expect(bot.said[0]?.at.place).toBe(channel.id)
    },
  )

  it('of an owner is taken in any channel, and of an owner or of one who may in a direct one', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, lobby, directs } = discord
    discord.say({ by: users.ann, channel: lobby, text: `<@${users.bot.id}> one` })
    discord.say({ by: users.ann, channel: directs.get(users.ann.id)!, text: 'two' })
    discord.say({ by: users.ben, channel: directs.get(users.ben.id)!, text: 'three' })
    await until(() => expect(bot.said).toHaveLength(3))
    expect(bot.said.map(({ text, at }) => [text, at.guild])).toEqual([
      ['one', discord.guildId],
      ['two', undefined],
      ['three', undefined],
    ])
  })

  it('in a thread that was asleep is taken where the channel of the thread is open', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users } = discord
    const awake = discord.wake('an old thread', discord.general)
    const elsewhere = discord.wake('another', discord.lobby)
    for (const channel of [elsewhere, awake])
      discord.say({ by: users.eve, channel, text: `<@${users.bot.id}> still there?` })
    await settled(discord, bot)
    await until(() => expect(bot.said.map(({ at }) => at.place)).toContain(awake.id))
    expect(bot.said.map(({ at }) => at.place)).not.toContain(elsewhere.id)
  })

  it('that is not for the bot, not by one who may, or not by a person, is ignored', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, general, lobby, directs } = discord
    const me = `<@${users.bot.id}>`
    discord.say({ by: users.eve, channel: general, text: 'not for the bot' })
    discord.say({ by: users.eve, channel: lobby, text: `${me} not here` })
    discord.say({ by: users.ben, channel: lobby, text: `${me} not here either` })
    discord.say({ by: users.eve, channel: directs.get(users.eve.id)!, text: 'not me' })
    discord.say({ by: users.robot, channel: general, text: `${me} from a bot` })
    discord.say({ by: users.bot, channel: general, text: `${me} from itself` })
    discord.say({ by: users.ann, channel: general, text: `${me} from a webhook`, more: { webhook_id: '1' } })
    discord.say({ by: users.ann, channel: general, text: `${me} pinned`, more: { type: 6 } })
    discord.say({ by: users.eve, channel: general, text: '@everyone', more: { mention_everyone: true } })
    await settled(discord, bot)
    expect(bot.said.map(({ text }) => text)).toEqual(['and now?'])
    expect(discord.sent(general)).toEqual([])
  })

  it('brings what it replies to, passes on and shows, as bounded quotes', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, general } = discord
    const embed = { type: 'rich', title: 'A title', description: 'A\nstory', fields: [{ name: 'Size', value: '3' }] }
    const earlier = saidMessage({ by: users.ben, channel: general, text: 'x'.repeat(1_989) + '\nlast line' }, discord)
    const replyTo = { ...earlier, embeds: [embed] }
    discord.say({
      by: users.eve,
      channel: general,
      text: `<@${users.bot.id}> why?`,
      replyTo,
      more: { embeds: [embed] },
    })
    await until(() => expect(bot.said).toHaveLength(1))
    expect(bot.said[0]?.text).toBe(
      [
        'why?',
        `In reply to Ben:\n> ${'x'.repeat(1_989)}\n> last line…`,
        'Shown with the message:\n> A title\n> A\n> story\n> Size: 3',
      ].join('\n\n'),
    )
  })

  it('brings what was forwarded, with its files', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, directs, lobby } = discord
    const file = discord.keep('notes.txt', Buffer.from('some notes'))
    const { id, channel_id, ...snapshot } = saidMessage(
      { by: users.eve, channel: lobby, text: 'Look at this' },
      discord,
    )
    const forwarded = {
      message_reference: { type: 1, message_id: id, channel_id },
      message_snapshots: [{ message: { ...snapshot, attachments: [file] } }],
    }
    discord.say({ by: users.ann, channel: directs.get(users.ann.id)!, text: '', more: forwarded })
    await until(() => expect(bot.said).toHaveLength(1))
    expect(bot.said[0]?.text).toBe('A forwarded message:\n> Look at this\n> (a file: notes.txt)')
    const bytes = await bot.said[0]?.files?.[0]?.read({ maxBytes: 100 })
    expect(Buffer.from(bytes ?? []).toString()).toBe('some notes')
  })

  it('with nothing in it is answered with a question', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, general } = discord
    const said = discord.say({ by: users.eve, channel: general, text: `<@${users.bot.id}>` })
    await until(() => expect(discord.sent(general)).toHaveLength(1))
    expect(discord.sent(general)[0]).toMatchObject({
      content: 'What can I do for you? Write it in the message that mentions me.',
      reference: { message_id: said.id },
    })
    expect(bot.said).toEqual([])
  })

  it('that cannot be kept is answered so, and the log hears of it', async () => {
    const discord = await discordFor()
    const bot = fakeBot()
    bot.say = () => Promise.reject(new Error('the disk is full'))
    const { lines } = await opened(discord, { bot })
    const { users, general } = discord
    discord.say({ by: users.eve, channel: general, text: `<@${users.bot.id}> hello` })
    await until(() => expect(discord.sent(general)).toHaveLength(1))
    expect(discord.sent(general)[0]?.content).toBe('I could not take this message. Please send it again in a while.')
    expect(lines.join()).toContain('the disk is full')
  })
})

describe('a lost connection', () => {
  it('is made again, and what was said meanwhile is taken once', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, general, gateway } = discord
    const say = (text: string) => discord.say({ by: users.ann, channel: general, text: `<@${users.bot.id}> ${text}` })
    say('one')
    await until(() => expect(bot.said).toHaveLength(1))
    gateway.close(4000)
    say('two')
    say('three')
    await until(() => expect(bot.said).toHaveLength(3))
    say('four')
    await until(() => expect(bot.said).toHaveLength(4))
    expect(bot.said.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four'])
    expect(gateway.log).toEqual(['identify', 'close 4000', 'resume 3'])
  })

  it('that ends without a word is made again as well', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    discord.gateway.close(undefined)
    await settled(discord, bot)
    expect(discord.gateway.log).toEqual(['identify', 'close without a word', 'resume 2'])
  })

  it('whose session Discord has forgotten is begun anew', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { gateway } = discord
    gateway.forgetSessions(4000)
    await until(() => expect(gateway.listening).toBe(1))
    await settled(discord, bot)
    expect(gateway.log).toEqual(['identify', 'close 4000', 'resume 2', 'invalid session', 'identify'])
  })
})

describe('what Discord tells twice, or out of order', () => {
  it('is one message', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, general, gateway } = discord
    const said = discord.say({ by: users.ann, channel: general, text: `<@${users.bot.id}> once` })
    gateway.dispatch('MESSAGE_CREATE', said)
    await settled(discord, bot)
    gateway.dispatch('MESSAGE_CREATE', said)
    await settled(discord, bot)
    expect(bot.said.map(({ text }) => text)).toEqual(['once', 'and now?', 'and now?'])
  })

  it('has the same id after the bot was started again', async () => {
    const discord = await discordFor()
    const bot = fakeBot()
    const first = await opened(discord, { bot })
    const { users, general, gateway } = discord
    const said = discord.say({ by: users.ann, channel: general, text: `<@${users.bot.id}> once` })
    await until(() => expect(bot.said).toHaveLength(1))
    await first.channel.close()
    await opened(discord, { bot })
    gateway.dispatch('MESSAGE_CREATE', said)
    await settled(discord, bot)
    expect(bot.said.map(({ text }) => text)).toEqual(['once', 'and now?'])
  })

  it('is taken also when an older message comes after a newer one', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, general, gateway } = discord
    const say = (text: string) =>
      saidMessage({ by: users.ann, channel: general, text: `<@${users.bot.id}> ${text}` }, discord)
    const [older, newer] = [say('older'), say('newer')]
    gateway.dispatch('MESSAGE_CREATE', newer)
    gateway.dispatch('MESSAGE_CREATE', older)
    await until(() => expect(bot.said.map(({ text }) => text)).toEqual(['newer', 'older']))
  })
})

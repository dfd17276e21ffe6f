import { describe, expect, it } from 'vitest'

import type { FakeDiscord } from './fake/fake-discord.test-kit.ts'
import { fileOf } from './file-of.ts'
import { discordFor, opened, until } from './opened.test-kit.ts'

describe('an attachment', () => {
  it('is read from where Discord keeps it', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, general } = discord
    const attachments = [discord.keep('a.txt', Buffer.from('some text')), discord.keep('b.txt', Buffer.from('more'))]
    discord.say({ by: users.eve, channel: general, text: `<@${users.bot.id}> read`, attachments })
    await until(() => expect(bot.said).toHaveLength(1))
    const files = bot.said[0]?.files ?? []
    expect(files.map(({ label, size }) => [label, size])).toEqual([
      ['a.txt', 9],
      ['b.txt', 4],
    ])
    const texts = await Promise.all(files.map(async (file) => String(Buffer.from(await file.read({ maxBytes: 9 })))))
    expect(texts).toEqual(['some text', 'more'])
    // Discord's files need no token, and are not shown it.
    expect(discord.asked('GET', /attachments/).map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
    ])
  })

  it('of a message that is replied to comes along, but not what the bot had attached', async () => {
    const discord = await discordFor()
    const { bot } = await opened(discord)
    const { users, general } = discord
    const attachments = [discord.keep('photo.png', Buffer.from('a'))]
    for (const by of [users.ben, users.bot]) {
      const replyTo = discord.say({ by, channel: general, text: 'look', attachments })
      discord.say({ by: users.eve, channel: general, text: `<@${users.bot.id}> what is it?`, replyTo })
    }
    await until(() => expect(bot.said).toHaveLength(2))
    expect(bot.said.map(({ files = [] }) => files.map(({ label }) => label))).toEqual([['photo.png'], []])
  })

  it('that is larger than its sender says is not read to its end', async () => {
    const discord = await discordFor()
    const { url } = discord.keep('a.bin', Buffer.alloc(5_000_000))
    const file = fileOf({ name: 'a.bin', size: 1, url }, discord.origin)
    await expect(file.read({ maxBytes: 1_000 })).rejects.toThrow('It is larger than 1000 bytes')
  })

  it('is not followed to another place', async () => {
    const discord = await discordFor()
    const { url } = discord.keep('a.txt', { status: 302, headers: { location: `${discord.origin}/elsewhere` } })
    await expect(fileOf({ name: 'a', size: 1, url }, discord.origin).read({ maxBytes: 9 })).rejects.toThrow(
      'Discord answered with 302',
    )
    expect(discord.asked('GET', /elsewhere/)).toEqual([])
  })

  it('that is gone is told of', async () => {
    const discord = await discordFor()
    const url = `${discord.origin}/attachments/none`
    await expect(fileOf({ name: 'a', size: 1, url }, discord.origin).read({ maxBytes: 9 })).rejects.toThrow(
      'Discord answered with',
    )
  })

  it.each<[string, (discord: FakeDiscord) => string]>([
    ['another port', () => 'http://127.0.0.1:1/attachments/a'],
    ['a name and no address', () => 'a.txt'],
    ['a file of this machine', () => 'file:///etc/hostname'],
    ['a name before the host', ({ origin }) => `http://cdn.discordapp.com@${new URL(origin).hostname}:1/a`],
  ])('that lies elsewhere is not asked for: %s', async (_, urlOf) => {
    const discord = await discordFor()
    const file = fileOf({ name: 'a', size: 1, url: urlOf(discord) }, discord.origin)
    await expect(file.read({ maxBytes: 9 })).rejects.toThrow('It does not lie at Discord')
  })

  it('of the real Discord is asked for at its own hosts alone, and by https', async () => {
    const discord = await discordFor()
    const { url } = discord.keep('a.txt', Buffer.from('text'))
    for (const other of [
      url,
      'http://cdn.discordapp.com/a',
      'https://cdn.discordapp.com.evil.example/a',
      'https://discord.com/a',
    ])
      await expect(fileOf({ name: 'a', size: 1, url: other }, undefined).read({ maxBytes: 9 })).rejects.toThrow(
        'It does not lie at Discord',
      )
    expect(discord.requests).toEqual([])
  })
})

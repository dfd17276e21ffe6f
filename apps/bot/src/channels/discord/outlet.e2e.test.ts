import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'

import { ChannelError } from '../../channel/errors.ts'
import { discordChannel } from './discord-channel.ts'
import { discordFor, hastyClock, logged, opened, until } from './opened.test-kit.ts'

const POST = /^\/channels\/\d+\/messages$/

describe('send()', () => {
  it('makes a message that pings nobody and unfolds no link, and gives its id', async () => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    const buttons = [
      { id: 'ex:q1:yes', label: 'Yes', style: 'primary' as const },
      { id: 'ex:q1:no', label: 'No', style: 'danger' as const },
      { id: 'ex:q1:more', label: 'More', style: 'plain' as const },
    ]
    const id = await outlet.send(discord.general.id, { text: '@everyone <@1> hello', buttons }, options('1/1'))
    const [message] = discord.sent(discord.general)
    expect(message).toMatchObject({
      id,
      content: '@everyone <@1> hello',
      allowedMentions: { parse: [] },
      flags: 4,
      components: [
        {
          type: 1,
          components: [
            { type: 2, custom_id: 'ex:q1:yes', label: 'Yes', style: 1 },
            { type: 2, custom_id: 'ex:q1:no', label: 'No', style: 4 },
            { type: 2, custom_id: 'ex:q1:more', label: 'More', style: 2 },
          ],
        },
      ],
    })
    expect(message?.nonce).toHaveLength(25)
  })

  it('sends a file along', async () => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    const file = { name: 'answer.md', mediaType: 'text/markdown', text: '# All of it — ✓' }
    await outlet.send(discord.general.id, { text: 'The beginning', file }, options('1/1'))
    const [message] = discord.sent(discord.general)
    expect(message).toMatchObject({ content: 'The beginning', allowedMentions: { parse: [] }, flags: 4 })
    expect(discord.filesOf(message!)).toEqual([{ name: 'answer.md', text: '# All of it — ✓' }])
  })

  it.each([
    ['of the channel', false],
    ['of all that the bot does', true],
  ])('waits for a rate limit %s in the middle, and loses and reorders nothing', async (_, isGlobal) => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    discord.faults.plan('POST', POST, { kind: 'limit', retryAfterMs: 60, isGlobal }, { skip: 2, times: 3 })
    const texts = ['one', 'two', 'three', 'four', 'five', 'six']
    // All at once: the queue has to keep the order by itself.
    const ids = await Promise.all(
      texts.map((text, index) => outlet.send(discord.general.id, { text }, options(`1/${index + 1}`))),
    )
    expect(discord.sent(discord.general).map(({ content, id }) => [content, id])).toEqual(
      texts.map((text, index) => [text, ids[index]]),
    )
    expect(discord.asked('POST', POST)).toHaveLength(9)
  })

  it('gives a rate limit that is too long back, with how long it is', async () => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    discord.faults.plan('POST', POST, { kind: 'limit', retryAfterMs: 600_000 })
    const error = await failure(outlet.send(discord.general.id, { text: 'a' }, options('1/1')))
    expect(error).toMatchObject({ code: 'busy' })
    expect((error as ChannelError).retryAfterMs).toBeGreaterThanOrEqual(600_000)
    expect(discord.sent(discord.general)).toEqual([])
  })

  it.each([
    ['dies after the message was kept', { kind: 'drop-after' }],
    ['dies before it was', { kind: 'drop' }],
    ['gives a 502 after it was', { kind: 'bad-gateway-after' }],
    ['gives a 500', { kind: 'status', status: 500 }],
  ] as const)('that %s is repeated, and makes one message', async (_, fault) => {
    const discord = await discordFor()
    const { outlet } = await opened(discord, { clock: hastyClock })
    discord.faults.plan('POST', POST, fault, { times: 2 })
    const id = await outlet.send(discord.general.id, { text: 'once' }, options('1/1'))
    expect(discord.sent(discord.general).map((message) => message.id)).toEqual([id])
    expect(discord.asked('POST', POST)).toHaveLength(3)
  })

  it.each([
    ['dies after the message was kept', { kind: 'drop-after' }, 1],
    ['gives a 502 after it was', { kind: 'bad-gateway-after' }, 1],
    ['gives a 500', { kind: 'status', status: 500 }, 0],
  ] as const)('that %s each time leaves open whether it was sent', async (_, fault, kept) => {
    const discord = await discordFor()
    const { outlet } = await opened(discord, { clock: hastyClock })
    discord.faults.plan('POST', POST, fault, { times: 99 })
    const error = await failure(outlet.send(discord.general.id, { text: 'once' }, options('1/1')))
    expect(error).toBeInstanceOf(Error)
    expect(ChannelError.is(error)).toBe(false)
    expect(discord.sent(discord.general)).toHaveLength(kept)
    expect(discord.asked('POST', POST)).toHaveLength(3)
  })

  it.each([
    ['refused', { kind: 'status', status: 403, code: 50_013 }],
    ['limited for long', { kind: 'limit', retryAfterMs: 600_000 }],
  ] as const)('that may have arrived is not called unsent because a repetition is %s', async (_, fault) => {
    const discord = await discordFor()
    const { outlet } = await opened(discord, { clock: hastyClock })
    discord.faults.plan('POST', POST, { kind: 'drop-after' })
    discord.faults.plan('POST', POST, fault, { times: 9 })
    const error = await failure(outlet.send(discord.general.id, { text: 'once' }, options('1/1')))
    expect(ChannelError.is(error)).toBe(false)
    expect(discord.sent(discord.general)).toHaveLength(1)
  })

  it('does not repeat itself when a minute has gone by', async () => {
    const discord = await discordFor()
    let nowMs = 0
    const clock = { ...hastyClock, now: () => (nowMs += 30_000) }
    const { outlet } = await opened(discord, { clock })
    discord.faults.plan('POST', POST, { kind: 'drop-after' }, { times: 9 })
    expect(ChannelError.is(await failure(outlet.send(discord.general.id, { text: 'a' }, options('1/1'))))).toBe(false)
    expect(discord.asked('POST', POST)).toHaveLength(1)
  })

  it('leaves open what it was told to give up while it waited for an answer', async () => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    discord.faults.plan('POST', POST, { kind: 'silence' })
    const stop = new AbortController()
    const sending = failure(outlet.send(discord.general.id, { text: 'a' }, { key: '1/1', signal: stop.signal }))
    await until(() => expect(discord.asked('POST', POST)).toHaveLength(1))
    stop.abort()
    expect(ChannelError.is(await sending)).toBe(false)
    expect(discord.asked('POST', POST)).toHaveLength(1)
  })

  it('says that nothing was sent where there was no time to begin', async () => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    const given = { key: '1/1', signal: AbortSignal.abort() }
    expect(await failure(outlet.send(discord.general.id, { text: 'a' }, given))).toMatchObject({ code: 'busy' })
    expect(discord.asked('POST', POST)).toEqual([])
  })

  it.each([
    ['a channel that is not there', '123', {}],
    ['a place that is no channel', '../users', {}],
    ['a message that is too long', undefined, { text: 'a'.repeat(2_001) }],
    ['a message that is empty', undefined, { text: ' ' }],
  ])('is refused for %s, and tells nothing of what was said', async (_, place, more) => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    const file = { name: 'a.md', mediaType: 'text/markdown', text: 'private words' }
    const part = { text: 'private words', ...(place !== undefined && { file }), ...more }
    const error = await failure(outlet.send(place ?? discord.general.id, part, options('1/1')))
    expect(error).toMatchObject({ name: 'ChannelError', code: 'refused' })
    expect(inspect(error, { depth: 9 })).not.toMatch(/private words|fake-token|aaaaaaaaaa/)
  })

  it('is for later once the token is refused, and no error or line of the log holds it', async () => {
    const discord = await discordFor({ token: 'the-secret-token' })
    const { outlet, lines } = await opened(discord, { clock: hastyClock })
    const errors: unknown[] = []
    for (const fault of [
      { kind: 'status', status: 401 },
      { kind: 'drop-after' },
      { kind: 'bad-gateway-after' },
    ] as const) {
      discord.faults.plan('POST', POST, fault, { times: 3 })
      errors.push(await failure(outlet.send(discord.general.id, { text: 'a' }, options('1/1'))))
    }
    expect(errors[0]).toMatchObject({ code: 'busy' })
    expect(inspect([errors, lines], { depth: 12 })).not.toContain('secret-token')
  })

  it('goes on after a token was refused for a while, whatever it was refused for', async () => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    discord.faults.plan('POST', /typing/, { kind: 'status', status: 401 })
    await outlet.showWorking(discord.general.id)
    const id = await outlet.send(discord.general.id, { text: 'once' }, options('1/1'))
    expect(discord.sent(discord.general).map((message) => message.id)).toEqual([id])
  })

  it('is for later before the channel is open, when it is closed, and where nothing answers', async () => {
    const discord = await discordFor()
    const { logger } = logged()
    const closed = discordChannel({ token: 'a', isOwner: () => false, logger, rest: { api: discord.api } })
    expect(await failure(closed.outlet!.send(discord.general.id, { text: 'a' }, options('1/1')))).toMatchObject({
      code: 'busy',
      retryAfterMs: 5_000,
    })
    const { channel, outlet } = await opened(discord)
    await channel.close()
    expect(await failure(outlet.send(discord.general.id, { text: 'a' }, options('1/1')))).toMatchObject({
      code: 'busy',
    })
  })

  it('is for later while there is no way to Discord', async () => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    await discord.end()
    // The first finds a connection that has died, and cannot know when.
    await failure(outlet.send(discord.general.id, { text: 'a' }, options('1/1')))
    expect(await failure(outlet.send(discord.general.id, { text: 'a' }, options('1/1')))).toMatchObject({
      code: 'busy',
    })
  })

  it('makes another message of another key, another text or another place', async () => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    const { general, lobby } = discord
    await outlet.send(general.id, { text: 'a' }, options('1/1'))
    await outlet.send(general.id, { text: 'a' }, options('1/2'))
    await outlet.send(general.id, { text: 'b' }, options('1/1'))
    await outlet.send(lobby.id, { text: 'a' }, options('1/1'))
    expect(new Set([...discord.sent(general), ...discord.sent(lobby)].map(({ nonce }) => nonce)).size).toBe(4)
  })
})

describe('update()', () => {
  it('puts what an entry has become in the place of what was sent', async () => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    const buttons = [{ id: 'ex:q1:yes', label: 'Yes', style: 'primary' as const }]
    const id = await outlet.send(discord.general.id, { text: 'May I?', buttons }, options('1/1'))
    discord.faults.plan('PATCH', POST, { kind: 'drop-after' })
    await outlet.update(discord.general.id, id, { text: 'Approved.' }, options('1/1'))
    expect(discord.sent(discord.general)).toMatchObject([{ id, content: 'Approved.', components: [] }])
  })

  it('rejects without what was said', async () => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    const error = await failure(outlet.update(discord.general.id, '1', { text: 'private words' }, options('1/1')))
    expect(inspect(error, { depth: 9 })).toContain('Discord refused it (404, 10008): Unknown Message')
    expect(inspect(error, { depth: 9 })).not.toContain('private words')
  })
})

describe('showWorking()', () => {
  it('shows that the bot is typing, and minds no failure', async () => {
    const discord = await discordFor()
    const { outlet } = await opened(discord)
    await outlet.showWorking(discord.general.id)
    expect(discord.typing).toEqual([discord.general.id])
    discord.faults.plan('POST', /typing/, { kind: 'drop' })
    await outlet.showWorking(discord.general.id)
  })
})

function options(key: string) {
  return { key, signal: AbortSignal.timeout(30_000) }
}

function failure(sending: Promise<unknown>): Promise<unknown> {
  return sending.then(
    () => undefined,
    (error: unknown) => error,
  )
}

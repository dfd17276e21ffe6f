import { inspect } from 'node:util'

import type { Clock } from '@executus/core'
import { expect, onTestFinished, vi } from 'vitest'

import { type FakeBot, fakeBot } from '../../bot/fake-bot.test-kit.ts'
import type { Outlet } from '../../channel/channel.ts'
import { type DiscordOptions, discordChannel } from './discord-channel.ts'
import { type FakeDiscord, type FakeDiscordOptions, fakeDiscord } from './fake/fake-discord.test-kit.ts'

/** What was logged, as it would be shown. */
export interface Logged {
  readonly lines: string[]
  readonly logger: DiscordOptions['logger']
}

export function logged(): Logged {
  const lines: string[] = []
  const keep = (message: string, details?: unknown) => void lines.push(`${message} ${inspect(details, { depth: 9 })}`)
  return { lines, logger: { warn: keep, error: keep } }
}

export async function discordFor(options?: FakeDiscordOptions): Promise<FakeDiscord> {
  const discord = await fakeDiscord(options)
  onTestFinished(() => discord.end())
  return discord
}

/** A channel that is open to a fake Discord: Ann owns the bot, Ben may write to it, `general` is open to all. */
export async function opened(
  discord: FakeDiscord,
  { bot = fakeBot(), ...more }: Partial<DiscordOptions> & { readonly bot?: FakeBot } = {},
) {
  const { lines, logger } = logged()
  const channel = discordChannel({
    token: discord.token,
    isOwner: (id) => id === `discord:${discord.users.ann.id}`,
    channels: [discord.general.id],
    people: [discord.users.ben.id],
    logger,
    rest: { api: discord.api },
    ...more,
  })
  onTestFinished(() => channel.close())
  await channel.open(bot)
  return { channel, bot, outlet: channel.outlet as Required<Outlet>, lines }
}

/** Waits until something is so: sockets are between. */
export function until(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 10_000, interval: 10 })
}

/** Somebody who may says something that is taken, so that all that was said before has been looked at. */
export async function settled(discord: FakeDiscord, bot: FakeBot): Promise<void> {
  const { users, general } = discord
  const { id } = discord.say({ by: users.ann, channel: general, text: `<@${users.bot.id}> and now?` })
  await until(() => expect(bot.said.map(({ messageId }) => messageId)).toContain(`discord:${id}`))
}

/** The machine's clock, for which no wait is longer than a moment. */
export const hastyClock: Clock = {
  now: () => Date.now(),
  after(_delayMs, callback) {
    const timer = setImmediate(callback)
    return () => clearImmediate(timer)
  },
}

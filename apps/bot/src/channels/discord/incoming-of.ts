import type { Message } from 'discord.js'

import type { Incoming } from '../../bot/bot.ts'
import { fileOf } from './file-of.ts'
import { nameOf, personOf } from './person-of.ts'
import { quotesOf, repliedOf } from './quoted.ts'
import type { TakeOptions } from './take-options.ts'

/** Reads what somebody said to the bot; `undefined` for what was not said to it, or not by one who may. */
export function incomingOf(
  message: Message,
  { isAllowed, fakeOrigin }: Pick<TakeOptions, 'isAllowed' | 'fakeOrigin'>,
): Incoming | undefined {
  const { author, channel, guildId, id } = message
  if (author.bot || message.webhookId !== null || message.system) return undefined
  const isDirect = guildId === null
  if (!isDirect && !isAddressed(message)) return undefined
  const person = personOf(author, message.member)
  const parentId = channel.isThread() ? (channel.parentId ?? undefined) : undefined
  if (!isAllowed({ channelId: channel.id, parentId, isDirect }, person.id)) return undefined
  const attached = [message, ...message.messageSnapshots.values(), ...repliedToOthers(message)].flatMap((one) => [
    ...one.attachments.values(),
  ])
  return {
    messageId: `discord:${id}`,
    person,
    at: { channel: 'discord', place: channel.id, ...(guildId !== null && { guild: guildId }) },
    text: [ownText(message), ...quotesOf(message)].filter(Boolean).join('\n\n'),
    files: attached.map((file) => fileOf(file, fakeOrigin)),
  }
}

/** Mentioned by name or by the role that Discord gave it, or replied to. */
export function isAddressed({ client, mentions }: Message): boolean {
  const me = client.user.id
  if (mentions.users.has(me) || mentions.repliedUser?.id === me) return true
  return mentions.roles.some((role) => role.tags?.botId === me)
}

/** `What is this?` in reply to a picture is about the picture; what the bot itself had attached is not news to it. */
function repliedToOthers(message: Message): readonly Message[] {
  const replied = repliedOf(message)
  return replied === undefined || replied.author?.id === message.client.user.id ? [] : [replied]
}

/** Without the bot's own mention at either end; what is mentioned elsewhere has its name instead of a number. */
function ownText({ client, content, mentions, stickers, guild }: Message): string {
  const mine = [
    `<@!?${client.user.id}>`,
    ...mentions.roles.filter(({ tags }) => tags?.botId === client.user.id).map(({ id }) => `<@&${id}>`),
  ]
  const atBegin = new RegExp(`^(?:\\s*(?:${mine.join('|')}))+[\\s,:]*`)
  const atEnd = new RegExp(`(?:\\s*(?:${mine.join('|')}))+\\s*$`)
  const text = content
    .replace(atBegin, '')
    .replace(atEnd, '')
    .replaceAll(/<@!?(\d+)>/g, (mention, id: string) => {
      const user = mentions.users.get(id)
      return user === undefined ? mention : `@${nameOf(user, mentions.members?.get(id))}`
    })
    .replaceAll(/<@&(\d+)>/g, (mention, id: string) => named('@', mentions.roles.get(id)?.name) ?? mention)
    .replaceAll(/<#(\d+)>/g, (mention, id: string) => named('#', guild?.channels.cache.get(id)?.name) ?? mention)
    .replaceAll(/<a?:(\w+):\d+>/g, ':$1:')
  return [text.trim(), ...stickers.map(({ name }) => `(a sticker: ${name})`)].filter(Boolean).join('\n')
}

function named(sign: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : `${sign}${name}`
}

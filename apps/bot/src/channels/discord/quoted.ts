import { type Embed, type Message, type MessageSnapshot, MessageReferenceType } from 'discord.js'

import { cut } from '../../text/cut.ts'
import { nameOf } from './person-of.ts'

const LONGEST_QUOTE = 2_000
const MOST_QUOTES = 5

/** What a message stands next to, for the agent to read: what it answers, what it passes on, what is shown below it. */
export function quotesOf(message: Message): readonly string[] {
  const replied = repliedOf(message)
  const quotes = [
    replied &&
      quote(`In reply to ${replied.author ? nameOf(replied.author, replied.member) : 'somebody'}`, textOf(replied)),
    ...[...message.messageSnapshots.values()].map((snapshot) => quote('A forwarded message', textOf(snapshot))),
    ...message.embeds.map((embed) => quote('Shown with the message', embedText(embed))),
  ]
  return quotes.filter((one) => one !== undefined).slice(0, MOST_QUOTES)
}

/** The message that is replied to. Discord sends it along; what it did not send is not asked for. */
export function repliedOf({ reference, channel }: Message): Message | undefined {
  if (reference?.messageId === undefined || reference.type === MessageReferenceType.Forward) return undefined
  return channel.messages.cache.get(reference.messageId)
}

function textOf(message: Message | MessageSnapshot): string {
  const forwarded = [...(message.messageSnapshots?.values() ?? [])].map(({ content }) => content)
  const files = [...message.attachments.values()].map(({ name }) => `(a file: ${name})`)
  return [message.content, ...forwarded, ...message.embeds.map(embedText), ...files].filter(Boolean).join('\n')
}

function embedText({ author, title, url, description, fields, footer }: Embed): string {
  const named = fields.map(({ name, value }) => `${name}: ${value}`)
  return [author?.name, title, url, description, ...named, footer?.text].filter(Boolean).join('\n')
}

function quote(about: string, text: string): string | undefined {
  const whole = text.trim()
  if (whole === '') return undefined
  return `${about}:\n${cut(whole, LONGEST_QUOTE).replaceAll(/^/gm, '> ')}`
}

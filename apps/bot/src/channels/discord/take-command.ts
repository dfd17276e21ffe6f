import { type ChatInputCommandInteraction, MessageFlags } from 'discord.js'

import type { Asker } from '../../bot/bot.ts'
import { cut } from '../../text/cut.ts'
import { oneLine } from '../../text/one-line.ts'
import { fileOf } from './file-of.ts'
import { bodyOf, filesOf } from './message-body.ts'
import { partsOfText } from './parts-of.ts'
import { personOf } from './person-of.ts'
import { plainProblem } from './plain-problem.ts'
import type { TakeOptions } from './take-options.ts'

const NOT_HERE = 'I may not talk to you here. An owner of mine can change that.'
const NOT_TAKEN = 'I could not take this. Please try again in a while.'
const LONGEST_ECHO = 300

/** Does a slash command. Discord waits for three seconds: it is acknowledged before anything else is waited for. */
export async function takeCommand(interaction: ChatInputCommandInteraction, options: TakeOptions): Promise<void> {
  const { user, member, channelId, guildId, channel, commandName } = interaction
  const person = personOf(user, member)
  const parentId = channel?.isThread() === true ? (channel.parentId ?? undefined) : undefined
  if (!options.isAllowed({ channelId, parentId, isDirect: guildId === null }, person.id)) {
    await interaction.reply({ content: NOT_HERE, flags: MessageFlags.Ephemeral })
    return
  }
  const isAsk = commandName === 'ask'
  await interaction.deferReply(isAsk ? {} : { flags: MessageFlags.Ephemeral })
  const at = { channel: 'discord', place: channelId, ...(guildId !== null && { guild: guildId }) }
  try {
    if (isAsk) await ask(interaction, { person, at }, options)
    else await show(interaction, await options.bot.command(lineOf(interaction), { person, at }))
  } catch (error) {
    options.logger.error('a slash command of Discord could not be done', plainProblem(error))
    await interaction.editReply({ content: NOT_TAKEN })
  }
}

/** The answer comes by the outlet, as a message of its own, whatever happens to this process. */
async function ask(
  interaction: ChatInputCommandInteraction,
  from: Asker,
  { bot, fakeOrigin }: TakeOptions,
): Promise<void> {
  const text = interaction.options.getString('question', true)
  const file = interaction.options.getAttachment('file')
  const files = file === null ? [] : [fileOf(file, fakeOrigin)]
  await bot.say({ ...from, messageId: `discord:${interaction.id}`, text, files })
  await interaction.editReply({ ...shown(`> ${cut(oneLine(text), LONGEST_ECHO)}\nI am at work on it.`) })
}

/** `/agent gardener`, as people would write it. */
function lineOf({ commandName, options }: ChatInputCommandInteraction): string {
  const [option] = options.data
  if (option === undefined) return `/${commandName}`
  return `/${commandName} ${oneLine(String(option.value))}`
}

async function show(interaction: ChatInputCommandInteraction, markdown: string): Promise<void> {
  for (const [index, part] of partsOfText(markdown, 'answer.md').entries()) {
    const files = filesOf(part).map(({ name, data }) => ({ name, attachment: Buffer.from(String(data)) }))
    const message = { ...shown(part.text), files }
    if (index === 0) await interaction.editReply(message)
    else await interaction.followUp({ ...message, flags: [MessageFlags.Ephemeral, MessageFlags.SuppressEmbeds] })
  }
}

function shown(text: string) {
  const { content, flags } = bodyOf({ text })
  return { content, flags, allowedMentions: { parse: [] } } as const
}

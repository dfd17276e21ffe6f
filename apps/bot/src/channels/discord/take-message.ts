import { type Message, Routes } from 'discord.js'

import { incomingOf, isAddressed } from './incoming-of.ts'
import { bodyOf } from './message-body.ts'
import { plainProblem } from './plain-problem.ts'
import type { TakeOptions } from './take-options.ts'

/** Gives a message to the bot, if it is for it. */
export async function takeMessage(message: Message, options: TakeOptions): Promise<void> {
  await findParent(message)
  const incoming = incomingOf(message, options)
  if (incoming === undefined) return
  if (incoming.text === '' && incoming.files?.length === 0) {
    await answer(message, 'What can I do for you? Write it in the message that mentions me.')
    return
  }
  try {
    await options.bot.say(incoming)
  } catch (error) {
    options.logger.error('a message of Discord could not be taken', plainProblem(error))
    await answer(message, 'I could not take this message. Please send it again in a while.')
  }
}

/** Whether somebody may write in a thread depends on where it hangs, which Discord does not say of one that just woke up. */
async function findParent(message: Message): Promise<void> {
  const { channel } = message
  if (channel.isThread() && channel.parentId === null && isAddressed(message)) await channel.fetch()
}

async function answer({ client, channelId, id }: Message, text: string): Promise<void> {
  const reference = { message_reference: { message_id: id, fail_if_not_exists: false } }
  await client.rest.post(Routes.channelMessages(channelId), { body: { ...bodyOf({ text }), ...reference } })
}

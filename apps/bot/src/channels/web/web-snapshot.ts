import type { Bot } from '../../bot/bot.ts'
import type { Snapshot } from '../../view/conversation.ts'
import { Refusal } from './errors.ts'

/**
 * A conversation of the web chat; those of other channels are not its own.
 *
 * @throws Refusal when there is none
 */
export function webSnapshot(bot: Bot, id: string, options?: Parameters<Bot['snapshot']>[1]): Snapshot {
  const snapshot = bot.snapshot(id, options)
  if (snapshot?.conversation.channel !== 'web') throw new Refusal(404, 'There is no such conversation.')
  return snapshot
}

import { type ButtonInteraction, MessageFlags } from 'discord.js'

import { readButtonId } from '../../channel/button-id.ts'
import { partsOf } from './parts-of.ts'
import { personOf } from './person-of.ts'
import { plainProblem } from './plain-problem.ts'
import type { TakeOptions } from './take-options.ts'

const UPDATE_TIMEOUT_MS = 30_000

/** Takes the decision behind a button. Who may decide is the bot's to say; Discord waits three seconds for the first sign. */
export async function takePress(interaction: ButtonInteraction, { bot, outlet, logger }: TakeOptions): Promise<void> {
  const { user, member, customId, channelId, message } = interaction
  const isAcknowledged = await interaction.deferUpdate().then(
    () => true,
    (error: unknown) => {
      // What was pressed was meant: it is decided even if Discord has lost its patience.
      logger.warn('a button of Discord could not be acknowledged', plainProblem(error))
      return false
    },
  )
  const tell = async (content: string) => {
    const reply = { content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } } as const
    if (isAcknowledged) await interaction.followUp(reply)
  }
  const button = readButtonId(customId)
  if (button === undefined) return tell('This button is of no use any more.')
  try {
    const decided = await bot.decide(button.questionId, button.choice, personOf(user, member))
    if (!decided.isTaken) await tell(decided.message)
    // Also one that was decided elsewhere is shown as it is now.
    const part = decided.entry && partsOf(decided.entry)[0]
    if (part === undefined || (part.buttons ?? []).length > 0) return
    await outlet.update?.(channelId, message.id, part, { signal: AbortSignal.timeout(UPDATE_TIMEOUT_MS) })
  } catch (error) {
    logger.error('a decision of Discord could not be taken', plainProblem(error))
    await tell('I could not take this. Please press it again in a while.')
  }
}

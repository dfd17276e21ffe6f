import { type Clock, isolateLogger, type Logger, systemClock } from '@executus/core'
import { checkPort, checkText, checkTexts } from '@executus/core/check-option'
import type { Client, Interaction } from 'discord.js'

import type { Bot } from '../../bot/bot.ts'
import type { Channel } from '../../channel/channel.ts'
import { connect } from './connect.ts'
import { endConnection } from './end-connection.ts'
import { gateOf } from './gate.ts'
import { discordOutlet } from './outlet.ts'
import { plainProblem } from './plain-problem.ts'
import { registerCommands } from './slash-commands.ts'
import { takeCommand } from './take-command.ts'
import { takeMessage } from './take-message.ts'
import type { TakeOptions } from './take-options.ts'
import { takePress } from './take-press.ts'

export interface DiscordOptions {
  /** The bot's token; it is shown to nobody. */
  readonly token: string
  readonly isOwner: (personId: string) => boolean
  /** Ids of channels in which the bot answers everybody who mentions it, also in their threads. @default none */
  readonly channels?: readonly string[]
  /** Ids of people who may write to the bot directly. @default none but the owners */
  readonly people?: readonly string[]
  /** The server that slash commands are registered for. @default all that the bot is in */
  readonly guild?: string
  readonly logger: Logger
  /** Another Discord, such as the fake of the tests. */
  readonly rest?: { readonly api: string }
  /** @default the machine's */
  readonly clock?: Clock
}

/** How many interactions are remembered, so that one that Discord tells twice is done once. */
const MOST_REMEMBERED = 1_000

/** Discord as a way in and out of the bot. */
export function discordChannel(options: DiscordOptions): Channel {
  checkText('token', options.token)
  checkPort('discord', options, ['isOwner'])
  const { token, isOwner, channels = [], people = [], guild, rest, clock = systemClock } = options
  checkTexts('channels', channels)
  checkTexts('people', people)
  const logger = isolateLogger(options.logger)
  let client: Client<true> | undefined
  const closing = new AbortController()
  const outlet = discordOutlet({ client: () => client, clock })
  const isAllowed = gateOf({ isOwner, channels, people })
  const fakeOrigin = rest && new URL(rest.api).origin
  return {
    name: 'discord',
    outlet,
    async open(bot: Bot) {
      const taking: TakeOptions = { bot, outlet, logger, isAllowed, fakeOrigin }
      const isFresh = remember(MOST_REMEMBERED)
      client = await connect({
        token,
        api: rest?.api,
        logger,
        signal: closing.signal,
        onMessage: (message) => takeMessage(message, taking),
        onInteraction: async (interaction) => {
          if (isFresh(interaction.id)) await takeInteraction(interaction, taking)
        },
      })
      await registerCommands(client, guild).catch((error: unknown) =>
        logger.warn('the slash commands could not be registered with Discord', plainProblem(error)),
      )
    },
    async close() {
      closing.abort()
      const open = client
      client = undefined
      if (open !== undefined) await endConnection(open)
    },
  }
}

async function takeInteraction(interaction: Interaction, options: TakeOptions): Promise<void> {
  if (interaction.isButton()) await takePress(interaction, options)
  else if (interaction.isChatInputCommand()) await takeCommand(interaction, options)
}

/** Gives whether an id comes for the first time, as far back as is remembered. */
function remember(most: number): (id: string) => boolean {
  const ids = new Set<string>()
  return (id) => {
    if (ids.has(id)) return false
    ids.add(id)
    for (const oldest of ids) {
      if (ids.size <= most) break
      ids.delete(oldest)
    }
    return true
  }
}

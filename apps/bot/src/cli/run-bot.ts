import { userInfo } from 'node:os'

import { createRedactor, redactLogger } from '@executus/audit'
import { consoleLogger, type Logger } from '@executus/core'

import { createBot } from '../bot/create-bot.ts'
import { openInBrowser } from '../browser/open-in-browser.ts'
import type { Channel } from '../channel/channel.ts'
import { terminalChannel } from '../channels/terminal/terminal-channel.ts'
import { type WebChannel, webChannel } from '../channels/web/web-channel.ts'
import { webToken } from '../channels/web/web-token.ts'
import type { BotSettings } from '../config/bot-settings.ts'
import { readSettings } from '../config/read-settings.ts'
import { demoModel, demoSuggestions } from '../demo/demo-model.ts'
import type { Environment } from '../from-env.ts'
import { keepPid } from '../process/pid-file.ts'
import { stopSignals } from '../process/stop-signals.ts'
import { storageProblem } from '../process/storage-problem.ts'
import { watchFaults } from '../process/watch-faults.ts'
import { BOT_TOOL_NAMES } from '../tools/bot-tools.ts'
import type { Arguments } from './parse-arguments.ts'

/** What runs that are under way are given to come to a safe point when the bot stops. */
const GRACE_MS = 10_000

const SUGGESTIONS = ['What can you do?', 'What time is it in Oslo?', 'Every morning at 8 in Oslo, greet me']

/**
 * Runs the bot until somebody ends it.
 *
 * @throws ConfigFaults; StoreError and others when it cannot be opened
 */
export async function runBot(args: Arguments, environment: Environment): Promise<void> {
  const settings = await readSettings(args, environment, BOT_TOOL_NAMES)
  const { isDemo, timeZone, dataFolder } = settings
  const token = tokenIn(dataFolder)
  const logger = redactLogger(consoleLogger, createRedactor({ secrets: [...settings.secrets, token] }))
  const signals = stopSignals()
  const ignoreFaults = watchFaults(logger, signals.stop)
  const web = settings.web.isEnabled ? webChat(settings, token, logger) : undefined
  const channels = [...(web ? [web] : []), ...(await otherChannels(settings, logger, signals.stop))]
  const { close } = await createBot({
    settings,
    channels,
    secrets: [token],
    logger,
    suggestions: isDemo ? demoSuggestions : SUGGESTIONS,
    ...(isDemo && { model: demoModel({ timeZone }) }),
  }).catch((error: unknown) => {
    throw storageProblem(error, dataFolder)
  })
  const forgetPid = keepPid(dataFolder)
  // The terminal says so by itself.
  if (isDemo && web !== undefined)
    console.error(
      'No model is configured (ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL): a scripted demo answers.',
    )
  if (web !== undefined) {
    console.error(`The chat is at ${web.entryUrl}`)
    console.error('Ctrl-C stops the bot; what is under way goes on at the next start.')
    if (args.shouldOpen) {
      const desktop = { platform: process.platform, env: environment.variables, isTty: process.stdout.isTTY }
      void openInBrowser(web.invite(), desktop)
    }
  }
  const cause = await signals.stopped
  if (cause === 'signal') console.error('Stopping: what is under way comes to a safe point. Once more stops at once.')
  await close({ graceMs: GRACE_MS })
  forgetPid()
  signals.release()
  ignoreFaults()
}

function tokenIn(dataFolder: string): string {
  try {
    return webToken(dataFolder)
  } catch (error) {
    throw storageProblem(error, dataFolder)
  }
}

function webChat({ web: { port } }: BotSettings, token: string, logger: Logger): WebChannel {
  return webChannel({ port, token, logger, person: { id: 'web:owner', name: 'You' } })
}

async function otherChannels(settings: BotSettings, logger: Logger, stop: () => void): Promise<readonly Channel[]> {
  const { terminal, discordToken, discord, owners } = settings
  const channels: Channel[] = []
  if (terminal.isEnabled)
    channels.push(terminalChannel({ person: { id: 'terminal:owner', name: userInfo().username }, onClose: stop }))
  if (discordToken !== undefined) {
    // Only who uses it loads the client.
    const { discordChannel } = await import('../channels/discord/discord-channel.ts')
    const isOwner = (id: string) => owners.includes(id)
    channels.push(discordChannel({ ...discord, token: discordToken, isOwner, logger }))
  }
  return channels
}

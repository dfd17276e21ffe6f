// A chat bot on executus: npm run bot
import { readFileSync } from 'node:fs'

import { checkConfiguration } from './cli/check-configuration.ts'
import { parseArguments, UsageError } from './cli/parse-arguments.ts'
import { runBot } from './cli/run-bot.ts'
import { ConfigFaults } from './config/errors.ts'
import { environmentFrom } from './from-env.ts'
import { BOT_TOOL_NAMES } from './tools/bot-tools.ts'

try {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/../package.json`, 'utf8')) as { version: string }
  const args = parseArguments(process.argv.slice(2), version)
  if (args.isCheck) {
    const { text, exitCode } = await checkConfiguration(args, environmentFrom(), BOT_TOOL_NAMES)
    if (exitCode === 0 || args.isJson) console.log(text)
    else console.error(text)
    process.exitCode = exitCode
  } else await runBot(args, environmentFrom())
} catch (error) {
  const isOurs = error instanceof UsageError || ConfigFaults.is(error)
  if (error instanceof UsageError && error.isHelp) console.log(error.message)
  else {
    console.error((error as Error).message)
    process.exitCode = isOurs ? 2 : 1
  }
}

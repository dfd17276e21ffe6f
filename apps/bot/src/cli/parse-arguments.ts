import { parseArgs } from 'node:util'

import type { SettingsFlags } from '../config/settings-from.ts'
import { PORT_WORDS } from '../config/words.ts'
import { OPTIONS } from './options.ts'
import { USAGE } from './usage.ts'

/** A command line as it was meant. */
export interface Arguments extends SettingsFlags {
  /** Whether the browser is opened, where there is one. */
  readonly shouldOpen: boolean
  /** Whether the configuration is shown, and nothing is started. */
  readonly isCheck: boolean
  readonly isJson: boolean
}

/** The command line was wrong, or asked for help: what to print, and where. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly isHelp: boolean

  constructor(message: string, isHelp = false) {
    super(isHelp ? message : `${message}\n\n${USAGE.split('\n\n')[0]}\n(--help says more)`)
    this.isHelp = isHelp
  }
}

/** @throws UsageError */
export function parseArguments(argv: readonly string[], version: string): Arguments {
  const { config, data, port, ...values } = read(argv)
  if (values.help) throw new UsageError(USAGE, true)
  if (values.version) throw new UsageError(version, true)
  if (values.json && !values.check) throw new UsageError('--json goes with --check')
  if (values.terminal && port !== undefined)
    throw new UsageError('--port is of the web chat, which --terminal takes the place of')
  return {
    ...(config !== undefined && { config: named('--config', 'a file', config) }),
    ...(data !== undefined && { dataFolder: named('--data', 'a folder', data) }),
    ...(port !== undefined && { port: portOf(port) }),
    isTerminal: values.terminal,
    shouldOpen: !values['no-open'] && !values.terminal,
    isCheck: values.check,
    isJson: values.json,
  }
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true, allowPositionals: false }).values
  } catch (error) {
    // What else node:util says is about arguments that are not options, and of those we take none.
    throw new UsageError((error as Error).message.split(/\. (?:To specify|This command)|\.?\n/)[0]!)
  }
}

function named(option: string, what: string, text: string): string {
  // What a script's empty variable was not to say.
  if (text.trim() === '') throw new UsageError(`Expected ${option} to name ${what}, got ${JSON.stringify(text)}`)
  return text
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new UsageError(`Expected --port to be ${PORT_WORDS}, got ${JSON.stringify(text)}`)
}

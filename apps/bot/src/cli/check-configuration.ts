import type { ExplainedSetting } from '@executus/core'

import { ConfigFaults } from '../config/errors.ts'
import { readExplained } from '../config/read-settings.ts'
import type { Environment } from '../from-env.ts'
import { cut } from '../text/cut.ts'
import { oneLine } from '../text/one-line.ts'
import type { Arguments } from './parse-arguments.ts'

/** What `--check` prints, and how the program ends. */
export interface CheckReport {
  readonly text: string
  readonly exitCode: 0 | 2
}

/** Looks whether the bot could be started as it is configured, and tells of each setting why it is as it is. */
export async function checkConfiguration(
  args: Arguments,
  environment: Environment,
  toolNames: readonly string[],
): Promise<CheckReport> {
  try {
    const { settings, explained } = await readExplained(args, environment, toolNames)
    const { configFile, isDemo } = settings
    if (args.isJson)
      return { text: JSON.stringify({ configFile, isDemo, settings: explained }, undefined, 2), exitCode: 0 }
    const demo = isDemo ? ['No model is configured: the scripted demo answers.'] : []
    return { text: [`${configFile} is right.`, ...demo, '', ...table(explained)].join('\n'), exitCode: 0 }
  } catch (error) {
    if (!ConfigFaults.is(error)) throw error
    const { faults, configFile, message } = error
    const text = args.isJson ? JSON.stringify({ configFile, faults }, undefined, 2) : message
    return { text, exitCode: 2 }
  }
}

/** Wide enough for all but lists of names. */
const WIDEST = 60

function table(explained: readonly ExplainedSetting[]): readonly string[] {
  const rows = explained.map(({ setting, value, source, overrules = [] }) => [
    setting,
    cut(harmless(value), WIDEST),
    overrules.length === 0 ? source : `${source} (and not ${overrules.join(', ')})`,
  ])
  const [settings, values] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  return [['setting', 'value', 'source'], ...rows].map(
    ([setting, value, source]) => `${setting!.padEnd(settings!)}  ${value!.padEnd(values!)}  ${source}`,
  )
}

/** What a file says may move the cursor, and ends no line of ours. */
function harmless(value: string): string {
  return oneLine(value).replaceAll(/\p{C}/gu, '')
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { environmentFrom } from '../from-env.ts'
import { tempFolder } from '../temp-folder.test-kit.ts'
import type { BotSettings } from './bot-settings.ts'
import { ConfigFaults } from './errors.ts'
import { readExplained } from './read-settings.ts'
import type { SettingsFlags } from './settings-from.ts'

/** The tools of a bot that exists in tests alone. */
export const TOOLS: readonly string[] = ['web_fetch', 'current_time', 'save_note']

/** A folder with these files, until the test is over. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = tempFolder()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

export interface Scene {
  /** What `bot.config.json` says. @default {} */
  readonly file?: unknown
  readonly env?: Readonly<Record<string, string>>
  readonly flags?: Partial<SettingsFlags>
  /** @default one with `file` in it */
  readonly cwd?: string
}

/** Reads as the program does, in a folder of its own. */
export function readIn({ file = {}, env = {}, flags = {}, cwd }: Scene) {
  const folder = cwd ?? folderWith({ 'bot.config.json': JSON.stringify(file) })
  return readExplained({ isTerminal: false, ...flags }, environmentFrom(env, folder), TOOLS)
}

export async function settingsOf(scene: Scene): Promise<BotSettings> {
  return (await readIn(scene)).settings
}

/** What is wrong, a line each; nothing when all is right. */
export async function faultsOf(scene: Scene): Promise<readonly string[]> {
  try {
    await readIn(scene)
    return []
  } catch (error) {
    if (ConfigFaults.is(error)) return error.faults
    throw error
  }
}

import { existsSync } from 'node:fs'

import type { ExplainedSetting } from '@executus/core'

import type { Environment } from '../from-env.ts'
import { type BotSettings, deepFreeze } from './bot-settings.ts'
import { checkConfig } from './check-config.ts'
import { readConfigFile } from './config-file.ts'
import { Decider } from './decider.ts'
import { ConfigFaults } from './errors.ts'
import { isDemo, readModels } from './model-settings.ts'
import { settingsFrom, type SettingsFlags } from './settings-from.ts'

/**
 * Reads the configuration. Each setting is the command line's, else the environment's, else the file's, else a default;
 * owners of the environment and of the file are all owners. `toolNames` are those of all tools that the bot has.
 *
 * @throws ConfigFaults with all that is wrong
 */
export async function readSettings(
  flags: SettingsFlags,
  environment: Environment,
  toolNames: readonly string[],
): Promise<BotSettings> {
  return (await readExplained(flags, environment, toolNames)).settings
}

/**
 * The settings, and where each comes from: to be printed, as no secret is in `explained`.
 *
 * @throws ConfigFaults with all that is wrong
 */
export async function readExplained(
  flags: SettingsFlags,
  environment: Environment,
  toolNames: readonly string[],
): Promise<{ readonly settings: BotSettings; readonly explained: readonly ExplainedSetting[] }> {
  const file = await readConfigFile(flags.config, environment)
  // The rest is looked at all the same when nothing can be read.
  const checked = checkConfig(file.faults.length === 0 ? file.value : {}, toolNames)
  const { models, explained, faults } = readModels(environment.variables, checked.models, checked.agentTiers)
  const decider = new Decider()
  const sources = { flags, environment, config: checked.config, configFile: file.path, toolNames }
  const settings = settingsFrom(sources, decider)
  const all = [...file.faults, ...checked.faults, ...environment.faults, ...faults, ...crossFaults(settings)]
  if (all.length > 0) throw new ConfigFaults(all, checked.faults.length > 0 ? file.path : undefined)
  return {
    settings: deepFreeze({ ...settings, models, isDemo: isDemo(models) }),
    explained: [...decider.explained, ...explained],
  }
}

function crossFaults({
  web,
  terminal,
  discordToken,
  skills,
}: Omit<BotSettings, 'models' | 'isDemo'>): readonly string[] {
  const isReachable = web.isEnabled || terminal.isEnabled || discordToken !== undefined
  return [
    ...(isReachable
      ? []
      : [
          'Expected a way to talk to the bot: set `web.isEnabled` to true or `DISCORD_TOKEN` to a token, or say --terminal',
        ]),
    ...skills.folders.flatMap((folder, index) =>
      existsSync(folder) ? [] : [`Expected \`skills.folders[${index}]\` to be a folder, and there is no \`${folder}\``],
    ),
  ]
}

import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import { DEFAULT_TIER } from '@executus/core'

import { builtInAgents } from '../agents/built-in-agents.ts'
import type { Environment } from '../from-env.ts'
import type { AgentConfig, BotConfig } from './bot-config.ts'
import type { BotSettings } from './bot-settings.ts'
import type { Decider, Said } from './decider.ts'
import { DATA_FOLDER, DEFAULTS, SKILLS_FOLDER } from './defaults.ts'

/** What the command line says about settings. */
export interface SettingsFlags {
  /** Where the config file is. */
  readonly config?: string
  readonly dataFolder?: string
  readonly port?: number
  /** Whether people talk in the terminal, in place of the web chat. */
  readonly isTerminal: boolean
}

/** Everything that settings come from. */
export interface SettingsSources {
  readonly flags: SettingsFlags
  readonly environment: Environment
  readonly config: BotConfig
  readonly configFile: string
  /** Of all tools that the bot has. */
  readonly toolNames: readonly string[]
}

type OwnSettings = Omit<BotSettings, 'models' | 'isDemo'>

/** All settings but the models'; `decider` is told why each is as it is. */
export function settingsFrom(sources: SettingsSources, decider: Decider): OwnSettings {
  const { flags, environment, config, configFile, toolNames } = sources
  const { web = {}, discord = {}, skills = {}, budget = {}, approvals = {}, attachments = {}, runs = {} } = config
  const inFile = (path: string) => resolve(dirname(configFile), path)
  const here = (path: string | undefined) => (path === undefined ? undefined : resolve(environment.cwd, path))
  const said = <Value>(value: Value | undefined): Said<Value> => ['file', value]
  const pick = decider.pick.bind(decider)

  return {
    configFile,
    dataFolder: pick(
      'dataFolder',
      inFile(DATA_FOLDER),
      ['--data', here(flags.dataFolder)],
      ['EXECUTUS_BOT_DATA', here(environment.dataFolder)],
      said(config.dataFolder === undefined ? undefined : inFile(config.dataFolder)),
    ),
    owners: decider.join('owners', said(config.owners), ['EXECUTUS_BOT_OWNERS', environment.owners]),
    web: {
      isEnabled: pick(
        'web.isEnabled',
        DEFAULTS.web.isEnabled,
        ['--terminal', flags.isTerminal ? false : undefined],
        said(web.isEnabled),
      ),
      port: pick(
        'web.port',
        DEFAULTS.web.port,
        ['--port', flags.port],
        ['EXECUTUS_BOT_PORT', environment.port],
        said(web.port),
      ),
    },
    terminal: { isEnabled: pick('terminal.isEnabled', false, ['--terminal', flags.isTerminal || undefined]) },
    ...tokenFrom(environment, decider),
    discord: {
      channels: pick('discord.channels', [], said(discord.channels)),
      people: pick('discord.people', [], said(discord.people)),
      ...guildFrom(config, decider),
    },
    agents: agentsFrom(config, toolNames, decider),
    skills: {
      folders: pick(
        'skills.folders',
        [inFile(SKILLS_FOLDER)].filter((folder) => existsSync(folder)),
        said(skills.folders?.map(inFile)),
      ),
      trustedDigests: pick('skills.trustedDigests', [], said(skills.trustedDigests)),
    },
    budget: {
      perPerson: pick('budget.perPerson', DEFAULTS.budget.perPerson, said(budget.perPerson)),
      extraTokens: pick('budget.extraTokens', DEFAULTS.budget.extraTokens, said(budget.extraTokens)),
    },
    approvals: {
      ttlMinutes: pick('approvals.ttlMinutes', DEFAULTS.approvals.ttlMinutes, said(approvals.ttlMinutes)),
      askFor: pick('approvals.askFor', DEFAULTS.approvals.askFor, said(approvals.askFor)),
    },
    attachments: {
      maxFileBytes: pick('attachments.maxFileBytes', DEFAULTS.attachments.maxFileBytes, said(attachments.maxFileBytes)),
      maxFiles: pick('attachments.maxFiles', DEFAULTS.attachments.maxFiles, said(attachments.maxFiles)),
    },
    runs: {
      concurrency: pick('runs.concurrency', DEFAULTS.runs.concurrency, said(runs.concurrency)),
      maxSteps: pick('runs.maxSteps', DEFAULTS.runs.maxSteps, said(runs.maxSteps)),
      timeoutMinutes: pick('runs.timeoutMinutes', DEFAULTS.runs.timeoutMinutes, said(runs.timeoutMinutes)),
    },
    keepDays: pick('keepDays', DEFAULTS.keepDays, said(config.keepDays)),
    timeZone: pick('timeZone', Intl.DateTimeFormat().resolvedOptions().timeZone, said(config.timeZone)),
    secrets: environment.secrets,
  }
}

function agentsFrom(
  { agents }: BotConfig,
  toolNames: readonly string[],
  decider: Decider,
): readonly Required<AgentConfig>[] {
  const source = agents === undefined ? 'default' : 'file'
  return (agents ?? builtInAgents).map(({ name, description, instructions, tier, tools }, index) => {
    decider.note(`agents[${index}].name`, name, source)
    decider.note(`agents[${index}].tier`, tier ?? DEFAULT_TIER, tier === undefined ? 'default' : source)
    decider.note(`agents[${index}].tools`, tools ?? 'all', tools === undefined ? 'default' : source)
    return { name, description, instructions, tier: tier ?? DEFAULT_TIER, tools: [...(tools ?? toolNames)] }
  })
}

function guildFrom({ discord }: BotConfig, decider: Decider): Pick<BotSettings['discord'], 'guild'> {
  const guild = decider.pick('discord.guild', undefined, ['file', discord?.guild])
  return guild === undefined ? {} : { guild }
}

function tokenFrom({ discordToken }: Environment, decider: Decider): Pick<BotSettings, 'discordToken'> {
  if (discordToken === undefined) {
    decider.note('discordToken', undefined, 'default')
    return {}
  }
  decider.note('discordToken', `set, ${discordToken.length} characters`, 'DISCORD_TOKEN')
  return { discordToken }
}

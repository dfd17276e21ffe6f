import type { ModelConfig } from '@executus/core'

import type { AgentConfig, BotConfig, BudgetLimitConfig } from './bot-config.ts'

/** A whole part of the config file: all that may be left out of it is filled in. */
type Whole<Part extends keyof BotConfig> = Required<NonNullable<BotConfig[Part]>>

/** The configuration as the bot uses it: checked, complete, and frozen. It holds secrets, so it is never printed. */
export interface BotSettings {
  /** Where the config file is. */
  readonly configFile: string
  /** An absolute path. */
  readonly dataFolder: string
  /** Those of the file and those of the environment. */
  readonly owners: readonly string[]
  /** Ready to be spread into `createExecutor`. */
  readonly models: ModelConfig
  /** Whether the tier `fast` stands for nothing, so that only the scripted model can answer. */
  readonly isDemo: boolean
  readonly web: Whole<'web'>
  /** Whether people talk in the terminal, in place of the web chat. */
  readonly terminal: { readonly isEnabled: boolean }
  /** Without it, Discord is off. */
  readonly discordToken?: string
  readonly discord: Omit<Whole<'discord'>, 'guild'> & { readonly guild?: string }
  /** At least one; the first is the one that answers. */
  readonly agents: readonly Required<AgentConfig>[]
  /** Folders as absolute paths. */
  readonly skills: Whole<'skills'>
  readonly budget: { readonly perPerson: readonly BudgetLimitConfig[]; readonly extraTokens: number }
  readonly approvals: Whole<'approvals'>
  readonly attachments: Whole<'attachments'>
  readonly runs: Whole<'runs'>
  readonly keepDays: number
  readonly timeZone: string
  /** All secrets of the environment, for whoever takes them out of texts: keys, tokens, passwords. */
  readonly secrets: readonly string[]
}

/** The same object, which nobody can change any more, at any depth. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}

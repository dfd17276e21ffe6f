/**
 * What the config file of a bot says; all of it is optional. Secrets are not among it: they come from the environment.
 *
 * @see defineBotConfig
 */
export interface BotConfig {
  /** Where the bot keeps everything; a relative one is beside the config file. @default 'bot-data' */
  readonly dataFolder?: string
  /** Ids of those who may decide everything: `discord:1234`. Who uses the web chat or the terminal is one. */
  readonly owners?: readonly string[]
  /** Which models a tier stands for, as llm's `fromEnv` reads them: `{ fast: 'anthropic/claude-haiku-4-5' }`. */
  readonly tiers?: Readonly<Record<string, string | readonly string[]>>
  /** Servers of one's own, by name; their keys are `EXECUTUS_PROVIDER_<NAME>_API_KEY` in the environment. */
  readonly providers?: Readonly<Record<string, { readonly baseUrl?: string; readonly api?: string }>>
  /** What is known about models, by spec: `{ 'local/qwen3': { contextWindow: 32_000, price: { inputUsd: 0, outputUsd: 0 } } }`. */
  readonly models?: Readonly<Record<string, unknown>>
  readonly web?: {
    /** @default true */
    readonly isEnabled?: boolean
    /** On 127.0.0.1; 0 takes any that is free. @default 4310 */
    readonly port?: number
  }
  readonly discord?: {
    /** Channels whose messages that mention the bot are answered. @default none: owners and direct messages of owners alone */
    readonly channels?: readonly string[]
    /** People who may write to the bot directly. @default none but the owners */
    readonly people?: readonly string[]
    /** A server whose slash commands are registered at once; without it they are registered for all, which may take an hour. */
    readonly guild?: string
  }
  /** The agents that come with the bot; the first is the one that answers. @default an assistant and a researcher */
  readonly agents?: readonly AgentConfig[]
  readonly skills?: {
    /** Folders of Agent Skills, from the config file on. @default the one beside the config file named `skills`, if it is there */
    readonly folders?: readonly string[]
    /** Digests (`sha256-…`) of those that models may see; those that come with the bot are trusted. */
    readonly trustedDigests?: readonly string[]
  }
  readonly budget?: {
    /** What each person may take; an empty list bounds nothing. @default 200,000 tokens a day */
    readonly perPerson?: readonly BudgetLimitConfig[]
    /** What an owner's yes adds. In tokens. @default 50_000 */
    readonly extraTokens?: number
  }
  readonly approvals?: {
    /** Minutes after which a question counts as declined. @default 30 */
    readonly ttlMinutes?: number
    /** Patterns of tool names that need a yes, beside those that say so by themselves; `*` is any text. @default none */
    readonly askFor?: readonly string[]
  }
  readonly attachments?: {
    /** Bytes of one file. @default 8_388_608 */
    readonly maxFileBytes?: number
    /** Files of one message. @default 6 */
    readonly maxFiles?: number
  }
  readonly runs?: {
    /** How many are under way at once, fair between people. @default 8 */
    readonly concurrency?: number
    /** Model calls of one run. @default 25 */
    readonly maxSteps?: number
    /** Minutes of work of one run. @default 10 */
    readonly timeoutMinutes?: number
  }
  /** Days after which ended runs, their audit and files are forgotten; what was said stays. @default 90 */
  readonly keepDays?: number
  /** Of schedules and budgets that name none: `Europe/Oslo`. @default the machine's */
  readonly timeZone?: string
}

export interface AgentConfig {
  /** What people call it by, so capitals do not count. */
  readonly name: string
  /** What people and other agents read about it. */
  readonly description: string
  /** The system prompt. */
  readonly instructions: string
  /** A tier's name, or a chain of model specs. @default 'fast' */
  readonly tier?: string
  /** Names of the bot's tools. @default all */
  readonly tools?: readonly string[]
}

/** An amount for each window of one kind; a limit names at least one. */
export interface BudgetLimitConfig {
  readonly window: 'hour' | 'day' | 'week' | 'month'
  readonly tokens?: number
  readonly runs?: number
  /** A run whose model has no known price is refused where money is limited. */
  readonly costUsd?: number
}

/** Gives `config` as it is, and lets an editor check it while it is written. */
export function defineBotConfig(config: BotConfig): BotConfig {
  return config
}

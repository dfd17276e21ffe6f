import { z } from 'zod'

import type { AgentConfig, BotConfig, BudgetLimitConfig } from './bot-config.ts'
import { isTimeZone } from './is-time-zone.ts'
import { OWNER, OWNER_WORDS, PORT_WORDS } from './words.ts'

// Each schema's message says what a value ought to be; `checkConfig` makes a line of it. The values of tiers, providers
// and models are llm's to judge.

/** What a config file may say, in a bot that has tools of these names. */
export function configSchema(toolNames: readonly string[]): z.ZodType<BotConfig> {
  const agent = part<AgentConfig>('an agent', {
    name: text('a name of 1 to 64 characters, without spaces around it', (name) =>
      /^(?!\s)[^\p{C}]{1,64}(?<!\s)$/u.test(name),
    ),
    description: text('a text that is not blank', isSaid),
    instructions: text('a text that is not blank', isSaid),
    tier: text('a tier, or a chain of model specs', isSaid).optional(),
    tools: list('a list of tool names', oneOf('one of the tools of the bot', toolNames)).optional(),
  })

  return part<BotConfig>('an object of settings', {
    dataFolder: text('a folder', isSaid).optional(),
    owners: list(
      'a list of owners',
      text(OWNER_WORDS, (owner) => OWNER.test(owner)),
    ).optional(),
    tiers: z.custom<NonNullable<BotConfig['tiers']>>().optional(),
    providers: z
      .record(
        z.string(),
        part<{ readonly baseUrl?: string; readonly api?: string }>('an object of settings', {
          baseUrl: z.custom<string>().optional(),
          api: z.custom<string>().optional(),
        }),
        { error: 'an object of providers' },
      )
      .optional(),
    models: z.custom<NonNullable<BotConfig['models']>>().optional(),
    web: part<NonNullable<BotConfig['web']>>('an object of settings', {
      isEnabled: z.boolean({ error: '`true` or `false`' }).optional(),
      port: whole(PORT_WORDS, 0, 65_535).optional(),
    }).optional(),
    discord: part<NonNullable<BotConfig['discord']>>('an object of settings', {
      channels: list('a list of ids of channels', discordId()).optional(),
      people: list('a list of ids of people', discordId()).optional(),
      guild: discordId().optional(),
    }).optional(),
    agents: list('a list of at least one agent', agent, 1).optional(),
    skills: part<NonNullable<BotConfig['skills']>>('an object of settings', {
      folders: list('a list of folders', text('a folder', isSaid)).optional(),
      trustedDigests: list(
        'a list of digests',
        text('a digest: `sha256-` and 64 hexadecimal digits', (digest) => /^sha256-[0-9a-f]{64}$/.test(digest)),
      ).optional(),
    }).optional(),
    budget: part<NonNullable<BotConfig['budget']>>('an object of settings', {
      perPerson: list('a list of limits', limit()).optional(),
      extraTokens: whole('an integer of 1 or more', 1).optional(),
    }).optional(),
    approvals: part<NonNullable<BotConfig['approvals']>>('an object of settings', {
      ttlMinutes: minutes().optional(),
      askFor: list('a list of patterns of tool names', pattern(toolNames)).optional(),
    }).optional(),
    attachments: part<NonNullable<BotConfig['attachments']>>('an object of settings', {
      maxFileBytes: whole('an integer of 1 or more', 1).optional(),
      maxFiles: whole('an integer of 0 or more', 0).optional(),
    }).optional(),
    runs: part<NonNullable<BotConfig['runs']>>('an object of settings', {
      concurrency: whole('an integer of 1 or more', 1).optional(),
      maxSteps: whole('an integer of 1 or more', 1).optional(),
      timeoutMinutes: minutes().optional(),
    }).optional(),
    keepDays: whole('a number of days from 1 to 36500', 1, 36_500).optional(),
    timeZone: z
      .string({ error: ZONE_WORDS })
      .refine(isTimeZone, { error: ZONE_WORDS, params: { choices: Intl.supportedValuesOf('timeZone') } })
      .optional(),
  })
}

/** A schema for each field, and none for anything else. */
type Fields<Whole> = {
  readonly [Key in keyof Whole]-?: z.ZodType<object extends Pick<Whole, Key> ? Whole[Key] | undefined : Whole[Key]>
}

/** A plain object of these settings and no others: the entries of a `Map` would be overlooked. */
function part<Whole extends object>(what: string, fields: Fields<Whole>): z.ZodType<Whole> {
  const known = Object.keys(fields).join(' ')
  // zod tells which keys there are not, and this is how it is told which there are.
  const error = ({ code }: { readonly code?: string | undefined }) => (code === 'unrecognized_keys' ? known : what)
  return z.custom<object>(isPlain, what).pipe(z.strictObject(fields, { error })) as unknown as z.ZodType<Whole>
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function list<Item>(what: string, item: z.ZodType<Item>, least = 0): z.ZodType<readonly Item[]> {
  return z.array(item, { error: what }).min(least, { error: what })
}

function text(what: string, isRight: (value: string) => boolean): z.ZodType<string> {
  return z.string({ error: what }).refine(isRight, { error: what })
}

function oneOf(what: string, choices: readonly string[]): z.ZodType<string> {
  return z.string({ error: what }).refine((value) => choices.includes(value), { error: what, params: { choices } })
}

function whole(what: string, least: number, most = Number.MAX_SAFE_INTEGER): z.ZodType<number> {
  return z.int({ error: what }).min(least, { error: what }).max(most, { error: what })
}

/** A week at most: who has not come back by then has forgotten it. */
function minutes(): z.ZodType<number> {
  const what = 'a number of minutes: more than 0, and 10080 at most'
  return z.number({ error: what }).gt(0, { error: what }).max(10_080, { error: what })
}

function isSaid(value: string): boolean {
  return value.trim() !== ''
}

/** Ids are larger than the integers that a number holds exactly. */
function discordId(): z.ZodType<string> {
  return text('an id of Discord: digits, in quotes', (id) => /^\d{1,20}$/.test(id))
}

function limit(): z.ZodType<BudgetLimitConfig> {
  const windows = ['hour', 'day', 'week', 'month'] as const
  const what = 'a limit: a window, and at least one of tokens, runs and costUsd'
  return part<BudgetLimitConfig>(what, {
    window: z.enum(windows, { error: `one of ${windows.join(', ')}` }),
    tokens: whole('an integer of 1 or more', 1).optional(),
    runs: whole('an integer of 1 or more', 1).optional(),
    costUsd: z.number({ error: 'more than 0' }).gt(0, { error: 'more than 0' }).optional(),
  }).refine(({ tokens, runs, costUsd }) => (tokens ?? runs ?? costUsd) !== undefined, { error: what })
}

/** A pattern that fits nothing is a mistake of its writer, who believes that a tool is asked for. */
function pattern(toolNames: readonly string[]): z.ZodType<string> {
  const what = 'a tool of the bot, or a pattern that fits one'
  return z.string({ error: what }).refine(
    (value) => {
      if (!/^[\w*-]+$/.test(value)) return false
      const fits = new RegExp(`^${value.replaceAll(/\*+/g, '.*')}$`)
      return toolNames.some((name) => fits.test(name))
    },
    { error: what, params: { choices: toolNames } },
  )
}

const ZONE_WORDS = 'a time zone like `Europe/Oslo`'

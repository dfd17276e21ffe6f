import { DEFAULT_TIER } from '@executus/core'
import type { z } from 'zod'

import type { BotConfig } from './bot-config.ts'
import { configSchema } from './config-schema.ts'
import { fault, nearestOf, settingName } from './fault.ts'

/** What a config file says, as far as it is right, and all that is wrong with it. */
export interface CheckedConfig {
  /** Without the sections in which something is wrong. */
  readonly config: BotConfig
  /** Tiers, providers and models, for llm to judge; of the providers, those that are right so far. */
  readonly models: Readonly<Record<string, unknown>>
  /** The tiers that agents name, whatever else is wrong with them, as `agents[0].tier`. */
  readonly agentTiers: ReadonlyMap<string, string>
  readonly faults: readonly string[]
}

/** Looks at all that a config file says; what is fit to be used is a copy. */
export function checkConfig(value: unknown, toolNames: readonly string[]): CheckedConfig {
  const schema = configSchema(toolNames)
  const checked = schema.safeParse(value)
  const issues = checked.error?.issues ?? []
  const faults = [...issues.flatMap((issue) => faultsOf(issue, value)), ...nameFaults(value)]
  return {
    config: checked.data ?? schema.safeParse(soundPart(value, issues)).data ?? {},
    models: modelsIn(value),
    agentTiers: new Map(agentsIn(value).flatMap((agent, index) => tierOf(agent, index))),
    faults: [...new Set(faults)], // two checks of one value say the same
  }
}

/** What else is wrong can be told of the sections that are right. */
function soundPart(whole: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const wrong = new Set(
    issues.flatMap(({ path: [section], ...issue }) => section ?? ('keys' in issue ? issue.keys : [])),
  )
  if (typeof whole !== 'object' || whole === null) return {}
  return Object.fromEntries(Object.entries(whole).filter(([section]) => !wrong.has(section)))
}

function faultsOf(issue: z.core.$ZodIssue, whole: unknown): readonly string[] {
  const { path, message } = issue
  if (issue.code === 'unrecognized_keys') {
    const known = message.split(' ')
    return issue.keys.map((key) => unknownKey([...path, key], known, at(whole, [...path, key])))
  }
  const setting = path.length === 0 ? 'config' : settingName(path)
  return [fault(setting, message, at(whole, path), choicesOf(issue))]
}

function choicesOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code !== 'custom') return []
  return (issue.params as { readonly choices?: readonly string[] } | undefined)?.choices ?? []
}

const SECRET = /api_?key|secret|password|^(discord_?|bot_?)?token$/i

function unknownKey(path: readonly PropertyKey[], known: readonly string[], value: unknown): string {
  const setting = settingName(path)
  const key = String(path.at(-1))
  if (SECRET.test(key) && typeof value === 'string')
    return `\`${setting}\` is a secret: take it out of the file, and set ${variableFor(path)} in the environment`
  const nearest = nearestOf(key, known)
  const hint = nearest === undefined ? '' : `. Did you mean \`${settingName([...path.slice(0, -1), nearest])}\`?`
  return `There is no setting \`${setting}\`${hint}`
}

const VENDOR_KEYS: Readonly<Record<string, string>> = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  'openai-chat': 'OPENAI_API_KEY',
}

function variableFor(path: readonly PropertyKey[]): string {
  const [section, name] = path.map(String)
  if (section === 'providers' && path.length === 3)
    return `\`${VENDOR_KEYS[name!] ?? `EXECUTUS_PROVIDER_${name!.toUpperCase().replaceAll('-', '_')}_API_KEY`}\``
  return section === 'discord' || /token$/i.test(section!) ? '`DISCORD_TOKEN`' : 'it'
}

/** Agents that cannot be told apart; looked for in what is not checked yet, so that it is told with all the rest. */
function nameFaults(whole: unknown): readonly string[] {
  const seen = new Map<string, number>()
  return agentsIn(whole).flatMap((agent, index) => {
    const name = at(agent, ['name'])
    if (typeof name !== 'string') return []
    const key = name.normalize('NFKC').toLowerCase()
    const before = seen.get(key)
    if (before === undefined) seen.set(key, index)
    return before === undefined
      ? []
      : [`Expected \`agents[${index}].name\` to be another than \`agents[${before}].name\``]
  })
}

function agentsIn(whole: unknown): readonly unknown[] {
  const agents = at(whole, ['agents'])
  return Array.isArray(agents) ? (agents as readonly unknown[]) : []
}

function tierOf(agent: unknown, index: number): readonly (readonly [string, string])[] {
  const tier = at(agent, ['tier']) ?? DEFAULT_TIER
  return typeof tier === 'string' && tier.trim() !== '' ? [[`agents[${index}].tier`, tier]] : []
}

/** Only what llm is to judge: what else stands there is told by the schema, and would be told twice. */
function modelsIn(whole: unknown): Readonly<Record<string, unknown>> {
  const providers = Object.entries(at(whole, ['providers']) ?? {}).flatMap(([name, given]) =>
    typeof given === 'object' && given !== null
      ? [[name, { baseUrl: at(given, ['baseUrl']), api: at(given, ['api']) }] as const]
      : [],
  )
  return { tiers: at(whole, ['tiers']), models: at(whole, ['models']), providers: Object.fromEntries(providers) }
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Readonly<Record<PropertyKey, unknown>>)[key]
  }
  return found
}

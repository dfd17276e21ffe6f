import {
  createExecutor,
  DEFAULT_TIER,
  explain,
  type ExplainedSetting,
  fromEnv,
  type ModelConfig,
  type TiersConfig,
} from '@executus/core'

import { fault, kindOf, nearestOf, settingName } from './fault.ts'

/** The models that the environment and the file describe, and why they are these. */
export interface ModelSettings {
  readonly models: ModelConfig
  readonly explained: readonly ExplainedSetting[]
  readonly faults: readonly string[]
}

/** Reads models; `agentTiers` is what agents name, by the name of the setting. */
export function readModels(
  variables: Readonly<Record<string, string | undefined>>,
  file: unknown,
  agentTiers: ReadonlyMap<string, string>,
): ModelSettings {
  try {
    const models = fromEnv(variables, file)
    const explained = explain(variables, file)
    return { models, explained, faults: tierFaults(models, explained, agentTiers) }
  } catch (error) {
    return { models: { tiers: {}, providers: {} }, explained: [], faults: (error as TypeError).message.split('\n') }
  }
}

/** Whether nobody but the scripted model can answer. */
export function isDemo({ tiers }: ModelConfig): boolean {
  return tiers[DEFAULT_TIER] === undefined
}

/** Tiers that stand for nothing that can be asked. In the demo the scripted model answers for any tier of an agent. */
function tierFaults(
  models: ModelConfig,
  explained: readonly ExplainedSetting[],
  agentTiers: ReadonlyMap<string, string>,
): readonly string[] {
  const ofTiers = Object.entries(models.tiers).flatMap(([tier, value]) => {
    const source = explained.find(({ setting }) => setting === `tiers.${tier}`)?.source ?? 'file'
    const setting = source.startsWith('EXECUTUS_') ? source : settingName(['tiers', tier])
    const circle = leadsTo(tier, tier, models.tiers) ? [`Expected \`${setting}\` to lead to models, not to itself`] : []
    return [...entriesOf(value).flatMap((entry) => entryFaults(setting, entry, models)), ...circle]
  })
  const ofAgents = [...(isDemo(models) ? [] : agentTiers)].flatMap(([setting, chain]) =>
    entriesOf(chain).flatMap((entry) => entryFaults(setting, entry, models)),
  )
  return [...ofTiers, ...ofAgents]
}

/** One entry of a chain: the name of a tier, or a spec. It may be a key in the wrong place, and is not repeated. */
function entryFaults(setting: string, entry: string, { tiers, providers }: ModelConfig): readonly string[] {
  if (!entry.includes('/')) {
    if (Object.hasOwn(tiers, entry)) return []
    return [fault(setting, 'made of tiers and of specs like `anthropic/claude-haiku-4-5`', entry, Object.keys(tiers))]
  }
  try {
    createExecutor({ providers, tiers: { [DEFAULT_TIER]: entry } })
    return []
  } catch {
    const nearest = nearestOf(entry.split('/')[0]!, Object.keys(providers))
    const hint = nearest === undefined ? '' : `. Did you mean \`${nearest}\`?`
    return [`Expected \`${setting}\` to name models of providers that there are, got ${kindOf(entry)}${hint}`]
  }
}

function leadsTo(target: string, from: string, tiers: TiersConfig, seen = new Set<string>()): boolean {
  return entriesOf(tiers[from]).some((entry) => {
    if (entry === target) return true
    if (seen.has(entry) || !Object.hasOwn(tiers, entry)) return false
    return leadsTo(target, entry, tiers, seen.add(entry))
  })
}

/** A chain is one text with commas, or a list. */
function entriesOf(chain: unknown): readonly string[] {
  return [chain]
    .flat()
    .flatMap((part) => String(part).split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

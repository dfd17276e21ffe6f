import { createExecutor, type ModelConfig } from '@executus/core'

import { familyOf } from './family-of.ts'
import type { Fleet, FleetMember } from './fleet.ts'

/**
 * The fleet of these entries: specs, and tiers, of which each model is a member.
 *
 * @throws TypeError with every fault of `entries`, one a line
 */
export function fleetOf(entries: readonly string[], models: ModelConfig): Fleet {
  const problems: string[] = []
  const specs = entries.flatMap((entry) => specsOf(entry, models, problems))
  const unique = [...new Set(specs)]
  for (const spec of unique) problems.push(...problemWith(spec, models))
  if (problems.length > 0) throw new TypeError(problems.join('\n'))
  const names = namesOf(unique)
  const members = unique.map((spec, index): FleetMember => ({
    spec,
    tier: spec,
    name: names[index]!,
    family: familyOf(spec),
    key: spec.slice(0, spec.indexOf('/')),
  }))
  const { tiers, providers, models: facts } = models
  return { members, options: { tiers, providers, ...(facts !== undefined && { models: facts }) }, isDemo: false }
}

/** A tier stands for all models of its chain: what it is for elsewhere, to go on with the next one, would make two cells one. */
function specsOf(
  entry: string,
  { tiers }: ModelConfig,
  problems: string[],
  path: readonly string[] = [],
): readonly string[] {
  if (entry.includes('/')) return [entry]
  const value = Object.hasOwn(tiers, entry) && !path.includes(entry) ? tiers[entry]! : undefined
  if (value === undefined || typeof value === 'object') {
    if (!Array.isArray(value)) {
      problems.push(
        `Expected \`${entry}\` to be \`provider/model\` or one of the tiers ${Object.keys(tiers).join(', ') || '(there are none)'}`,
      )
      return []
    }
    return value.flatMap((one) =>
      typeof one === 'string' ? specsOf(one, { tiers, providers: {} }, problems, [...path, entry]) : [],
    )
  }
  return value.split(',').flatMap((one) => specsOf(one.trim(), { tiers, providers: {} }, problems, [...path, entry]))
}

/** What the executor would say of it, said now. */
function problemWith(spec: string, { providers }: ModelConfig): readonly string[] {
  try {
    createExecutor({ providers, tiers: { member: spec } })
    return []
  } catch (error) {
    return [(error as Error).message.replace('Tier `member`: ', '')]
  }
}

/** The model's own name, where that tells it from the others; else with its provider. */
function namesOf(specs: readonly string[]): readonly string[] {
  const short = specs.map((spec) => spec.slice(spec.lastIndexOf('/') + 1).replace(/\?.*$/, ''))
  return short.map((name, index) => (short.filter((other) => other === name).length > 1 ? specs[index]! : name))
}

import type { Model, TiersConfig, TierValue } from '@executus/llm'

import { laneModel } from './lane-models.ts'
import type { LanesOptions } from './lanes-options.ts'

/** `tiers`, with the host's own models in them taking slots of a lane; those that specs name get theirs as providers' models. */
export function laneTiers(tiers: TiersConfig, lane: NonNullable<LanesOptions['models']>): TiersConfig {
  const laned = (value: string | Model): string | Model => {
    if (typeof value !== 'object' || value === null) return value
    const own = typeof lane === 'function' ? lane(value) : lane
    return own === undefined ? value : laneModel(value, own)
  }
  const lanedTier = (value: TierValue): TierValue =>
    Array.isArray(value) ? value.map((one: string | Model) => laned(one)) : laned(value as string | Model)
  return Object.fromEntries(Object.entries(tiers).map(([name, value]) => [name, lanedTier(value)]))
}

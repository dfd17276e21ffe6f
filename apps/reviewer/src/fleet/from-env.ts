import { fromEnv } from '@executus/core'

import { demoFleet } from './demo-fleet.ts'
import { fleetOf } from './fleet-of.ts'
import type { Fleet } from './fleet.ts'

/**
 * The fleet that the environment describes: `EXECUTUS_REVIEW_MODELS`, a list of specs and tiers of which every model
 * reviews; without it, the models of the tiers `fast` and `smart`; with no model at all, a scripted one that says so.
 *
 * @throws TypeError with every fault, one a line
 */
export function fleetFromEnv(env: Readonly<Record<string, string | undefined>> = process.env): Fleet {
  const models = fromEnv(env)
  const listed = (env['EXECUTUS_REVIEW_MODELS'] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const entries = listed.length > 0 ? listed : ['fast', 'smart'].filter((tier) => models.tiers[tier] !== undefined)
  if (entries.length === 0) return demoFleet()
  try {
    return fleetOf(entries, models)
  } catch (error) {
    if (listed.length > 0) (error as Error).message = `EXECUTUS_REVIEW_MODELS: ${(error as Error).message}`
    throw error
  }
}

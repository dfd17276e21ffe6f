import {
  type CallRecord,
  type Clock,
  createCatalogue,
  createHealth,
  createProviders,
  createTiers,
  type ModelHealth,
  type Tiers,
} from '@executus/llm'

import { checkCount, checkKeys, checkObject, expected } from './check-option.ts'
import type { ExecutorOptions } from './config.ts'
import { laneTiers } from './lane/lane-tiers.ts'
import { laneProviders } from './lane/lane-models.ts'
import { DEFAULT_LIMITS, type Limits, mergeLimits } from './limits.ts'
import type { Logger } from './logger.ts'
import { checkPermissions, type Permissions } from './permission/policy.ts'

/** The options that may change while a host runs. */
export type Settings = Pick<
  ExecutorOptions,
  'tiers' | 'providers' | 'models' | 'failover' | 'limits' | 'permissions'
>

/** What comes of them, as it is now. A run keeps the models and limits that it began with. */
export interface LiveSettings {
  readonly tiers: Tiers
  readonly limits: Required<Limits>
  readonly permissions: Permissions
  /** Looks for changes no more. */
  stopWatching(): void
}

const SETTINGS = ['tiers', 'providers', 'models', 'failover', 'limits', 'permissions']

/**
 * The settings of an executor, and of its `config` source at each change of that. What does not pass is logged, and what
 * was before holds.
 *
 * @throws TypeError or RangeError that names the setting
 */
export function liveSettings(options: ExecutorOptions, clock: Clock, logger: Logger): LiveSettings {
  // What is known about the models' health outlives a change.
  const health = createHealth(clock)
  const build = (changed: Settings | undefined) => settle({ ...options, ...changed }, clock, logger, health)
  const source = options.config
  let current = build(checkedSettings(source?.current))
  const stopWatching = source?.watch((change) => {
    try {
      if (!change.ok) throw change.error
      current = build(checkedSettings(change.value))
    } catch (error) {
      logger.error('the new settings are refused, and the old ones hold', error)
    }
  })
  return {
    get tiers() {
      return current.tiers
    },
    get limits() {
      return current.limits
    },
    get permissions() {
      return current.permissions
    },
    stopWatching: () => stopWatching?.(),
  }
}

function checkedSettings(settings: Settings | undefined): Settings | undefined {
  if (settings !== undefined) checkKeys('config', settings, SETTINGS)
  return settings
}

function settle(
  options: ExecutorOptions,
  clock: Clock,
  logger: Logger,
  health: ModelHealth,
): Omit<LiveSettings, 'stopWatching'> {
  const { tiers = {}, providers = {}, models = {}, failover = {}, limits = {}, permissions = {}, lanes } = options
  const { onModelCall } = options
  checkObject('tiers', tiers)
  checkObject('providers', providers)
  checkObject('models', models)
  for (const [spec, facts] of Object.entries(models)) checkKeys(`models.${spec}`, facts, ['contextWindow', 'price'])
  if (onModelCall !== undefined && typeof onModelCall !== 'function')
    throw expected('onModelCall', 'a function', onModelCall)
  checkFailover(failover)
  checkPermissions('permissions', permissions, true)
  const lane = lanes?.models
  const all = createProviders(providers, { clock, catalogue: createCatalogue(models) })
  return {
    tiers: createTiers(
      lane === undefined ? tiers : laneTiers(tiers, lane),
      lane === undefined ? all : laneProviders(all, lane),
      { ...failover, clock, health, ...(onModelCall && { onCall: guarded(onModelCall, logger) }) },
    ),
    limits: mergeLimits(DEFAULT_LIMITS, limits, 'limits'),
    permissions,
  }
}

function checkFailover(failover: NonNullable<Settings['failover']>): void {
  checkKeys('failover', failover, ['maxAttempts', 'backoff'])
  const { maxAttempts, backoff = {} } = failover
  if (maxAttempts !== undefined) checkCount('failover.maxAttempts', maxAttempts, 1)
  checkKeys('failover.backoff', backoff, ['firstMs', 'maxMs'])
  for (const [name, value] of Object.entries(backoff)) checkCount(`failover.backoff.${name}`, value, 0)
}

/** What a host's listener throws is logged, and hurts no call. */
function guarded(listener: (record: CallRecord) => void, logger: Logger): (record: CallRecord) => void {
  return (record) => {
    try {
      listener(record)
    } catch (error) {
      logger.error('onModelCall failed', error)
    }
  }
}

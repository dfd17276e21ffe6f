import {
  type CallRecord,
  type CatalogueEntries,
  type Clock,
  createCatalogue,
  createHealth,
  createProviders,
  createTiers,
  type FailoverOptions,
  type ModelHealth,
  type ProvidersConfig,
  type Tiers,
  type TiersConfig,
} from '@executus/llm'

import { checkCount, checkKeys, checkObject, expected } from './check-option.ts'
import type { ConfigSource } from './config-source/config-source.ts'
import { isolate } from './isolate.ts'
import { laneProviders } from './lane/lane-models.ts'
import { laneTiers } from './lane/lane-tiers.ts'
import type { LanesOptions } from './lane/lanes-options.ts'
import { DEFAULT_LIMITS, type Limits, mergeLimits } from './limits.ts'
import type { Logger } from './logger.ts'
import { checkPermissions, type Permissions } from './permission/policy.ts'

/** The options that may change while a host runs. */
export interface Settings {
  /** Which models a tier stands for: `{ fast: 'anthropic/claude-haiku-4-5' }`, or a model of one's own. */
  readonly tiers?: TiersConfig
  /** Keys and addresses of the providers that specs name. */
  readonly providers?: ProvidersConfig
  /** Windows and prices by `provider/model`, over the built-in ones. */
  readonly models?: CatalogueEntries
  /** How often a model is asked again before the next of its chain is. */
  readonly failover?: Pick<FailoverOptions, 'maxAttempts' | 'backoff'>
  readonly limits?: Limits
  /** What may be used, and what people must allow. @default destructive tools are asked for, and denied where nobody is */
  readonly permissions?: Permissions
}

/** What settings are made live with. */
export interface SettingsOptions extends Settings {
  /** Settings that may change while the host runs; they win over those above, and count for runs that begin later. */
  readonly config?: ConfigSource<Settings>
  /** Bounds for runs, and for model calls. @default none */
  readonly lanes?: LanesOptions
  /** Told of every attempt at a model call, with its tokens and what they cost; `attribution.runId` names the run. */
  readonly onModelCall?: (record: CallRecord) => void
}

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
export function liveSettings(options: SettingsOptions, clock: Clock, logger: Logger): LiveSettings {
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
    stopWatching() {
      isolate(
        () => stopWatching?.(),
        (error) => logger.error('the source of settings could not be left', error),
      )
    },
  }
}

function checkedSettings(settings: Settings | undefined): Settings | undefined {
  if (settings !== undefined) checkKeys('config', settings, SETTINGS)
  return settings
}

function settle(
  options: SettingsOptions,
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

/** What a host's listener throws is logged, and hurts no call; it may be an async function. */
function guarded(listener: (record: CallRecord) => unknown, logger: Logger): (record: CallRecord) => void {
  const complain = (error: unknown) => logger.error('onModelCall failed', error)
  return (record) => isolate(() => listener(record), complain)
}

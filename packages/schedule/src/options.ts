import { type Clock, consoleLogger, type Ids, isolateLogger, type Logger, randomIds, systemClock } from '@executus/core'
import { checkCount, checkKeys, checkObject, checkPort, checkText, expected } from '@executus/core/check-option'

import type { RunFiring } from './firing/run-firing.ts'
import { memoryScheduleStore } from './memory-store.ts'
import type { ScheduleStore } from './schedule-store.ts'
import { checkTimeZone } from './times/cron-times.ts'
import type { NamedTriggers } from './times/next-time.ts'
import { checkSpan } from './times/time-limits.ts'

export interface ScheduleOptions {
  /** @default memoryScheduleStore() */
  readonly store?: ScheduleStore
  /** Does what is due. Without it jobs can be kept and changed, for another process to do. */
  readonly run?: RunFiring
  /**
   * Triggers of the program itself: each gives the first due time after the time it is given. Its due times are the same
   * whatever it is asked after: not "an hour from then", which `everyMs` is for. @default {}
   */
  readonly triggers?: NamedTriggers
  /** Of cron expressions and local times that name none. @default 'UTC' */
  readonly timeZone?: string
  /** So many firings are at work at once. @default 4 */
  readonly concurrency?: number
  /** A firing that takes longer is aborted and has failed; a job may say another. @default 600_000 */
  readonly timeoutMs?: number
  /** What an aborted firing may take to end. @default 10_000 */
  readonly graceMs?: number
  /** A firing that begins later than so much after its time was missed. @default 60_000 */
  readonly missedAfterMs?: number
  /** So many missed firings of a job are caught up with, the newest. @default 100 */
  readonly maxCatchUp?: number
  /** So many firings are kept of each job. @default 50 */
  readonly historySize?: number
  /** @default systemClock */
  readonly clock?: Clock
  /** @default randomIds */
  readonly ids?: Ids
  /** @default consoleLogger */
  readonly logger?: Logger
}

export type ScheduleConfig = Required<Omit<ScheduleOptions, 'run'>> & Pick<ScheduleOptions, 'run'>

const DEFAULTS = {
  triggers: {},
  // A machine's own zone is another on the next machine.
  timeZone: 'UTC',
  // Firings mostly wait for models.
  concurrency: 4,
  // An agent's run has a minute, and may wait in a lane.
  timeoutMs: 600_000,
  graceMs: 10_000,
  // A restart, or a process that is busy, is no outage.
  missedAfterMs: 60_000,
  // Four days of an hourly job; more at once would be a flood.
  maxCatchUp: 100,
  historySize: 50,
} as const

/** A timer's longest, 24.8 days. */
export const LONGEST_MS: number = 2 ** 31 - 1

const KEYS = ['store', 'run', 'clock', 'ids', 'logger', ...Object.keys(DEFAULTS)]

const STORE_METHODS = ['add', 'get', 'save', 'remove', 'list', 'due', 'nextAt', 'history', 'sweep', 'close']

/** @throws TypeError or RangeError that names the option */
export function checkOptions(options: ScheduleOptions): ScheduleConfig {
  checkKeys('options', options, KEYS)
  const config = {
    store: options.store ?? memoryScheduleStore(),
    clock: systemClock,
    ids: randomIds,
    logger: consoleLogger,
    ...DEFAULTS,
    ...options,
  }
  checkPort('options.store', config.store, STORE_METHODS)
  if (config.run !== undefined && typeof config.run !== 'function')
    throw expected('options.run', 'a function', config.run)
  checkObject('options.triggers', config.triggers)
  for (const [name, next] of Object.entries(config.triggers))
    if (typeof next !== 'function') throw expected(`options.triggers.${name}`, 'a function', next)
  checkText('options.timeZone', config.timeZone)
  checkTimeZone(config.timeZone)
  checkCount('options.concurrency', config.concurrency, 1)
  checkSpan('options.timeoutMs', config.timeoutMs, 1, LONGEST_MS)
  checkSpan('options.graceMs', config.graceMs, 0, LONGEST_MS)
  checkCount('options.missedAfterMs', config.missedAfterMs, 0)
  checkSpan('options.maxCatchUp', config.maxCatchUp, 1, 10_000)
  checkSpan('options.historySize', config.historySize, 1, 100_000)
  checkPort('options.clock', config.clock, ['now', 'after'])
  checkPort('options.ids', config.ids, ['next'])
  checkPort('options.logger', config.logger, ['warn', 'error'])
  return { ...config, logger: isolateLogger(config.logger) }
}

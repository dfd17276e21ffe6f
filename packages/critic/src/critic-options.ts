import { type Clock, consoleLogger, type Logger, type RunInfo, systemClock } from '@executus/core'
import { checkCount, checkKeys, checkPort, expected } from '@executus/core/check-option'

import type { Escalator } from './escalator.ts'
import { extendOnce } from './extend-once.ts'
import { checkPatterns, type PatternOptions } from './patterns/pattern-options.ts'
import { quiet } from './quiet.ts'

export interface CriticOptions {
  /** A run of which nothing is heard for so long is looked after. In milliseconds; `Infinity` for never. @default 90_000 */
  readonly idleMs?: number
  /** Who decides then. @default extendOnce() */
  readonly escalator?: Escalator
  /** So long it may take; what comes later counts as `wait`. In milliseconds. @default 30_000 */
  readonly escalationTimeoutMs?: number
  /** How often a run may be extended. @default 3 */
  readonly maxExtensions?: number
  /** The most that one extension gives; what is asked beyond it is cut. @default 20 steps and ten minutes */
  readonly maxExtension?: { readonly steps?: number; readonly timeMs?: number }
  /** How often a run may be nudged. @default 3 */
  readonly maxNudges?: number
  /**
   * A run that has worked for so long is killed, whatever it was given. In milliseconds; waiting for people does not count,
   * and what was before a resume does. @default none
   */
  readonly hardDeadlineMs?: number
  /** Wakes the escalator also when a run does the same over and over; `true` for all patterns. @default false */
  readonly patterns?: PatternOptions | boolean
  /** Whether a silent run waits for something that the host knows of, a slot of a lane say. @default it does not */
  readonly isWaiting?: (info: RunInfo) => boolean
  /** The executor's. @default systemClock */
  readonly clock?: Clock
  /** @default consoleLogger */
  readonly logger?: Logger
}

/** Options as a watch uses them: checked and complete. */
export interface CriticConfig extends Required<Omit<CriticOptions, 'patterns' | 'maxExtension'>> {
  readonly patterns: Required<PatternOptions> | undefined
  readonly maxExtension: { readonly steps: number; readonly timeMs: number }
}

const DEFAULTS = {
  // The longest that models think without a word is about a minute.
  idleMs: 90_000,
  // A third of that: who decides must not be the next that hangs.
  escalationTimeoutMs: 30_000,
  // What has not helped three times will not help.
  maxExtensions: 3,
  maxNudges: 3,
  hardDeadlineMs: Number.POSITIVE_INFINITY,
  isWaiting: () => false,
} as const

/** More than a run has by default, so that one extension is a second chance and not a new life. */
const MAX_EXTENSION = { steps: 20, timeMs: 10 * 60_000 } as const

const OPTIONS = [...Object.keys(DEFAULTS), 'escalator', 'maxExtension', 'patterns', 'clock', 'logger']

/** @throws TypeError or RangeError that names the option */
export function checkOptions(options: CriticOptions): CriticConfig {
  checkKeys('options', options, OPTIONS)
  const { maxExtension = {}, patterns = false, escalator = extendOnce(), logger = consoleLogger } = options
  const config = { ...DEFAULTS, clock: systemClock, ...withoutUndefined(options), escalator }
  for (const name of ['idleMs', 'escalationTimeoutMs', 'hardDeadlineMs'] as const)
    checkCount(`options.${name}`, config[name], 1)
  for (const name of ['maxExtensions', 'maxNudges'] as const) checkCount(`options.${name}`, config[name], 0)
  checkKeys('options.maxExtension', maxExtension, ['steps', 'timeMs'])
  for (const [name, value] of Object.entries(maxExtension))
    if (value !== undefined) checkCount(`options.maxExtension.${name}`, value, 0)
  checkPort('options.escalator', escalator, ['decide'])
  checkPort('options.clock', config.clock, ['now', 'after'])
  checkPort('options.logger', logger, ['warn', 'error'])
  if (typeof config.isWaiting !== 'function') throw expected('options.isWaiting', 'a function', config.isWaiting)
  return Object.freeze({
    ...config,
    maxExtension: { ...MAX_EXTENSION, ...withoutUndefined(maxExtension) },
    patterns: checkPatterns(patterns),
    logger: quiet(logger),
  })
}

/** An option that is `undefined` is not given. */
function withoutUndefined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as typeof options
}

import {
  type CallRecord,
  type Clock,
  consoleLogger,
  type Logger,
  type RunInfo,
  systemClock,
  type Usage,
} from '@executus/core'
import { checkCount, checkKeys, checkOneOf, checkPort, checkTexts, expected } from '@executus/core/check-option'

import type { BudgetStore } from './budget-store.ts'
import { Calendars } from './calendar.ts'
import { type BudgetAmounts, type BudgetLimit, type BudgetUnit, checkLimits } from './limit.ts'
import { memoryBudgetStore } from './memory-store.ts'
import type { Prices } from './prices.ts'
import type { BudgetWindow } from './window.ts'

/** For whom a run is, and where; any `RunInfo` tells. */
export type BudgetWho = Pick<RunInfo, 'caller' | 'channel' | 'guild'>

/** How a budget is made. Everything is optional. */
export interface BudgetOptions {
  /** What each account may take. @default nothing is limited */
  readonly limits?: readonly BudgetLimit[]
  /** In the place of `limits`: what this account may take; `undefined` for one without limits. Asked for each run. */
  readonly limitsOf?: (
    account: string,
    who: BudgetWho,
  ) => readonly BudgetLimit[] | undefined | Promise<readonly BudgetLimit[] | undefined>
  /**
   * The accounts that a run is counted on; it must fit into all of them.
   *
   * @default `caller:` and the caller's name; all runs without a caller share `anonymous`
   */
  readonly accountsOf?: (who: BudgetWho) => readonly string[]
  /** Callers whose runs are not counted at all. @default none */
  readonly exempt?: readonly string[]
  /**
   * What is set aside for a run before it begins. What is absent is the default, and that is never more than a whole limit.
   *
   * @default the run's time limit, 10 minutes at most; 10,000 tokens; what 9,000 tokens in and 1,000 out cost on its model
   */
  readonly estimateOf?: (info: RunInfo) => Omit<BudgetAmounts, 'runs'>
  /** Dollars that tokens of a model cost, `provider/model`; `undefined` where that is not known. Needed to limit money. */
  readonly costOf?: (usage: Usage, spec: string) => number | undefined
  /** Dollars per million tokens of models with no known price. @default none: such runs do not begin where money is limited */
  readonly unknownPriceUsd?: number
  /** @default memoryBudgetStore() */
  readonly store?: BudgetStore
  /** When the store fails: `reject` lets no run begin or go on, `allow` lets it, uncounted. Both are logged. @default 'reject' */
  readonly onStoreFault?: 'reject' | 'allow'
  /** The part of a limit at which `onWarning` is told, once in each window. @default 0.8 */
  readonly warnAt?: number
  readonly onWarning?: (warning: BudgetWarning) => void
  /** For how long windows and runs that are over are remembered, in milliseconds; longer than a run takes. @default a week */
  readonly keepMs?: number
  /** @default systemClock */
  readonly clock?: Clock
  /** @default consoleLogger */
  readonly logger?: Logger
}

/** Most of a limit is used. */
export interface BudgetWarning {
  readonly account: string
  readonly window: BudgetWindow
  readonly unit: BudgetUnit
  readonly used: number
  readonly limit: number
  /** Milliseconds since the epoch. */
  readonly resetsAtMs: number
}

/** Options as a budget uses them: checked and complete. */
export interface BudgetConfig {
  readonly limitsOf: NonNullable<BudgetOptions['limitsOf']>
  readonly accountsOf: (who: BudgetWho) => readonly string[]
  readonly exempt: ReadonlySet<string>
  readonly estimateOf: NonNullable<BudgetOptions['estimateOf']>
  readonly prices: Prices
  readonly store: BudgetStore
  readonly isOpenOnFault: boolean
  readonly warnAt: number
  readonly onWarning: BudgetOptions['onWarning']
  readonly keepMs: number
  readonly clock: Clock
  readonly logger: Logger
  readonly calendars: Calendars
}

const DEFAULTS = {
  warnAt: 0.8,
  // A run that waits for people comes back within a day, and must be known again then.
  keepMs: 7 * 24 * 60 * 60 * 1_000,
} as const

const KEYS = [
  ...['limits', 'limitsOf', 'accountsOf', 'exempt', 'estimateOf', 'costOf', 'unknownPriceUsd', 'store'],
  ...['onStoreFault', 'warnAt', 'onWarning', 'keepMs', 'clock', 'logger'],
]
const FUNCTIONS = ['limitsOf', 'accountsOf', 'estimateOf', 'costOf', 'onWarning'] as const
const STORE_METHODS = ['count', 'find', 'apply', 'addGrant', 'grants', 'sweep', 'close'] as const

/** The account of a caller, or the one of all that have none. */
export function ownAccountOf({ caller }: BudgetWho): string {
  return caller === undefined ? 'anonymous' : `caller:${caller}`
}

/** @throws TypeError or RangeError that names the option */
export function checkOptions(options: BudgetOptions): BudgetConfig {
  checkKeys('options', options, KEYS)
  for (const name of FUNCTIONS)
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw expected(`options.${name}`, 'a function', options[name])
  const { limits, limitsOf, exempt = [], costOf, unknownPriceUsd, onStoreFault = 'reject', onWarning } = options
  const { warnAt = DEFAULTS.warnAt, keepMs = DEFAULTS.keepMs, clock = systemClock, logger = consoleLogger } = options
  const { store = memoryBudgetStore() } = options
  const calendars = new Calendars()
  if (limits !== undefined && limitsOf !== undefined)
    throw new TypeError('Expected `options` to have `limits` or `limitsOf`, got both')
  if (limits !== undefined) checkLimits('options.limits', limits, calendars)
  const isMoneyLimited = limits?.some(({ costUsd }) => costUsd !== undefined) === true
  if (isMoneyLimited && costOf === undefined && unknownPriceUsd === undefined)
    throw new TypeError('Expected `options.costOf` or `options.unknownPriceUsd` to be given where money is limited')
  checkTexts('options.exempt', exempt)
  if (unknownPriceUsd !== undefined) checkFraction('options.unknownPriceUsd', unknownPriceUsd, Number.MAX_VALUE)
  checkFraction('options.warnAt', warnAt, 1)
  checkOneOf('options.onStoreFault', onStoreFault, ['reject', 'allow'])
  checkCount('options.keepMs', keepMs, 0)
  checkPort('options.store', store, STORE_METHODS)
  checkPort('options.clock', clock, ['now', 'after'])
  checkPort('options.logger', logger, ['warn', 'error'])
  return {
    limitsOf: limitsOf ?? (() => limits),
    accountsOf: options.accountsOf ?? ((who) => [ownAccountOf(who)]),
    exempt: new Set(exempt),
    estimateOf: options.estimateOf ?? (() => ({})),
    prices: { costOf, unknownPriceUsd },
    store,
    isOpenOnFault: onStoreFault === 'allow',
    warnAt,
    onWarning,
    keepMs,
    clock,
    logger,
    calendars,
  }
}

function checkFraction(option: string, value: unknown, most: number): void {
  if (typeof value !== 'number') throw expected(option, 'a number above 0', value)
  if (!(value > 0 && value <= most)) {
    const range = most === 1 ? 'a number above 0, and 1 at most' : 'a number above 0'
    throw new RangeError(`Expected \`${option}\` to be ${range}, got \`${value}\``)
  }
}

/** What `createExecutor` takes as `onModelCall`. */
export type ModelCallListener = (record: CallRecord) => void

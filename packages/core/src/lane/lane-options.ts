import { type Clock, systemClock } from '@executus/llm'

import { checkCount, checkKeys, checkObject, checkPort } from '../check-option.ts'

/** How wide a lane is. */
export interface LaneOptions {
  /** Slots: how much is under way at once. */
  readonly concurrency: number
  /** How many may wait, over all keys; one more is refused as `full`. @default 10_000 */
  readonly maxQueued?: number
  /** How many of one key may wait, so that one key cannot fill the queue. @default maxQueued */
  readonly maxQueuedPerKey?: number
  /** Turns that a key gets in a round, by key: integers of 1 or more. @default 1 for each key */
  readonly weights?: Readonly<Record<string, number>>
  /** How many may begin in any 60 seconds. @default no limit */
  readonly requestsPerMinute?: number
  /** How many tokens may be reserved or used in any 60 seconds. @default no limit */
  readonly tokensPerMinute?: number
  /** For the rates. @default systemClock */
  readonly clock?: Clock
}

/** Options as a lane uses them: checked and complete. */
export interface LaneConfig {
  readonly concurrency: number
  readonly maxQueued: number
  readonly maxQueuedPerKey: number
  readonly weights: ReadonlyMap<string, number>
  readonly requestsPerMinute: number
  readonly tokensPerMinute: number
  readonly clock: Clock
}

// A waiter costs about 1 KB, so a full queue costs 10 MB; whoever waits behind 10,000 others is better told so.
const MAX_QUEUED = 10_000

const OPTIONS = [
  'concurrency',
  'maxQueued',
  'maxQueuedPerKey',
  'weights',
  'requestsPerMinute',
  'tokensPerMinute',
  'clock',
]

/** @throws TypeError or RangeError that names the option */
export function checkLaneOptions(options: LaneOptions): LaneConfig {
  checkKeys('options', options, OPTIONS)
  const {
    concurrency,
    maxQueued = MAX_QUEUED,
    maxQueuedPerKey = maxQueued,
    weights = {},
    clock = systemClock,
  } = options
  const { requestsPerMinute = Number.POSITIVE_INFINITY, tokensPerMinute = Number.POSITIVE_INFINITY } = options
  checkCount('concurrency', concurrency, 1)
  checkCount('maxQueued', maxQueued, 0)
  checkCount('maxQueuedPerKey', maxQueuedPerKey, 0)
  checkObject('weights', weights)
  for (const [key, weight] of Object.entries(weights)) checkWeight(`weights.${key}`, weight)
  checkCount('requestsPerMinute', requestsPerMinute, 1)
  checkCount('tokensPerMinute', tokensPerMinute, 1)
  checkPort('clock', clock, ['now', 'after'])
  return {
    concurrency,
    maxQueued,
    maxQueuedPerKey,
    weights: new Map(Object.entries(weights)),
    requestsPerMinute,
    tokensPerMinute,
    clock,
  }
}

/** @throws TypeError or RangeError unless `tokens` is a finite count */
export function checkTokens(tokens: number): void {
  checkCount('tokens', tokens, 0)
  if (tokens === Number.POSITIVE_INFINITY)
    throw new RangeError('Expected `tokens` to be an integer of 0 or more, got `Infinity`')
}

function checkWeight(option: string, weight: unknown): void {
  checkCount(option, weight, 1)
  if (weight === Number.POSITIVE_INFINITY)
    throw new RangeError(`Expected \`${option}\` to be a finite integer, got \`Infinity\``)
}

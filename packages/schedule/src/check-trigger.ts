import { checkKeys, checkObject, checkText } from '@executus/core/check-option'

import { atTime } from './times/at-time.ts'
import { cronTimes } from './times/cron-times.ts'
import type { NamedTriggers } from './times/next-time.ts'
import { checkSpan, checkTime, LAST_TIME_MS } from './times/time-limits.ts'
import type { NewTrigger, Trigger } from './trigger.ts'

export interface TriggerDefaults {
  readonly timeZone: string
  readonly triggers: NamedTriggers
  readonly nowMs: number
}

/** Croner's finest grain; a job of every millisecond would be a busy loop. */
const LEAST_EVERY_MS = 1_000

/**
 * A trigger as it is kept: what was left open is filled in, and a text has become a time.
 *
 * @throws TypeError or RangeError that names the field
 */
export function checkTrigger(given: NewTrigger, { timeZone, triggers, nowMs }: TriggerDefaults): Trigger {
  checkObject('trigger', given)
  const zone = 'timeZone' in given ? (given.timeZone ?? timeZone) : timeZone
  checkText('trigger.timeZone', zone)
  if ('cron' in given) {
    checkKeys('trigger', given, ['cron', 'timeZone'])
    checkText('trigger.cron', given.cron)
    const trigger = { cron: given.cron, timeZone: zone }
    cronTimes(trigger) // throws when it is none
    return trigger
  }
  if ('everyMs' in given) {
    checkKeys('trigger', given, ['everyMs', 'anchorMs'])
    const { everyMs, anchorMs = nowMs } = given
    checkSpan('trigger.everyMs', everyMs, LEAST_EVERY_MS, LAST_TIME_MS)
    checkTime('trigger.anchorMs', anchorMs)
    return { everyMs, anchorMs }
  }
  if ('atMs' in given) {
    checkKeys('trigger', given, ['atMs'])
    checkTime('trigger.atMs', given.atMs)
    return { atMs: given.atMs }
  }
  if ('at' in given) {
    checkKeys('trigger', given, ['at', 'timeZone'])
    checkText('trigger.at', given.at)
    const atMs = atTime(given.at, zone)
    checkTime('trigger.at', atMs)
    return { atMs }
  }
  if (!('named' in given)) throw new TypeError('Expected `trigger` to have one of cron, everyMs, atMs, at, named')
  checkKeys('trigger', given, ['named'])
  checkText('trigger.named', given.named)
  if (!Object.hasOwn(triggers, given.named))
    throw new RangeError(`Expected \`trigger.named\` to be one of the options' triggers, got \`'${given.named}'\``)
  return { named: given.named }
}

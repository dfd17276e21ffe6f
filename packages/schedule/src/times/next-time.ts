import type { EveryTrigger, NextTime, Trigger } from '../trigger.ts'
import { cronTimes } from './cron-times.ts'
import { LAST_TIME_MS } from './time-limits.ts'

/** What a host may know: triggers of its own, by name. */
export type NamedTriggers = Readonly<Record<string, NextTime>>

/**
 * The due times of a trigger; `undefined` for a named one that this host does not know.
 *
 * @throws RangeError as `cronTimes`. What it gives throws when the host's function does, or gives no later time.
 */
export function nextTimeOf(trigger: Trigger, named: NamedTriggers): NextTime | undefined {
  if ('cron' in trigger) return cronTimes(trigger)
  if ('everyMs' in trigger) return everyTime(trigger)
  if ('atMs' in trigger) return (afterMs) => (trigger.atMs > afterMs ? trigger.atMs : undefined)
  const next = Object.hasOwn(named, trigger.named) ? named[trigger.named] : undefined
  return next && namedTime(trigger.named, next)
}

function everyTime({ everyMs, anchorMs }: EveryTrigger): NextTime {
  return (afterMs) => {
    const count = Math.max(0, Math.floor((afterMs - anchorMs) / everyMs) + 1)
    const next = anchorMs + count * everyMs
    return next > LAST_TIME_MS ? undefined : next
  }
}

/** A stranger's function: one that does not move on would keep its job due for ever. */
function namedTime(name: string, next: NextTime): NextTime {
  return (afterMs) => {
    const given = next(afterMs)
    if (given === undefined) return undefined
    const time = typeof given === 'number' ? Math.ceil(given) : Number.NaN
    if (!(time > afterMs)) throw new RangeError(`The trigger \`${name}\` gave no time after ${afterMs}, but ${time}`)
    return time > LAST_TIME_MS ? undefined : time
  }
}

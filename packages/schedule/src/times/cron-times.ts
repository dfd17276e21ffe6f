import { Cron } from 'croner'

import type { CronTrigger, NextTime } from '../trigger.ts'
import { LAST_TIME_MS } from './time-limits.ts'

/** Long lists of minutes fit; a text of any length would keep the parser busy. */
const LONGEST_EXPRESSION = 1_000

/**
 * The times of a cron expression by the clocks of its zone. A time of the day that a change to summer time leaves out is due
 * when the clocks have jumped; one that comes twice is due the first time. Expressions of many times a day skip what is left
 * out, and are due both times.
 *
 * @throws RangeError when croner cannot read it, or there is no such zone
 */
export function cronTimes({ cron, timeZone }: CronTrigger): NextTime {
  const expression = readCron(cron, timeZone)
  return (afterMs) => {
    const next = expression.nextRun(new Date(afterMs))?.getTime()
    return next === undefined || next > LAST_TIME_MS ? undefined : next
  }
}

function readCron(cron: string, timeZone: string): Cron {
  if (cron.length > LONGEST_EXPRESSION)
    throw new RangeError(
      `Expected \`trigger.cron\` to have ${LONGEST_EXPRESSION} characters at most, got ${cron.length}`,
    )
  checkTimeZone(timeZone)
  const complain = (why: string, cause?: unknown) =>
    new RangeError(`Expected \`trigger.cron\` to be a cron expression of 5 or 6 fields, got \`'${cron}'\`: ${why}`, {
      cause,
    })
  let expression: Cron
  try {
    expression = new Cron(cron, { timezone: timeZone, mode: '5-or-6-parts', paused: true })
  } catch (error) {
    throw complain(error instanceof Error ? error.message : String(error), error)
  }
  // It takes a date as well, and is due once then.
  if (expression.getOnce() !== null) throw complain('it is a date')
  return expression
}

/** @throws RangeError unless there is such a zone */
export function checkTimeZone(timeZone: string): void {
  try {
    Intl.DateTimeFormat('en', { timeZone })
  } catch (error) {
    throw new RangeError(`Expected \`trigger.timeZone\` to be a time zone as \`Europe/Oslo\`, got \`'${timeZone}'\``, {
      cause: error,
    })
  }
}

import { Cron } from 'croner'

import { checkTimeZone } from './cron-times.ts'

const ISO = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d{1,3})?(Z|[+-]\d\d:\d\d)?$/

/**
 * The moment that an ISO text names, by the clocks of `timeZone` when it has no offset: of a time that comes twice the first,
 * and for one that is left out as much later.
 *
 * @throws RangeError when it is no such text, or there is no such day or zone
 */
export function atTime(text: string, timeZone: string): number {
  const [, date, minutes, seconds = ':00', fraction = '', offset] = ISO.exec(text) ?? []
  const ms = Math.round(Number(`0${fraction}`) * 1_000)
  const wallMs = Date.parse(`${date}T${minutes}${seconds}Z`)
  // A 30th of February is read as a day of March.
  const isThere = !Number.isNaN(wallMs) && new Date(wallMs).toISOString().startsWith(`${date}T${minutes}${seconds}`)
  if (!isThere) throw complaintOf(text)
  if (offset === undefined) return localTime(`${date}T${minutes}${seconds}`, timeZone) + ms
  const zoned = Date.parse(`${date}T${minutes}${seconds}${offset}`)
  if (Number.isNaN(zoned)) throw complaintOf(text)
  return zoned + ms
}

function localTime(text: string, timeZone: string): number {
  checkTimeZone(timeZone)
  const moment = new Cron(text, { timezone: timeZone, paused: true, allowPast: true }).getOnce()
  if (moment === null) throw complaintOf(text)
  return moment.getTime()
}

function complaintOf(text: string): RangeError {
  const shown = text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text
  return new RangeError(`Expected \`trigger.at\` to be a date and time as \`2026-03-29T09:00\`, got \`'${shown}'\``)
}

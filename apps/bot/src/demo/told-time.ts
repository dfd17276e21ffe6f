/** What `current_time` told: `2026-01-06T13:00:00+01:00, a Tuesday in Europe/Berlin`. */
export interface ToldTime {
  readonly ms: number
  /** By the clocks of the zone, as if they were those of UTC: for sums of days and hours. */
  readonly wallMs: number
  readonly weekday: string
  readonly timeZone: string
}

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

export function toldTime(text: string): ToldTime | undefined {
  const [, wall, offset, weekday, timeZone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([+-]\d\d:\d\d), an? (\w+) in (\S+)$/.exec(text.trim()) ?? []
  if (wall === undefined) return undefined
  const wallMs = Date.parse(`${wall}Z`)
  return { ms: Date.parse(`${wall}${offset}`), wallMs, weekday: weekday!, timeZone: timeZone! }
}

/** `13:00 on Tuesday, 6 January 2026, in Europe/Berlin` */
export function timeInWords(text: string): string {
  const told = toldTime(text)
  if (told === undefined) return text
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' })
  const time = new Date(told.wallMs).toISOString().slice(11, 16)
  return `${time} on ${told.weekday}, ${format.format(told.wallMs)}, in ${told.timeZone}`
}

/** A moment as the clocks of a zone show it: `2026-01-06T13:00:50`. */
export function localTime(ms: number, timeZone: string): string {
  // Swedish writes dates as ISO does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return format.format(ms).replace(' ', 'T')
}

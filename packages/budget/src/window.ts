import type { Calendar } from './calendar.ts'

/** A stretch of time in which a limit counts, and then begins anew. */
export type BudgetWindow =
  | 'minute'
  | 'hour'
  | 'day'
  | 'week'
  | 'month'
  /** As many milliseconds each, the first of them from 1970 on. */
  | { readonly everyMs: number }

export const CALENDAR_WINDOWS: readonly string[] = ['minute', 'hour', 'day', 'week', 'month']

/** A kind of window; those of one `key` are one kind. */
export interface WindowKind {
  readonly key: string
  readonly window: BudgetWindow
  readonly calendar: Calendar
}

export interface Span {
  readonly startMs: number
  readonly endMs: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** The last moment that a `Date` can tell, and as far back the first. */
const LAST_MS = 8.64e15

export function windowKind(window: BudgetWindow, calendar: Calendar): WindowKind {
  const key = typeof window === 'string' ? `${window}@${calendar.timeZone}` : `every@${window.everyMs}`
  return { key, window, calendar }
}

/**
 * The window that `nowMs` is in: windows of one kind leave no gap and never overlap, whatever the clocks of their time zone
 * do. Minutes and hours are always as long as they are called; days, weeks (from Monday on) and months begin at the first
 * moment of their first day.
 */
export function spanAt({ window, calendar }: WindowKind, nowMs: number): Span {
  if (typeof window !== 'string') return regular(nowMs, window.everyMs, 0)
  if (window === 'minute') return regular(nowMs, MINUTE_MS, 0)
  if (window === 'hour') return regular(nowMs, HOUR_MS, calendar.hourShiftMs)
  return calendarSpan(nowMs, calendar, PERIODS[window])
}

function regular(nowMs: number, lengthMs: number, shiftMs: number): Span {
  const startMs = Math.floor((nowMs + shiftMs) / lengthMs) * lengthMs - shiftMs
  return { startMs: Math.max(startMs, -LAST_MS), endMs: Math.min(startMs + lengthMs, LAST_MS) }
}

/** Days of the calendar as periods that are numbered. */
interface Period {
  /** The number of the period that a day is in. */
  of(day: number): number
  firstDayOf(period: number): number
}

const DAY_MS = 24 * HOUR_MS

/** 1 January 1970, day 0, was a Thursday. */
const MONDAY_BEFORE = 3

const PERIODS: Readonly<Record<'day' | 'week' | 'month', Period>> = {
  day: { of: (day) => day, firstDayOf: (period) => period },
  week: {
    of: (day) => Math.floor((day + MONDAY_BEFORE) / 7),
    firstDayOf: (period) => period * 7 - MONDAY_BEFORE,
  },
  month: {
    of: (day) => {
      const date = new Date(day * DAY_MS)
      return date.getUTCFullYear() * 12 + date.getUTCMonth()
    },
    firstDayOf: (period) => {
      const date = new Date(0)
      date.setUTCFullYear(Math.floor(period / 12), ((period % 12) + 12) % 12, 1)
      return date.getTime() / DAY_MS
    },
  },
}

/** The starts of periods grow with their number, so one of three has `nowMs`, also where a clock goes back over midnight. */
function calendarSpan(nowMs: number, calendar: Calendar, period: Period): Span {
  const startOf = (number: number) => calendar.startOf(period.firstDayOf(number))
  let number = period.of(calendar.dayAt(nowMs))
  while (startOf(number) > nowMs) number -= 1
  while (startOf(number + 1) <= nowMs) number += 1
  return { startMs: startOf(number), endMs: startOf(number + 1) }
}

// What the calendar of a time zone says, by `Intl` alone. Days are numbered from 1 January 1970, which is 0.

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** Zones are at most 14 hours from UTC, and have moved by a day at most. */
const MARGIN_MS = 36 * HOUR_MS

/** Starts that were looked for before: a process asks for the same few again and again. */
const MAX_KNOWN = 500

type LocalTime = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>>

export class Calendar {
  readonly timeZone: string
  readonly #format: Intl.DateTimeFormat
  readonly #starts = new Map<number, number>()
  #hourShiftMs: number | undefined

  /** @throws RangeError when there is no such time zone */
  constructor(timeZone: string) {
    this.timeZone = timeZone
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  /** The number of the day that it is there at `atMs`. */
  dayAt(atMs: number): number {
    const { year, month, day } = this.#localAt(atMs)
    const date = new Date(0) // `Date.UTC` takes the years 0 to 99 for 1900 to 1999
    date.setUTCFullYear(year, month - 1, day)
    return Math.floor(date.getTime() / DAY_MS)
  }

  /** The first moment there that is of this day or a later one. */
  startOf(day: number): number {
    const known = this.#starts.get(day)
    if (known !== undefined) return known
    // Looked for between fixed moments, so that a day has one start even where it begins twice.
    let before = day * DAY_MS - MARGIN_MS
    let after = day * DAY_MS + MARGIN_MS
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (this.dayAt(middle) >= day) after = middle
      else before = middle
    }
    if (this.#starts.size >= MAX_KNOWN) this.#starts.clear()
    this.#starts.set(day, after)
    return after
  }

  /**
   * By how many milliseconds hours there begin before those of UTC: half an hour in India. Of one moment for all: an hour
   * must not become shorter where clocks are moved by half of one.
   */
  get hourShiftMs(): number {
    this.#hourShiftMs ??= this.#localAt(Date.UTC(2026, 0, 1)).minute * 60_000
    return this.#hourShiftMs
  }

  /** What a clock there shows: `2026-01-06` and `12:00`, with seconds where there are some. */
  clockAt(atMs: number): { readonly date: string; readonly time: string } {
    const { year, month, day, hour, minute, second } = this.#localAt(atMs)
    const two = (value: number) => String(value).padStart(2, '0')
    return {
      date: `${year}-${two(month)}-${two(day)}`,
      time: `${two(hour)}:${two(minute)}${second > 0 ? `:${two(second)}` : ''}`,
    }
  }

  #localAt(atMs: number): LocalTime {
    const parts = this.#format.formatToParts(atMs)
    const found = Object.fromEntries(parts.map(({ type, value }) => [type, value]))
    const number = (type: string) => Number(found[type])
    const year = found['era']?.startsWith('B') === true ? 1 - number('year') : number('year')
    return {
      year,
      month: number('month'),
      day: number('day'),
      hour: number('hour'),
      minute: number('minute'),
      second: number('second'),
    }
  }
}

/** The calendars that one budget needs: to make one is slow. */
export class Calendars {
  readonly #made = new Map<string, Calendar>()

  /** @throws RangeError when there is no such time zone */
  of(timeZone: string): Calendar {
    const made = this.#made.get(timeZone) ?? new Calendar(timeZone)
    this.#made.set(timeZone, made)
    return made
  }
}

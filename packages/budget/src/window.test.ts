import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { Calendars } from './calendar.ts'
import { type BudgetWindow, spanAt, type WindowKind, windowKind } from './window.ts'

const calendars = new Calendars()
const kindOf = (window: BudgetWindow, timeZone = 'UTC'): WindowKind => windowKind(window, calendars.of(timeZone))
const shown = (window: BudgetWindow, timeZone: string, at: string) => {
  const { startMs, endMs } = spanAt(kindOf(window, timeZone), Date.parse(at))
  return [new Date(startMs).toISOString().slice(0, 16), new Date(endMs).toISOString().slice(0, 16)]
}

test.each<[BudgetWindow, string, string, string, string]>([
  ['day', 'UTC', '2026-01-06T12:00Z', '2026-01-06T00:00', '2026-01-07T00:00'],
  ['day', 'Europe/Oslo', '2026-01-06T23:30Z', '2026-01-06T23:00', '2026-01-07T23:00'],
  // A day of 23 hours, and one of 25.
  ['day', 'Europe/Oslo', '2026-03-29T12:00Z', '2026-03-28T23:00', '2026-03-29T22:00'],
  ['day', 'Europe/Oslo', '2026-10-25T12:00Z', '2026-10-24T22:00', '2026-10-25T23:00'],
  // Clocks that go forward at midnight: the day begins at one.
  ['day', 'Africa/Cairo', '2026-04-24T12:00Z', '2026-04-23T22:00', '2026-04-24T21:00'],
  // A day that Samoa left out.
  ['day', 'Pacific/Apia', '2011-12-31T00:00Z', '2011-12-30T10:00', '2011-12-31T10:00'],
  ['week', 'UTC', '2026-01-04T23:59Z', '2025-12-29T00:00', '2026-01-05T00:00'],
  ['week', 'America/New_York', '2026-03-08T12:00Z', '2026-03-02T05:00', '2026-03-09T04:00'],
  ['month', 'Asia/Tokyo', '2026-01-31T16:00Z', '2026-01-31T15:00', '2026-02-28T15:00'],
  ['month', 'UTC', '2028-02-29T00:00Z', '2028-02-01T00:00', '2028-03-01T00:00'],
  ['hour', 'Asia/Kolkata', '2026-01-06T12:00Z', '2026-01-06T11:30', '2026-01-06T12:30'],
  ['hour', 'Europe/Oslo', '2026-10-25T00:30Z', '2026-10-25T00:00', '2026-10-25T01:00'],
  ['minute', 'Asia/Kathmandu', '2026-01-06T12:00:59Z', '2026-01-06T12:00', '2026-01-06T12:01'],
  [{ everyMs: 5_400_000 }, 'UTC', '1970-01-01T02:00Z', '1970-01-01T01:30', '1970-01-01T03:00'],
])('the %o of %s that %s is in goes from %s to %s', (window, timeZone, at, start, end) => {
  expect(shown(window, timeZone, at)).toEqual([start, end])
})

test('a day that begins twice, as clocks go back over midnight, leaves no gap and no overlap', () => {
  const kind = kindOf('day', 'America/St_Johns')
  const fromMs = Date.parse('2006-10-29T02:00Z') // clocks went from 00:01 to 23:01
  const spans = Array.from({ length: 150 }, (_, minute) => {
    const span = spanAt(kind, fromMs + minute * 60_000)
    expect(span.startMs).toBeLessThanOrEqual(fromMs + minute * 60_000)
    expect(span.endMs).toBeGreaterThan(fromMs + minute * 60_000)
    return span
  })
  const [first, last] = [spans[0]!, spans.at(-1)!]
  expect(first.endMs).toBe(last.startMs)
  expect(new Set(spans.map(({ startMs }) => startMs))).toEqual(new Set([first.startMs, last.startMs]))
})

const ZONES = [
  ...['UTC', 'Europe/Oslo', 'America/New_York', 'America/St_Johns', 'America/Sao_Paulo', 'America/Havana'],
  ...['Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tehran', 'Asia/Beirut', 'Africa/Cairo', 'Africa/Casablanca'],
  ...['Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Kiritimati', 'Pacific/Chatham', 'Pacific/Kwajalein'],
]
const aWindow = fc.oneof(
  fc.constantFrom<BudgetWindow>('minute', 'hour', 'day', 'week', 'month'),
  fc.record({ everyMs: fc.integer({ min: 1, max: 40 * 86_400_000 }) }),
)
// Where clocks change, and anywhere; before 1970 too, as a clock may be wrong.
const aMoment = fc.oneof(
  fc.integer({ min: Date.UTC(1960, 0), max: Date.UTC(2060, 0) }),
  fc
    .record({
      year: fc.integer({ min: 1985, max: 2040 }),
      hour: fc.integer({ min: 0, max: 24 * 366 }),
      ms: fc.integer({ min: -2, max: 2 }),
    })
    .map(({ year, hour, ms }) => Date.UTC(year, 0, 1, hour) + ms),
)

describe('windows of one kind, of any time zone and length', () => {
  test('hold the moment that they are looked for with, and every other moment of theirs gives the same', () => {
    fc.assert(
      fc.property(
        aWindow,
        fc.constantFrom(...ZONES),
        aMoment,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (window, timeZone, nowMs, part) => {
          const kind = kindOf(window, timeZone)
          const span = spanAt(kind, nowMs)
          expect(span.startMs).toBeLessThanOrEqual(nowMs)
          expect(span.endMs).toBeGreaterThan(nowMs)
          const other = span.startMs + Math.floor((span.endMs - 1 - span.startMs) * part)
          for (const at of [span.startMs, other, span.endMs - 1]) expect(spanAt(kind, at)).toEqual(span)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('follow each other without a gap', () => {
    fc.assert(
      fc.property(aWindow, fc.constantFrom(...ZONES), aMoment, (window, timeZone, nowMs) => {
        const kind = kindOf(window, timeZone)
        const span = spanAt(kind, nowMs)
        expect(spanAt(kind, span.endMs).startMs).toBe(span.endMs)
        expect(spanAt(kind, span.startMs - 1).endMs).toBe(span.startMs)
      }),
      { numRuns: 300 },
    )
  })

  test('are as long as their name says, but for what clocks are moved by', () => {
    const HOUR = 3_600_000
    const around: Readonly<Record<string, readonly [number, number]>> = {
      minute: [60_000, 60_000],
      hour: [HOUR, HOUR],
      day: [23 * HOUR, 25 * HOUR],
      week: [167 * HOUR, 169 * HOUR],
      month: [28 * 24 * HOUR - HOUR, 31 * 24 * HOUR + HOUR],
    }
    const since2012 = fc.integer({ min: Date.UTC(2012, 1), max: Date.UTC(2060, 0) })
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(around)),
        fc.constantFrom(...ZONES),
        since2012,
        (window, timeZone, nowMs) => {
          const { startMs, endMs } = spanAt(kindOf(window as 'day', timeZone), nowMs)
          const [least, most] = around[window]!
          expect(endMs - startMs).toBeGreaterThanOrEqual(least)
          expect(endMs - startMs).toBeLessThanOrEqual(most)
        },
      ),
      { numRuns: 300 },
    )
  })
})

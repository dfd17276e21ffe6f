import { expect, test } from 'vitest'

import { atTime } from './at-time.ts'

test.each([
  ['2026-06-01T09:00', '2026-06-01T07:00:00.000Z'],
  ['2026-06-01T09:00:30', '2026-06-01T07:00:30.000Z'],
  ['2026-06-01T09:00:30.25', '2026-06-01T07:00:30.250Z'],
  ['2026-06-01T09:00Z', '2026-06-01T09:00:00.000Z'],
  ['2026-06-01T09:00:00.001-05:30', '2026-06-01T14:30:00.001Z'],
  ['2026-01-01T09:00', '2026-01-01T08:00:00.000Z'],
  ['2028-02-29T23:59:59', '2028-02-29T22:59:59.000Z'],
  // Left out by summer time: as much later.
  ['2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
  // Comes twice: the first.
  ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
])('in Oslo %s is %s', (text, moment) => {
  expect(new Date(atTime(text, 'Europe/Oslo')).toISOString()).toBe(moment)
})

test.each([
  ...['2026-02-30T09:00', '2026-13-01T09:00', '2026-06-01T24:00', '2026-06-01T09:60', '2026-06-01', 'tomorrow', ''],
  ...['2026-06-01 09:00', '2026-06-01T09:00+99:00', '+002026-06-01T09:00', '2026-06-01T09:00Z\0', 'x'.repeat(1_000)],
])('%s is no moment', (text) => {
  expect(() => atTime(text, 'Europe/Oslo')).toThrow(RangeError)
})

test('a local time needs a zone that is there', () => {
  expect(() => atTime('2026-06-01T09:00', 'Europe/Atlantis')).toThrow('Expected `trigger.timeZone`')
})

import { expect, test } from 'vitest'

import { cronTimes } from './cron-times.ts'

/** The due times of an expression after a moment, as the clocks of the zone show them. */
function times(cron: string, timeZone: string, after: string, count: number): string[] {
  const next = cronTimes({ cron, timeZone })
  const found: string[] = []
  for (let time = next(Date.parse(after)); time !== undefined && found.length < count; time = next(time))
    found.push(`${new Date(time).toISOString().slice(0, 16)}Z = ${wallTime(time, timeZone)}`)
  return found
}

function wallTime(time: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, day: '2-digit', hour: '2-digit', minute: '2-digit' }).format(time)
}

test('a time of the day that summer time leaves out is due when the clocks have jumped, once', () => {
  expect(times('30 2 * * *', 'Europe/Oslo', '2026-03-27T12:00Z', 3)).toEqual([
    '2026-03-28T01:30Z = 28, 02:30',
    '2026-03-29T01:00Z = 29, 03:00',
    '2026-03-30T00:30Z = 30, 02:30',
  ])
})

test('a time of the day that comes twice in autumn is due the first time', () => {
  expect(times('30 2 * * *', 'Europe/Oslo', '2026-10-23T12:00Z', 3)).toEqual([
    '2026-10-24T00:30Z = 24, 02:30',
    '2026-10-25T00:30Z = 25, 02:30',
    '2026-10-26T01:30Z = 26, 02:30',
  ])
})

test('a time of the morning stays by the clocks on the wall', () => {
  expect(times('0 9 * * *', 'Europe/Oslo', '2026-03-28T00:00Z', 3)).toEqual([
    '2026-03-28T08:00Z = 28, 09:00',
    '2026-03-29T07:00Z = 29, 09:00',
    '2026-03-30T07:00Z = 30, 09:00',
  ])
})

test('half hours skip the hour that is left out, and go on through the one that comes twice', () => {
  expect(times('*/30 * * * *', 'Europe/Oslo', '2026-03-29T00:20Z', 3)).toEqual([
    '2026-03-29T00:30Z = 29, 01:30',
    '2026-03-29T01:00Z = 29, 03:00',
    '2026-03-29T01:30Z = 29, 03:30',
  ])
  expect(times('*/30 * * * *', 'Europe/Oslo', '2026-10-25T00:20Z', 4)).toEqual([
    '2026-10-25T00:30Z = 25, 02:30',
    '2026-10-25T01:00Z = 25, 02:00',
    '2026-10-25T01:30Z = 25, 02:30',
    '2026-10-25T02:00Z = 25, 03:00',
  ])
})

test('zones of half hours are right: Kolkata, and Lord Howe, whose clocks jump by half an hour', () => {
  expect(times('0 9 * * *', 'Asia/Kolkata', '2026-10-25T00:00Z', 1)).toEqual(['2026-10-25T03:30Z = 25, 09:00'])
  expect(times('15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T16:00Z', 2)).toEqual([
    '2026-10-03T15:30Z = 04, 02:30',
    '2026-10-04T15:15Z = 05, 02:15',
  ])
  expect(times('45 1 * * *', 'Australia/Lord_Howe', '2026-04-03T16:00Z', 2)).toEqual([
    '2026-04-04T14:45Z = 05, 01:45',
    '2026-04-05T15:15Z = 06, 01:45',
  ])
})

test('six fields begin with seconds, and names as croner knows them are fine', () => {
  const next = cronTimes({ cron: '*/20 * * * * *', timeZone: 'UTC' })
  expect([next(0), next(19_999), next(20_000), next(20_000.5)]).toEqual([20_000, 20_000, 40_000, 40_000])
  expect(times('@daily', 'UTC', '2026-01-01T00:00Z', 1)).toEqual(['2026-01-02T00:00Z = 02, 00:00'])
  expect(times('0 12 * * FRI#L', 'UTC', '2026-01-01T00:00Z', 1)).toEqual(['2026-01-30T12:00Z = 30, 12:00'])
})

test('there is nothing after the year 9999, nor on days that never come', () => {
  expect(cronTimes({ cron: '0 0 1 1 *', timeZone: 'UTC' })(Date.UTC(9999, 5))).toBeUndefined()
  expect(cronTimes({ cron: '0 0 30 2 *', timeZone: 'UTC' })(0)).toBeUndefined()
})

test.each([
  ['0 24 * * *', "got `'0 24 * * *'`: CronPattern: Invalid value for hour: 24"],
  ['* * *', 'exactly five, six, or seven'],
  ['0 0 0 1 1 * 2027', 'requires exactly 5 or 6 parts'],
  ['every monday', 'to be a cron expression of 5 or 6 fields'],
  ['@reboot', '@reboot is not supported'],
  ['2026-01-01T00:00:00', 'it is a date'],
  ['5/5 * * * *', 'stepping with numeric prefix'],
  [`${'1,'.repeat(600)}1 * * * *`, 'to have 1000 characters at most, got 1209'],
])('the expression %s is refused', (cron, message) => {
  expect(() => cronTimes({ cron, timeZone: 'UTC' })).toThrow(RangeError)
  expect(() => cronTimes({ cron, timeZone: 'UTC' })).toThrow(message)
})

test.each(['Europe/Atlantis', '', 'local', 'Europe/Oslo\0'])('the zone %j is refused', (timeZone) => {
  const read = () => cronTimes({ cron: '* * * * *', timeZone })
  expect(read).toThrow(RangeError)
  expect(read).toThrow('Expected `trigger.timeZone` to be a time zone as `Europe/Oslo`')
})

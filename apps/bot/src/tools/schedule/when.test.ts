import { expect, test } from 'vitest'

import { momentInWords, timesOf, whenInWords } from './when.ts'

const utc = (times: readonly number[]) => times.map((ms) => new Date(ms).toISOString().slice(0, 16))
const noon = Date.UTC(2026, 2, 27, 12)

test('the next times of a cron expression go with the clocks of its zone', async () => {
  const times = await timesOf({ cron: '0 8 * * *', timeZone: 'Europe/Oslo' }, noon, 3)
  // Summer time begins on the 29th.
  expect(utc(times)).toEqual(['2026-03-28T07:00', '2026-03-29T06:00', '2026-03-30T06:00'])
})

test('an interval begins now, and a single time is one', async () => {
  expect(utc(await timesOf({ everyMs: 600_000 }, noon, 3))).toEqual([
    '2026-03-27T12:10',
    '2026-03-27T12:20',
    '2026-03-27T12:30',
  ])
  const once = { at: '2026-03-27T18:00', timeZone: 'Europe/Oslo' }
  expect(utc(await timesOf(once, noon, 3))).toEqual(['2026-03-27T17:00'])
})

test.each([[{ at: '2026-03-27T08:00', timeZone: 'UTC' }], [{ cron: '61 8 * * *' }], [{ cron: '0 0 31 2 *' }]])(
  '%j has no times',
  async (trigger) => {
    await expect(timesOf(trigger, noon, 3)).rejects.toThrow(RangeError)
  },
)

test.each([
  [{ cron: '0 8 * * *' }, 'every day at 08:00 (Europe/Oslo)'],
  [{ cron: '30 17 * * 1-5' }, 'every weekday at 17:30 (Europe/Oslo)'],
  [{ cron: '5 9 * * 1,4' }, 'every Monday and Thursday at 09:05 (Europe/Oslo)'],
  [{ cron: '0 9 * * 7' }, 'every Sunday at 09:00 (Europe/Oslo)'],
  [{ cron: '0 9 1 * *' }, 'on day 1 of each month at 09:00 (Europe/Oslo)'],
  [{ cron: '*/30 9-17 * * 1-5' }, 'by the times `*/30 9-17 * * 1-5` (Europe/Oslo)'],
  [{ cron: '0 9 * * MON' }, 'by the times `0 9 * * MON` (Europe/Oslo)'],
  [{ cron: '0 9 1 1 *' }, 'by the times `0 9 1 1 *` (Europe/Oslo)'],
  [{ cron: '0 9 1 * 1' }, 'by the times `0 9 1 * 1` (Europe/Oslo)'],
  [{ everyMinutes: 45 }, 'every 45 minutes'],
  [{ everyMinutes: 60 }, 'every hour'],
  [{ everyMinutes: 120 }, 'every 2 hours'],
  [{ at: '2026-11-22T08:00' }, 'once, at 2026-11-22 08:00 (Europe/Oslo)'],
])('%j reads as %s', (when, words) => {
  expect(whenInWords({ ...when, timeZone: 'Europe/Oslo' })).toBe(words)
})

test('a moment is told by the clocks of a zone', () => {
  expect(momentInWords(noon, 'Asia/Tokyo')).toBe('Friday 27 March 2026, 21:00')
  expect(momentInWords(Date.UTC(2026, 2, 27), 'UTC')).toBe('Friday 27 March 2026, 00:00')
})

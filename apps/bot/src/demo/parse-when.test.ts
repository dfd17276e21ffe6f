import { expect, test } from 'vitest'

import { parseTask } from './parse-when.ts'

const cron = (text: string, timeZone = 'Europe/Berlin') => ({ kind: 'cron', cron: text, timeZone })
const once = (day: number | string | undefined, time: string, timeZone = 'Europe/Berlin') => ({
  kind: 'once',
  day,
  time,
  timeZone,
})

test.each([
  ['Every morning at 8 in Oslo, tell me the news', cron('0 8 * * *', 'Europe/Oslo'), 'Tell me the news'],
  ['every morning tell me the news.', cron('0 8 * * *'), 'Tell me the news.'],
  ['Tell me the news every day at 8:30', cron('30 8 * * *'), 'Tell me the news'],
  ['In Tokyo, every evening at 8: sum up the day', cron('0 20 * * *', 'Asia/Tokyo'), 'Sum up the day'],
  ['every night, lock the door', cron('0 21 * * *'), 'Lock the door'],
  ['please remind me every weekday at 7pm to stretch', cron('0 19 * * 1-5'), 'Remind me to stretch'],
  ['every weekend at noon cook', cron('0 12 * * 0,6'), 'Cook'],
  ['Every Monday and thursday at 12am in New York, check', cron('0 0 * * 1,4', 'America/New_York'), 'Check'],
  ['on Mondays at 9.15 plan the week', cron('15 9 * * 1'), 'Plan the week'],
  ['each friday afternoon say goodbye', cron('0 14 * * 5'), 'Say goodbye'],
  ['daily at midnight in Europe/Oslo: tidy up', cron('0 0 * * *', 'Europe/Oslo'), 'Tidy up'],
  ['every month at 9, pay the rent', cron('0 9 1 * *'), 'Pay the rent'],
  ['Research hotels in Paris every Monday', cron('0 9 * * 1'), 'Research hotels in Paris'],
  ['every 30 minutes, look outside', { kind: 'every', minutes: 30 }, 'Look outside'],
  ['Drink water every hour', { kind: 'every', minutes: 60 }, 'Drink water'],
  ['every 2 hours drink', { kind: 'every', minutes: 120 }, 'Drink'],
  [
    'Remind me in 10 minutes to stretch',
    { kind: 'in', minutes: 10, timeZone: 'Europe/Berlin' },
    'Remind me to stretch',
  ],
  ['in half an hour, call Eve', { kind: 'in', minutes: 30, timeZone: 'Europe/Berlin' }, 'Call Eve'],
  ['in two days call Eve', { kind: 'in', minutes: 2_880, timeZone: 'Europe/Berlin' }, 'Call Eve'],
  ['Tomorrow at 9 call Eve', once(1, '09:00'), 'Call Eve'],
  ['tomorrow evening at 8 in London call Eve', once(1, '20:00', 'Europe/London'), 'Call Eve'],
  ['Call Eve tonight', once(0, '21:00'), 'Call Eve'],
  ['On Friday at 5pm, call Eve', once('friday', '17:00'), 'Call Eve'],
  ['Remind me at 17:05 of the bread', once(undefined, '17:05'), 'Remind me of the bread'],
  ['every day at 8', cron('0 8 * * *'), 'Say hello, and tell what time it is.'],
])('“%s” is understood', (sentence, when, task) => {
  expect(parseTask(sentence, 'Europe/Berlin')).toEqual({ when, task })
})

test.each([
  'Hello there',
  'I was there at 8',
  'What do you do every day?',
  'Remind me of the bread',
  'What time is it in Oslo?',
])('“%s” says no time at which to do something', (sentence) => {
  expect(parseTask(sentence, 'UTC')).toBeUndefined()
})

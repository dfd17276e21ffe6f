import { expect, test } from 'vitest'

import { CITY, zoneOf } from './cities.ts'

test('every city has a zone that there is', () => {
  const cities = /^\(\?:(.+?)\|\[A-Z\]/.exec(CITY)![1]!.split('|')
  expect(cities).toContain('Oslo')
  for (const city of cities) expect(() => new Intl.DateTimeFormat('en', { timeZone: zoneOf(city) })).not.toThrow()
})

test.each([
  ['oslo', 'Europe/Oslo'],
  ['SÃO PAULO', 'America/Sao_Paulo'],
  ['America/Bogota', 'America/Bogota'],
  ['europe/oslo', 'Europe/Oslo'],
  ['Atlantis', undefined],
  ['Foo/Bar', undefined],
])('%s is in the zone %s', (place, zone) => {
  expect(zoneOf(place)).toBe(zone)
})

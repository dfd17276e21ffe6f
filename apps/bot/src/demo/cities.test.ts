import { expect, test } from 'vitest'

import { zoneOf, ZONES } from './cities.ts'

test('every city has a zone that there is', () => {
  for (const timeZone of Object.values(ZONES)) expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow()
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

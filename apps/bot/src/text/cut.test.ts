import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { cut } from './cut.ts'
import { oneLine } from './one-line.ts'

test.each([
  ['ferns', 5, 'ferns'],
  ['ferns!', 5, 'fern…'],
  ['a fern', 3, 'a…'],
  ['🌍🌍', 4, '🌍🌍'],
  ['🌍🌍🌍', 4, '🌍…'],
  ['🌍🌍🌍', 5, '🌍🌍…'],
  ['ab', 1, '…'],
])('cut() makes of %j, with %i characters at most, %j', (text, longest, short) => {
  expect(cut(text, longest)).toBe(short)
})

test('what cut() gives is never too long, and never ends within a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, longest) => {
      const short = cut(text, longest)
      expect(short.length).toBeLessThanOrEqual(longest)
      expect(short.isWellFormed()).toBe(true)
    }),
  )
})

test('oneLine() leaves single spaces, and none around', () => {
  expect(oneLine(' a\n\n b\t\u2028c \r\n')).toBe('a b c')
})

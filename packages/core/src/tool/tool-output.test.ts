import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { truncate } from './tool-output.ts'

test('truncate() leaves what fits as it is', () => {
  expect(truncate('12345', 5)).toBe('12345')
  expect(truncate('123456', 5)).toMatch(/^12345\n\[cut: 1 of 6 /)
})

test('truncate() keeps at most the given characters, never half of one, and says how many are missing', () => {
  const longText = fc.string({ unit: 'binary', minLength: 31 })
  fc.assert(
    fc.property(longText, fc.integer({ min: 1, max: 30 }), (text, maxChars) => {
      const cut = truncate(text, maxChars)
      const [, kept = '', missing, all] =
        /^([\s\S]*)\n\[cut: (\d+) of (\d+) characters are not shown\]$/.exec(cut) ?? []
      expect(cut.isWellFormed()).toBe(true)
      expect(kept.length).toBeLessThanOrEqual(maxChars)
      expect(Number(missing) + kept.length).toBe(text.length)
      expect(Number(all)).toBe(text.length)
    }),
  )
})

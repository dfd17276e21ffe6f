import { expect, test } from 'vitest'

import { safeLine, safeText, wrap } from './terminal-text.ts'

test('safeText() keeps words, lines and tabs, and nothing that steers', () => {
  expect(safeText('a\u001B[31mb\u001B]0;title\u0007c\u009B2Jd\u202Ee\tf\r\ng\rh\u0000')).toBe('abcde\tf\ng h')
  expect(safeLine(' a\n\n b\tc ')).toBe('a b c')
})

test('wrap() fills lines, counts wide characters as two, and keeps the indent of what is indented', () => {
  expect(wrap('one two three four five six', 24, '  ')).toBe('  one two three four\n  five six')
  expect(wrap('漢字 漢字 漢字 漢字 漢字', 24, '  ')).toBe('  漢字 漢字 漢字 漢字\n  漢字')
  expect(wrap('text:\n\n    code and more code than fits', 30, '')).toBe(
    'text:\n\n    code and more code than\n    fits',
  )
  expect(wrap('x'.repeat(50), 30, '  ')).toBe(`  ${'x'.repeat(50)}`)
})

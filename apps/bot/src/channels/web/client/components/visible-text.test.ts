import { expect, test } from 'vitest'

import { visibleText } from './visible-text.ts'

test('characters that hide or turn the text are named', () => {
  expect(visibleText('rm \u202Etxt.a\u202C\u061C\u200B\u0007\u{E0041}\u2028\u3164\n\tok é 👋')).toBe(
    'rm [U+202E]txt.a[U+202C][U+061C][U+200B][U+0007][U+E0041][U+2028][U+3164]\n\tok é 👋',
  )
})

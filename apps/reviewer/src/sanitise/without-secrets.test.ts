import { expect, test } from 'vitest'

import { withoutSecrets } from './without-secrets.ts'

test('secrets go from all texts, however deep, and nothing else changes', () => {
  const said = { findings: [{ title: 'key is sk-123456789!', line: 3, none: null }], all: ['sk-123456789sk-123456789'] }
  expect(withoutSecrets(said, ['sk-123456789', 'forge-token'])).toEqual({
    findings: [{ title: 'key is [redacted]!', line: 3, none: null }],
    all: ['[redacted][redacted]'],
  })
})

test('what is too short to be a key is left', () => {
  expect(withoutSecrets('a test of the tests', ['test', ''])).toBe('a test of the tests')
})

import { expect, test } from 'vitest'

import { BUILT_IN_LENSES } from './built-in-lenses.ts'
import { readReviewFile } from './review-file.ts'

test.each([undefined, '', ' \n', '# lenses: [security]\n', '{}'])('%j says nothing', (text) => {
  expect(readReviewFile(text)).toEqual({ lenses: BUILT_IN_LENSES })
})

test('lenses are built-in ones by their names, or of one’s own', () => {
  const text = 'lenses: [tests, { name: money, instructions: Look at cents. }]\nexclude: [docs/**]\nrules: UTC.\n'
  expect(readReviewFile(text)).toEqual({
    lenses: [
      BUILT_IN_LENSES.find(({ name }) => name === 'tests'),
      { name: 'money', title: 'money', instructions: 'Look at cents.' },
    ],
    exclude: ['docs/**'],
    rules: 'UTC.',
  })
})

test.each([
  ['a: [', /is no YAML/],
  ['rules: a\nrules: b', /is no YAML: Map keys must be unique/],
  ['a: &a [x]\nb: [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]', /is no YAML: Excessive alias count/],
  ['['.repeat(20_000), /is no YAML/],
  ['hello', /expected object/],
  ['models: [x]', /Unrecognized key: "models"/],
  ['lenses: []', /→ at lenses/],
  ['lenses: [{ name: ../../x, instructions: x }]', /expected lower-case letters, digits and hyphens/],
  ['lenses: [beauty]', /There is no lens beauty: expected one of security, /],
  ['lenses: [tests, tests]', /names the lens tests twice/],
  [`rules: ${'x'.repeat(20_001)}`, /at rules/],
])('%.40s is told as a fault', (text, message) => {
  expect(() => readReviewFile(text)).toThrow(message)
})

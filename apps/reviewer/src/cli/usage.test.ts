import { expect, test } from 'vitest'

import { SEVERITIES } from '../finding/finding.ts'
import { BUILT_IN_LENSES } from '../lens/built-in-lenses.ts'
import { EXIT } from './exit-code.ts'
import { FORMATS, OPTIONS } from './options.ts'
import { USAGE } from './usage.ts'

const described = USAGE.split('\n').flatMap((line) => /^ {2}(--[\w-]+)/.exec(line)?.[1] ?? [])

test('the usage describes every option, and none that there is not', () => {
  const taken = Object.keys(OPTIONS).map((name) => `--${name}`)
  expect(described.toSorted()).toEqual(taken.toSorted())
})

test('it names all that may be chosen, what is taken without a choice, and every exit code', () => {
  for (const choices of [FORMATS, SEVERITIES, BUILT_IN_LENSES.map(({ name }) => name)])
    expect(USAGE).toContain(choices.join(', '))
  for (const option of ['format', 'min-severity', 'min-agreement', 'max-comments'] as const)
    expect(USAGE).toMatch(new RegExp(`--${option} [^\\n]*\\(${OPTIONS[option].default}\\)\\n`))
  for (const code of Object.values(EXIT)) expect(USAGE).toMatch(new RegExp(`Exit codes:[^.]*\\s${code} \\S`))
})

test('it fits a terminal of 120 columns', () => {
  expect(Math.max(...USAGE.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120)
})

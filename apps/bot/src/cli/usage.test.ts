import { expect, test } from 'vitest'

import { DEFAULTS } from '../config/defaults.ts'
import { environmentFrom } from '../from-env.ts'
import { OPTIONS } from './options.ts'
import { USAGE } from './usage.ts'

test('the usage describes every option, and none that there is not', () => {
  const described = USAGE.split('\n').flatMap((line) => /^ {2}(--[\w-]+)/.exec(line)?.[1] ?? [])
  const taken = Object.keys(OPTIONS).map((name) => `--${name}`)
  expect(described.toSorted()).toEqual(taken.toSorted())
})

test('it names variables that there are, and the port that is taken', () => {
  const variables = [...USAGE.matchAll(/EXECUTUS_BOT_\w+/g)].map(([name]) => name)
  expect(variables).toHaveLength(3)
  const { faults } = environmentFrom(Object.fromEntries(variables.map((name) => [name, ''])))
  expect(faults).toEqual([])
  expect(USAGE).toContain(`(${DEFAULTS.web.port})`)
})

test('it fits a terminal of 120 columns', () => {
  expect(Math.max(...USAGE.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120)
})

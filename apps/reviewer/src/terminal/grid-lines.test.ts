import { stripVTControlCharacters } from 'node:util'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { b1, b2, claude, gpt, memberOf, security, tests } from '../report/review.test-kit.ts'
import { paint } from '../report/terminal-text.ts'
import type { ReviewEvent } from '../review/review-event.ts'
import { gridLines, type GridStyle } from './grid-lines.ts'
import { eventsOf, planOf, stateAfter } from './progress.test-kit.ts'
import { widthOf } from './text-width.ts'

const styleOf = (given: Partial<GridStyle> & { readonly hasColor?: boolean } = {}): GridStyle => ({
  width: 80,
  height: 24,
  nowMs: 41_500,
  isUtf8: true,
  paint: { ...paint(given.hasColor === true), plain: (text) => text },
  ...given,
})

/** As a person sees them. */
const linesOf = (state: Parameters<typeof gridLines>[0], given: Parameters<typeof styleOf>[0] = {}) =>
  gridLines(state, styleOf(given)).map((line) => line.trimEnd())

const qwen = memberOf('local/qwen-local', 'qwen')
const plan = planOf({ members: [claude, gpt, qwen] })
const events = eventsOf(plan)
const midway = stateAfter(plan, [
  [0, events.start('claude security b1')],
  [9_000, events.ok('claude security b1', 3)],
  [10_000, events.start('gpt security b1')],
  [12_000, events.hole('gpt security b1', 'failed', 'Too Many Requests (429)')],
  [33_000, events.start('gpt tests b1')],
  [34_000, events.hole('qwen-local tests b1', 'skipped', 'what may be spent was spent before')],
])

test('a grid has a row for each model and says of each cell how it is', () => {
  expect(linesOf(midway)).toEqual([
    'reviewing 1 file · 1 bundle · 3 models × 2 lenses   $0.50  0:41',
    '              security       tests',
    '  claude      ✔ 3            ·',
    '  gpt         ✖ rate limit   ⠇ 8s',
    '  qwen-local  ·              ⊘ budget',
    '  2 of 6 cells · 1 running · 3 findings · 1 failed · 1 skipped · ^C ends early',
  ])
})

test('a terminal of ASCII gets ASCII', () => {
  const lines = linesOf(midway, { isUtf8: false })
  expect(lines).toEqual([
    'reviewing 1 file | 1 bundle | 3 models x 2 lenses   $0.50  0:41',
    '              security       tests',
    '  claude      + 3            .',
    '  gpt         x rate limit   | 8s',
    '  qwen-local  .              - budget',
    '  2 of 6 cells | 1 running | 3 findings | 1 failed | 1 skipped | ^C ends early',
  ])
})

test('colours change nothing but colours', () => {
  const painted = gridLines(midway, styleOf({ hasColor: true }))
  expect(painted.join('')).toContain('\u001B[31m✖ rate limit')
  expect(painted.map((line) => stripVTControlCharacters(line).trimEnd())).toEqual(linesOf(midway))
})

test('a cell of several bundles counts them', () => {
  const several = planOf({ members: [claude, gpt], bundles: [b1, b2] })
  const its = eventsOf(several)
  const state = stateAfter(several, [
    [0, its.ok('claude security b1', 2)],
    [0, its.start('claude security b2')],
    [0, its.ok('claude tests b1', 2)],
    [0, its.ok('claude tests b2', 3)],
    [0, its.hole('gpt security b1', 'timeout', 'no answer in 300 s')],
    [0, its.hole('gpt security b2', 'skipped', 'the review was stopped before')],
    [0, its.hole('gpt tests b1', 'failed', '401')],
    [0, its.start('gpt tests b2')],
  ])
  expect(linesOf(state).slice(2, 4)).toEqual([
    '  claude  ⠙ 1/2 41s          ✔ 5',
    '  gpt     ✖ 1 timeout        ⠙ 1/2 41s ✖1',
  ])
})

test('when models try to refute, and when all is over, the foot says how far it is', () => {
  const small = planOf({ members: [claude], lenses: [security] })
  const its = eventsOf(small)
  const verdict = (done: number, one: 'confirmed' | 'refuted'): readonly [number, ReviewEvent] => [
    0,
    { type: 'refute-end', done, total: 3, verdict: one },
  ]
  const state = stateAfter(small, [
    [0, its.ok('claude security b1', 5)],
    [0, { type: 'refute-start', clusters: 3 }],
    verdict(1, 'confirmed'),
    verdict(2, 'refuted'),
  ])
  expect(linesOf(state, { width: 120 }).at(-1)).toBe(
    '  1 of 1 cells · 5 findings merged to 3 · trying to refute 2 of 3 · 1 confirmed · 1 refuted',
  )
  state.endedAtMs = 62_000
  const [head, ...rest] = linesOf(state, { width: 120 })
  expect(head).toMatch(/^reviewed 1 file · .* 1:02$/)
  expect(rest.at(-1)).toBe('  1 of 1 cells · 5 findings merged to 3 · 1 confirmed · 1 refuted')
})

test('what stops it, and what ^C does next, is told', () => {
  const its = eventsOf(plan)
  const started = its.start('gpt tests b1')
  const foot = (why: 'interrupted' | 'max-cost') =>
    linesOf(
      stateAfter(plan, [
        [0, started],
        [0, { type: 'stopping', why }],
      ]),
      { width: 120 },
    ).at(-1)
  expect(foot('interrupted')).toMatch(/ · stopping, 1 cell still ending · \^C again ends now$/)
  expect(foot('max-cost')).toMatch(/ · --max-cost is reached, 1 cell still ending$/)
})

test('a terminal of less than 60 columns gets sums, and so does a grid of more than 40 cells', () => {
  expect(linesOf(midway, { width: 50 })).toEqual([
    'reviewing 1 file · 1 bundle · 3 model… $0.50  0:41',
    '  claude      1/2  3 findings',
    '  gpt         1/2  0 findings  ✖ 1 rate limit',
    '  qwen-local  1/2  0 findings  ✖ 1 budget',
    '  2 of 6 cells · 1 running · 3 findings · 1 faile…',
  ])
  const members = Array.from({ length: 21 }, (_, index) => memberOf(`x/m${index}`, `m${index}`))
  const large = planOf({ members })
  expect(linesOf(stateAfter(large, []), { height: 40 })[1]).toBe('  m0   0/2  0 findings')
  expect(linesOf(stateAfter(planOf({ members: members.slice(0, 20) }), []), { height: 40 })[1]).toBe(
    '       security       tests',
  )
})

test('what is taller than the terminal shrinks to a head and a foot', () => {
  expect(linesOf(midway, { height: 6 })).toHaveLength(2)
  expect(linesOf(midway, { height: 7 })).toHaveLength(6)
})

test('a demo says so, and names no cost', () => {
  const state = stateAfter(planOf({ isDemo: true }), [])
  expect(linesOf(state)[0]).toMatch(/^DEMO reviewing 1 file · .* 0:41$/)
  expect(linesOf(state)[0]).not.toContain('$')
})

test('no line is ever wider than the terminal', () => {
  const names = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 200 }), fc.boolean(), (given, width, isUtf8) => {
      const members = given.map((name, index) => ({ ...claude, name: `${index}${name.replaceAll(/\p{C}/gu, '')}` }))
      const own = planOf({ members, lenses: [security, tests] })
      const its = eventsOf(own)
      const state = stateAfter(own, [
        [0, its.hole(`${members[0]!.name} tests b1`, 'failed', given[0]!)],
        [0, its.start(`${members[0]!.name} security b1`)],
      ])
      for (const line of gridLines(state, styleOf({ width, isUtf8 }))) expect(widthOf(line)).toBeLessThanOrEqual(width)
    }),
    { numRuns: 300 },
  )
})

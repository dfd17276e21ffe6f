import { stripVTControlCharacters } from 'node:util'

import { expect, test } from 'vitest'

import { claude, cleanReview, clusterOf, hole, richReview, steeringIn } from './review.test-kit.ts'
import { textReport } from './text-report.ts'

const all = { minSeverity: 'low', minAgreement: 1 } as const
const plain = { hasColor: false, width: 80 }
const short = (text: string) => text.replaceAll(/x{100,}/g, 'xxx')

test('a report is headed by what was not looked at, and says all that is known of each finding', () => {
  expect(short(textReport(richReview(), all, plain))).toBe(`Let users log in
INCOMPLETE: 5 of 8 cells (2 models x 2 lenses x 2 bundles)
  - gpt x security failed: 429 too many requests (2 bundles)
  - gpt x tests timeout: no answer in 300 s
Not reviewed: 2 files (1 lock file, 1 binary)
  - pnpm-lock.yaml is written by a package manager
  - logo.png is binary
Hidden text, which no model was shown:
  - 2 x zero-width in title
  - 1 x bidi-control in src/login.ts:12

3 findings

CRITICAL Untrusted text is run as code
  src/login.ts:12  code-injection
  2 of 2 families (claude, gpt), confirmed by gpt
  12 | const user = eval(name)
  Whoever names a user runs code on the server.
  Instead:
    const user = JSON.parse(name)

HIGH     The check is gone
  src/login.ts (deleted line 3)  missing-check
  1 of 2 families (claude), not verified: gpt gave no answer: 429
  3 | check(user)
  Whoever names a user runs code on the server.

MEDIUM   Look <img src=x> @team # \`here\`
  src/ü [x]#1.ts:1-2  ab
  1 of 2 families (gpt), confirmed by claude
  1 | const a = \`b\`
  2 | \`\`\`evil
  <script>alert(1)</script> @ann ![x](http://x/y.png) #12
  \`\`\`
  open
  xxx...
  (6065 more characters)

Refuted: 1
  - src/login.ts:20-21 The name is short (gpt: Names may be short, @ann.)

$0.0800 | 12.3 s | 1 report about no line of the change`)
})

test('a complete review without findings says so in one line', () => {
  expect(textReport(cleanReview(), all, plain)).toBe(
    'Complete: 8 of 8 cells (2 models x 2 lenses x 2 bundles)\n\nNothing found.\n\n$0.0800 | 12.3 s',
  )
})

test('a review of which a model failed is never clean', () => {
  const cells = cleanReview().cells.map((cell) => (cell.member === claude ? hole(cell, 'failed', '401') : cell))
  const text = textReport(cleanReview({ cells }), all, plain)
  expect(text).toMatch(/^INCOMPLETE: 4 of 8 cells .*\n {2}- claude x security failed: 401 \(2 bundles\)\n/)
  expect(text).toContain('Nothing found in what was looked at.')
  expect(text).not.toContain('Complete:')
})

test('a change of which nothing is reviewed is not called clean either', () => {
  const text = textReport(cleanReview({ cells: [], bundles: [] }), all, plain)
  expect(text).toContain('Nothing to look at')
  expect(text).toContain('No line was looked at.')
})

test('a demo and an early end are told before any finding', () => {
  const { cells } = cleanReview()
  const left = cells.map((cell, index) => (index > 3 ? hole(cell, 'skipped', 'the review was stopped before') : cell))
  const review = cleanReview({ isDemo: true, endedEarly: 'interrupted', cells: left })
  expect(textReport(review, all, plain).split('\n').slice(0, 6)).toEqual([
    'DEMO: no model is configured; the reviewers are scripted, the change is real.',
    'INCOMPLETE: 4 of 8 cells (2 models x 2 lenses x 2 bundles)',
    '  - claude x security skipped: the review was stopped before',
    '  - gpt x security skipped: the review was stopped before',
    '  - claude x tests skipped: the review was stopped before',
    '  - gpt x tests skipped: the review was stopped before',
  ])
})

test('what is filtered away is counted', () => {
  const text = textReport(richReview(), { minSeverity: 'high', minAgreement: 2 }, plain)
  expect(text).toContain('\n\n1 finding\n\nCRITICAL')
  expect(text).toContain('3 findings below what was asked for')
})

test('no text of a model or of a change steers the terminal, with colours or without', () => {
  for (const hasColor of [false, true]) {
    const text = textReport(richReview(), all, { hasColor, width: 80 })
    const isOurs = (character: string) => hasColor && character === '\u001B'
    expect(steeringIn(text).filter((character) => !isOurs(character))).toEqual([])
    expect(stripVTControlCharacters(text)).toBe(textReport(richReview(), all, plain))
    expect(text.includes('\u001B')).toBe(hasColor)
  }
})

test('long quotes, suggestions, lists and bodies end, and say what is left out', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`).join('\n')
  const skipped = Array.from({ length: 40 }, (_, index) => ({
    path: `${index}`,
    reason: 'vendored' as const,
    why: `${index} is vendored`,
    changedLines: 1,
  }))
  const found = clusterOf(
    { quote: lines(30), suggestion: lines(90), body: 'word '.repeat(5_000) },
    { verdict: { type: 'unverified', why: 'x' } },
  )
  const text = textReport(cleanReview({ skipped, clusters: [found] }), all, plain)
  expect(text).toContain('  and 22 more lines')
  expect(text).toContain('    and 74 more')
  expect(text).toContain('  - and 30 more')
  expect(text).toContain('more characters)')
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80)
})

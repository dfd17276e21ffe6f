import { expect, test } from 'vitest'

import type { SkipReason } from '../select/selection.ts'
import { costText, coverageLine, earlyEnd, holeLines, seconds, skippedLine } from './coverage.ts'
import { b1, cleanReview, fleet, gpt, hole, security } from './review.test-kit.ts'

test('coverageLine() counts what was looked at, and calls nothing complete that is not', () => {
  const { cells } = cleanReview()
  const [first, ...others] = cells
  expect(coverageLine(cleanReview())).toBe('Complete: 8 of 8 cells (2 models x 2 lenses x 2 bundles)')
  for (const status of ['failed', 'timeout', 'skipped'] as const)
    expect(coverageLine(cleanReview({ cells: [hole(first!, status, 'x'), ...others] }))).toMatch(/^INCOMPLETE: 7 of 8/)
  expect(coverageLine(cleanReview({ cells: [] }))).toBe('Nothing to look at')
})

test('holeLines() tells holes that are alike once, and others each', () => {
  const cells = cleanReview().cells.map((cell, index) => hole(cell, 'failed', index < 4 ? 'a' : 'b'))
  expect(holeLines(cleanReview({ cells }))).toHaveLength(8)
  expect(holeLines(cleanReview({ cells: cells.map((cell) => hole(cell, 'timeout', 'a')) }))).toEqual([
    'claude x security timeout: a (2 bundles)',
    'gpt x security timeout: a (2 bundles)',
    'claude x tests timeout: a (2 bundles)',
    'gpt x tests timeout: a (2 bundles)',
  ])
})

test('holeLines() sums up a reason that many have', () => {
  const lenses = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...security, name }))
  const holesOf = (members: typeof fleet) =>
    lenses.flatMap((lens) => members.map((member) => hole({ member, lens, bundle: b1 }, 'failed', 'no key')))
  expect(holeLines({ cells: holesOf([gpt]) })).toEqual(['gpt x 5 lenses failed: no key (5 cells)'])
  expect(holeLines({ cells: holesOf(fleet) })).toEqual(['2 models x 5 lenses failed: no key (10 cells)'])
  expect(holeLines({ cells: holesOf(fleet).slice(0, 4) })).toHaveLength(4)
})

test('earlyEnd() says why, and nothing about a review that came to its end', () => {
  expect(earlyEnd(cleanReview())).toBeUndefined()
  expect(earlyEnd(cleanReview({ endedEarly: 'interrupted' }))).toContain('interrupted')
  expect(earlyEnd(cleanReview({ endedEarly: 'max-cost' }))).toContain('cost')
})

test('skippedLine() counts by reason', () => {
  const reasons: readonly SkipReason[] = ['lock-file', 'lock-file', 'symlink', 'mode-changed', 'binary', 'binary']
  const skipped = reasons.map((reason) => ({ path: 'a', reason, why: '', changedLines: 0 }))
  expect(skippedLine({ skipped })).toBe('2 lock files, 1 symlink, 1 mode changed, 2 binary')
})

test.each([
  [0, '0.0 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 0 s'],
  [119_600, '2 min 0 s'],
  [3_601_000, '60 min 1 s'],
])('seconds(%d) is %s', (ms, text) => {
  expect(seconds(ms)).toBe(text)
})

test.each([
  [0, false, '$0.00'],
  [0, true, 'cost unknown'],
  [0.0123, false, '$0.0123'],
  [0.5, true, 'more than $0.50'],
  [12, false, '$12.00'],
])('costText() of %d, unknown ones beside it: %s, is %s', (knownUsd, hasUnknown, text) => {
  expect(costText({ knownUsd, hasUnknown })).toBe(text)
})

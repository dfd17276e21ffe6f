import { expect, test } from 'vitest'

import type { Severity } from '../finding/finding.ts'
import { cleanReview, clusterOf, hole } from '../report/review.test-kit.ts'
import type { Review } from '../review/review.ts'
import { exitCodeOf } from './exit-code.ts'

const found = (severity: Severity, type: 'confirmed' | 'refuted' = 'confirmed') =>
  clusterOf({ severity }, { verdict: { type, model: 'gpt', reason: '' } })
const [first, ...others] = cleanReview().cells
const holed = (status: 'failed' | 'timeout' | 'skipped') => ({ cells: [hole(first!, status, 'x'), ...others] })

test.each<[string, Partial<Review>, Severity | undefined, number]>([
  ['nothing found', {}, 'low', 0],
  ['findings that nobody asked to fail on', { clusters: [found('critical')] }, undefined, 0],
  ['findings below the threshold', { clusters: [found('medium')] }, 'high', 0],
  ['a finding at it', { clusters: [found('high')] }, 'high', 1],
  ['one above it, behind one below', { clusters: [found('low'), found('critical')] }, 'high', 1],
  ['one that was refuted', { clusters: [found('critical', 'refuted')] }, 'low', 0],
  ['a cell that failed', holed('failed'), undefined, 3],
  ['a cell that took too long', holed('timeout'), undefined, 3],
  ['a cell that was left out', holed('skipped'), undefined, 3],
  ['a hole, which weighs more than a finding', { ...holed('failed'), clusters: [found('critical')] }, 'low', 3],
  ['an end by cost that left cells out', { ...holed('skipped'), endedEarly: 'max-cost' }, undefined, 3],
  ['an interruption, which weighs more than holes', { ...holed('skipped'), endedEarly: 'interrupted' }, 'low', 130],
  ['nothing to look at', { cells: [], bundles: [] }, 'low', 0],
])('%s', (_, given, failOn, code) => {
  expect(exitCodeOf(cleanReview(given), { failOn, minSeverity: 'low', minAgreement: 1 })).toBe(code)
})

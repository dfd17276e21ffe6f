import { expect, test } from 'vitest'

import { SEVERITIES, type Severity } from '../finding/finding.ts'
import type { Cluster } from './cluster.ts'
import { findingOf } from './findings.test-kit.ts'
import { byRank, confidenceOf, severityOf, speakerOf } from './rank.ts'

test.each<readonly [string, Severity]>([
  ['low', 'low'],
  ['critical', 'critical'],
  ['critical low', 'critical'],
  ['critical low low', 'low'],
  ['critical high low', 'high'],
  ['critical critical low low', 'critical'],
  ['critical high medium low', 'high'],
  ['low medium low critical low', 'low'],
])('of %s the severity is %s', (said, severity) => {
  const members = said.split(' ').map((each) => findingOf({ severity: SEVERITIES.find((known) => known === each)! }))
  expect(severityOf(members)).toBe(severity)
  expect(severityOf(members.toReversed())).toBe(severity)
})

test.each<readonly [string, number]>([
  ['one 0.5', 0.5],
  ['one 0.5, two 0.5', 0.75],
  ['one 0.5, one 0.8', 0.8],
  ['one 0.5, one 0.8, two 0.5', 0.9],
  ['one 1, two 0.1', 1],
  ['one 0', 0],
])('of %s the confidence is %d', (said, confidence) => {
  const members = said.split(', ').map((each) => {
    const [family, sure] = each.split(' ')
    return findingOf({ confidence: Number(sure), source: { family: family! } })
  })
  expect(confidenceOf(members)).toBeCloseTo(confidence)
})

test('the surest is shown; of those the one that says most; of those the first by name', () => {
  const [unsure, brief] = [
    findingOf({ confidence: 0.4, body: 'long, '.repeat(9) }),
    findingOf({ confidence: 0.9, body: 'b' }),
  ]
  const [long, other] = [
    findingOf({ confidence: 0.9, body: 'longer', source: { model: 'z' } }),
    findingOf({ confidence: 0.9, body: 'longer', source: { model: 'a' } }),
  ]
  expect(speakerOf([unsure, brief])).toBe(brief)
  expect(speakerOf([brief, long])).toBe(long)
  expect(speakerOf([unsure, brief, long, other])).toBe(other)
})

const cluster = (name: string, given: Partial<Cluster> = {}): Cluster => ({
  fingerprint: name,
  finding: findingOf(),
  members: [],
  families: ['one'],
  severity: 'medium',
  confidence: 0.5,
  verdict: { type: 'unverified', why: '' },
  ...given,
})
const confirmed = { type: 'confirmed', model: 'm', reason: 'r' } as const
const refuted = { type: 'refuted', model: 'm', reason: 'r' } as const

test('agreement ranks first, then what is at stake, a confirmation, how sure they are, and the place; refuted ones are last', () => {
  const ranked = [
    cluster('two families', { families: ['one', 'two'], severity: 'low', confidence: 0.1 }),
    cluster('critical', { severity: 'critical', confidence: 0.1 }),
    cluster('confirmed', { verdict: confirmed, confidence: 0.1 }),
    cluster('sure', { confidence: 0.9 }),
    cluster('path', { finding: findingOf({ path: 'a.ts', startLine: 99 }) }),
    cluster('line', { finding: findingOf({ startLine: 2 }) }),
    cluster('plain a'),
    cluster('plain b'),
    cluster('refuted', { verdict: refuted, families: ['one', 'two', 'three'], severity: 'critical' }),
  ]
  expect(ranked.toReversed().toSorted(byRank)).toEqual(ranked)
  expect(ranked.toSorted((a, b) => byRank(b, a))).toEqual(ranked.toReversed())
})

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Finding } from '../finding/finding.ts'
import { consolidate } from './consolidate.ts'
import { readCorpus } from './corpus.test-kit.ts'
import { findingOf, type GivenFinding } from './findings.test-kit.ts'

const by = (family: string, given: GivenFinding): Finding =>
  findingOf({ ...given, source: { model: `acme/${family}`, family, ...given.source } })

const leak = {
  title: 'The file is never closed',
  body: 'Nobody calls `close` on `handle`: descriptors leak.',
  category: 'resource-leak',
}
const leakAgain = {
  title: 'File handle leaked',
  body: 'The opened handle is not closed on any path.',
  category: 'leak',
}
const traversal = {
  title: 'User input reaches the path',
  body: 'With `..` in the name a request reads outside of the root.',
  category: 'path-traversal',
}

test('one fault in the words of two is one cluster', () => {
  const [one, two] = [by('one', { ...leak, startLine: 12 }), by('two', { ...leakAgain, startLine: 15 })]
  expect(consolidate([one, two])).toEqual([
    {
      fingerprint: expect.stringMatching(/^[\da-f]{16}$/),
      finding: one,
      members: [one, two],
      families: ['one', 'two'],
      severity: 'medium',
      confidence: 0.75,
      verdict: { type: 'unverified', why: 'nobody looked at it' },
    },
  ])
})

test('two faults of one line are two, with the same quote and of two reviewers', () => {
  const clusters = consolidate([by('one', leak), by('two', traversal)])
  expect(clusters).toHaveLength(2)
  expect(new Set(clusters.map(({ fingerprint }) => fingerprint)).size).toBe(2)
})

test('two faults of one line are two when both reviewers tell both', () => {
  const clusters = consolidate([by('one', leak), by('one', traversal), by('two', leakAgain), by('two', traversal)])
  expect(clusters.map(({ members }) => members.map(({ category }) => category))).toEqual([
    ['leak', 'resource-leak'],
    ['path-traversal', 'path-traversal'],
  ])
})

test('one reviewer who says the same of two places means two faults', () => {
  const tests = { title: 'Consider adding tests', body: 'This function has no unit tests.', category: 'testing' }
  expect(
    consolidate([by('one', { ...tests, startLine: 10 }), by('one', { ...tests, startLine: 60 }), by('two', leak)]),
  ).toHaveLength(3)
})

test('no finding is no cluster', () => {
  expect(consolidate([])).toEqual([])
})

const corpus = [...readCorpus('known'), ...readCorpus('held-out')].flatMap(({ findings }) =>
  findings.map(({ finding }) => finding),
)
/** Some of the findings of some changes, in any order, some of them twice. */
const reviews = fc.array(fc.integer({ min: 0, max: corpus.length - 1 }), { maxLength: 25 }).map((indexes) =>
  // Near one another in the corpus, so that they are of few files.
  indexes.map((index) => ({ ...corpus[Math.floor(index / 12) + 100]! })),
)
const membersIn = (findings: readonly Finding[]) =>
  consolidate(findings).map(({ members }) =>
    members
      .map((member) => JSON.stringify(member))
      .toSorted()
      .join('\n'),
  )

test('property: every finding is in exactly one cluster', () => {
  fc.assert(
    fc.property(reviews, (findings) => {
      const members = consolidate(findings).flatMap((cluster) => cluster.members)
      expect(members).toHaveLength(findings.length)
      expect(new Set(members)).toEqual(new Set(findings))
    }),
  )
})

test('property: the order in which findings come changes nothing', () => {
  const shuffled = reviews.chain((findings) =>
    fc.tuple(fc.constant(findings), fc.shuffledSubarray(findings, { minLength: findings.length })),
  )
  fc.assert(
    fc.property(shuffled, ([findings, others]) => {
      expect(membersIn(others)).toEqual(membersIn(findings))
      expect(consolidate(others).map(({ fingerprint }) => fingerprint)).toEqual(
        consolidate(findings).map(({ fingerprint }) => fingerprint),
      )
    }),
  )
})

test('property: identical findings are in one cluster, findings of two files never are', () => {
  fc.assert(
    fc.property(reviews, (findings) => {
      const clusters = consolidate(findings)
      const clusterOf = new Map<string, unknown>()
      for (const cluster of clusters) {
        expect(new Set(cluster.members.map(({ path }) => path)).size).toBe(1)
        for (const member of cluster.members) {
          const text = JSON.stringify(member)
          expect(clusterOf.get(text) ?? cluster).toBe(cluster)
          clusterOf.set(text, cluster)
        }
      }
    }),
  )
})

test('property: no two clusters have one fingerprint', () => {
  fc.assert(
    fc.property(reviews, (findings) => {
      const fingerprints = consolidate(findings).map(({ fingerprint }) => fingerprint)
      expect(new Set(fingerprints).size).toBe(fingerprints.length)
    }),
  )
})

const fingerprintsOf = (...findings: readonly Finding[]) =>
  consolidate(findings)
    .map(({ fingerprint }) => fingerprint)
    .toSorted()

test.each<readonly [string, GivenFinding]>([
  ['lines have moved', { startLine: 90, endLine: 90 }],
  [
    'it is worded anew',
    { title: 'Bounds are not checked', body: 'Too large an index gives undefined.', category: 'bounds' },
  ],
  ['white space has changed', { quote: '\tconst row  =  rows[index]' }],
  ['another model says it', { source: { model: 'acme/other', family: 'other' }, severity: 'high', confidence: 0.9 }],
])('a fingerprint stays when %s', (_, changed) => {
  expect(fingerprintsOf(findingOf(changed))).toEqual(fingerprintsOf(findingOf()))
})

test.each<readonly [string, GivenFinding]>([
  ['code', { quote: '  const row = rows.at(index)' }],
  ['file', { path: 'src/other.ts' }],
])('a fingerprint is another for other %s', (_, changed) => {
  expect(fingerprintsOf(findingOf(changed))).not.toEqual(fingerprintsOf(findingOf()))
})

test('a fingerprint is of the code that most members quote, whoever is shown', () => {
  const quoting = (family: string, quote: string, confidence: number) => by(family, { ...leak, quote, confidence })
  const run = (sure: number) => [
    quoting('one', 'open(a)', 0.5),
    quoting('two', 'open(a)', 0.5),
    quoting('three', 'read() {', sure),
  ]
  expect(consolidate(run(0.9))[0]!.finding.quote).toBe('read() {')
  expect(consolidate(run(0.1))[0]!.finding.quote).toBe('open(a)')
  expect(fingerprintsOf(...run(0.9))).toEqual(fingerprintsOf(...run(0.1)))
})

import { describe, expect, test } from 'vitest'

import type { Finding } from '../finding/finding.ts'
import { consolidate } from './consolidate.ts'
import { countPairs, type LabelledChange, readCorpus, scoreOf } from './corpus.test-kit.ts'

const corpus = { known: readCorpus('known'), 'held-out': readCorpus('held-out') }
const all = [...corpus.known, ...corpus['held-out']]

function scored(changes: readonly LabelledChange[], altered: (finding: Finding) => Finding = (finding) => finding) {
  return scoreOf(
    changes.map(({ findings }) => {
      const labelled = findings.map(({ issue, finding }) => ({ issue, finding: altered(finding) }))
      return countPairs(labelled, consolidate(labelled.map(({ finding }) => finding)))
    }),
  )
}

test('the corpus is large, and has hard cases', () => {
  const findings = all.flatMap((change) => change.findings.map((labelled) => ({ ...labelled, change: change.name })))
  expect(all.length).toBeGreaterThanOrEqual(20)
  expect(findings.length).toBeGreaterThanOrEqual(570)
  const onOneLine = findings.filter(({ change, finding, issue }) =>
    findings.some(
      (other) =>
        other.change === change &&
        other.issue !== issue &&
        other.finding.path === finding.path &&
        other.finding.startLine === finding.startLine,
    ),
  )
  expect(onOneLine.length).toBeGreaterThan(150)
})

// Floors a little under what was measured: whoever falls below has made merging worse.
describe('merging agrees with the labels', () => {
  test.each([
    ['known', 0.8],
    ['held-out', 0.7],
  ] as const)('of the %s part', (part, floor) => {
    expect(scored(corpus[part]).f1).toBeGreaterThan(floor)
  })

  test('and rather leaves two apart than joins what is not one', () => {
    expect(scored(corpus['held-out']).precision).toBeGreaterThan(0.74)
  })

  test('of each change', () => {
    const poor = all.filter((change) => scored([change]).f1 < 0.6).map(({ name }) => name)
    expect(poor).toEqual([])
  })

  test.each<readonly [string, number, (finding: Finding) => Finding]>([
    ['no category', 0.75, (finding) => ({ ...finding, category: '' })],
    ['no body', 0.61, (finding) => ({ ...finding, body: '' })],
    ['no lines', 0.68, (finding) => ({ ...finding, startLine: 1, endLine: 1 })],
    [
      'whole hunks as quotes',
      0.7,
      (finding) => ({ ...finding, startLine: finding.startLine - 10, endLine: finding.endLine + 10 }),
    ],
    ['one reviewer for all', 0.68, (finding) => ({ ...finding, source: { ...finding.source, model: 'm' } })],
  ])('when there is %s', (_, floor, altered) => {
    expect(scored(all, altered).f1).toBeGreaterThan(floor)
  })
})

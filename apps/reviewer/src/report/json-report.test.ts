import { expect, test } from 'vitest'

import { jsonReport } from './json-report.ts'
import { cleanReview, findingOf, richReview, steeringIn } from './review.test-kit.ts'

const all = { minSeverity: 'low', minAgreement: 1 } as const
interface Report {
  readonly title?: string
  readonly coverage: { readonly cells: readonly object[] }
  readonly findings: readonly { readonly verdict: { readonly type: string } }[]
}

const read = (text: string) => JSON.parse(text) as Report

test('a report for programs begins with its version and with what was looked at', () => {
  const report = read(jsonReport(richReview(), all))
  expect(Object.keys(report)).toEqual([
    'version',
    'isDemo',
    'title',
    'coverage',
    'findings',
    'hiddenByFilter',
    'refusedReports',
    'skippedFiles',
    'hiddenText',
    'models',
    'lenses',
    'bundles',
    'costUsd',
    'elapsedMs',
  ])
  expect(report).toMatchObject({
    version: 1,
    isDemo: false,
    coverage: { isComplete: false, text: 'INCOMPLETE: 5 of 8 cells (2 models x 2 lenses x 2 bundles)' },
    models: [{ name: 'claude' }, { spec: 'openai/gpt', name: 'gpt', family: 'gpt' }],
    bundles: [
      { id: 'b1', tokens: 1_200, files: ['src/login.ts'] },
      { id: 'b2', tokens: 90, files: ['src/ü [x]#1.ts'] },
    ],
    hiddenByFilter: 0,
    refusedReports: [{ reason: 'quote-not-found', model: 'claude', lens: 'security', path: 'src/login.ts' }],
  })
  expect(report.coverage.cells).toHaveLength(8)
  expect(report.coverage.cells[1]).toEqual({
    model: 'gpt',
    lens: 'security',
    bundle: 'b1',
    status: 'failed',
    reason: '429 too many requests',
    elapsedMs: 0,
  })
})

test('a finding has its words, its place, who said it and what became of it; refuted ones come last', () => {
  const { clusters } = richReview()
  const { findings } = read(jsonReport(richReview(), all))
  const { source, ...shown } = findingOf({ suggestion: 'const user = JSON.parse(name)' })
  expect(findings[0]).toEqual({
    ...shown,
    fingerprint: clusters[0]!.fingerprint,
    families: ['claude', 'gpt'],
    verdict: { type: 'confirmed', model: 'gpt', reason: 'It is so.' },
    reportedBy: ['claude', 'gpt'].map((model) => ({
      model,
      family: model,
      lens: source.lens,
      bundle: source.bundle,
      title: 'Untrusted text is run as code',
      severity: 'critical',
    })),
  })
  expect(findings.map(({ verdict }) => verdict.type)).toEqual(['confirmed', 'unverified', 'confirmed', 'refuted'])
})

test('nothing is lost to whoever reads it, and nothing in it steers a terminal that shows it', () => {
  const title = 'a\u001B[2J\u009B31m\u202Eb\u2028\u{E0041}ü'
  const text = jsonReport(cleanReview({ title }), all)
  expect(steeringIn(text)).toEqual([])
  expect(text).toContain('ü')
  expect(read(text).title).toBe(title)
})

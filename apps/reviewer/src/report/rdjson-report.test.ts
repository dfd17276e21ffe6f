import { expect, test } from 'vitest'

import { rdjsonReport } from './rdjson-report.ts'
import { cleanReview, richReview } from './review.test-kit.ts'

const all = { minSeverity: 'low', minAgreement: 1 } as const

interface Diagnostic {
  readonly message: string
  readonly location: { readonly path: string; readonly range?: object }
  readonly severity: string
}

const read = (text: string) =>
  JSON.parse(text) as { readonly source: object; readonly diagnostics: readonly Diagnostic[] }

test('holes are a diagnostic of their own, before all findings', () => {
  const { source, diagnostics } = read(rdjsonReport(richReview(), all))
  expect(source).toEqual({ name: 'executus-review' })
  expect(diagnostics[0]).toEqual({
    message: [
      'INCOMPLETE: 5 of 8 cells (2 models x 2 lenses x 2 bundles)',
      '- gpt x security failed: 429 too many requests (2 bundles)',
      '- gpt x tests timeout: no answer in 300 s',
    ].join('\n'),
    location: { path: 'src/login.ts' },
    severity: 'ERROR',
    code: { value: 'incomplete-review' },
  })
  expect(diagnostics[1]).toEqual({
    message: [
      'Untrusted text is run as code',
      'Whoever names a user runs code on the server.',
      '2 of 2 families (claude, gpt), confirmed by gpt',
    ].join('\n\n'),
    location: { path: 'src/login.ts', range: { start: { line: 12 }, end: { line: 12 } } },
    severity: 'ERROR',
    code: { value: 'code-injection' },
    suggestions: [{ range: { start: { line: 12 }, end: { line: 12 } }, text: 'const user = JSON.parse(name)' }],
  })
})

test('a deleted line has no place in the new file, so its message names it, and nothing is suggested there', () => {
  const [, , deleted] = read(rdjsonReport(richReview(), all)).diagnostics
  expect(deleted?.location).toEqual({ path: 'src/login.ts' })
  expect(deleted?.message).toMatch(/^The check is gone: src\/login\.ts \(deleted line 3\)\n/)
  expect(deleted).not.toHaveProperty('suggestions')
})

test('refuted findings are left out, and the words of the others have an end', () => {
  const { diagnostics } = read(rdjsonReport(richReview(), all))
  expect(diagnostics.map(({ severity }) => severity)).toEqual(['ERROR', 'ERROR', 'ERROR', 'WARNING'])
  expect(Math.max(...diagnostics.map(({ message }) => message.length))).toBeLessThan(5_000)
})

test('a complete review without findings has none, and a demo says what it is', () => {
  expect(read(rdjsonReport(cleanReview({ isDemo: true }), all))).toEqual({
    source: { name: 'executus-review (demo)' },
    diagnostics: [],
  })
})

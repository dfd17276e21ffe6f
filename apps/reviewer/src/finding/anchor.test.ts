import { expect, test } from 'vitest'

import { bundleFiles } from '../bundle/bundle-files.ts'
import { changedFile, hunk } from '../change/changes.test-kit.ts'
import { anchor } from './anchor.ts'
import type { ReportedFinding } from './finding.ts'

const source = { model: 'm', family: 'f', lens: 'l', bundle: 'b1' }
const [bundle] = bundleFiles(
  [
    changedFile('src/a.ts', [], {
      hunks: [
        hunk([' function a() {', '-  return old(1)', '+  const x = 1', '+  return next(x)', ' }'], 10),
        hunk([' function b() {', '+  const x = 1', '+\treturn   other( x )', ' }'], 50),
      ],
    }),
  ],
  { maxTokens: 10_000 },
).bundles

const report = (quote: string, given: Partial<ReportedFinding> = {}): ReportedFinding => ({
  path: 'src/a.ts',
  quote,
  title: 't',
  body: 'b',
  severity: 'low',
  category: 'c',
  confidence: 0.5,
  ...given,
})
const placeOf = (quote: string, given?: Partial<ReportedFinding>) => {
  const placed = anchor(report(quote, given), bundle!, source)
  if ('refused' in placed) return placed.refused.reason
  const { side, startLine, endLine, quote: found } = placed.finding
  return [side, startLine, endLine, found]
}

test.each([
  ['a line', '  return next(x)', ['new', 12, 12, '  return next(x)']],
  ['a line without its white space', 'return next(x)', ['new', 12, 12, '  return next(x)']],
  ['a line with other white space', 'return other( x )', ['new', 52, 52, '\treturn   other( x )']],
  ['several lines', '  const x = 1\n  return next(x)', ['new', 11, 12, '  const x = 1\n  return next(x)']],
  [
    'lines as they were shown',
    '+ 11|  const x = 1\n+ 12|  return next(x)\n',
    ['new', 11, 12, '  const x = 1\n  return next(x)'],
  ],
  ['lines in a fence', '```ts\n  return next(x)\n```', ['new', 12, 12, '  return next(x)']],
  ['a part of a line', 'next(x)', ['new', 12, 12, '  return next(x)']],
  [
    'the end of one line and the beginning of the next',
    'x = 1\n  return next',
    ['new', 11, 12, '  const x = 1\n  return next(x)'],
  ],
  ['a line that did not change', 'function b() {', ['new', 50, 50, 'function b() {']],
  ['a deleted line', 'return old(1)', ['old', 11, 11, '  return old(1)']],
])('%s is found', (_, quote, place) => {
  expect(placeOf(quote)).toEqual(place)
})

test('a number chooses between several places, and nothing else does', () => {
  expect(placeOf('const x = 1')).toBe('quote-ambiguous')
  expect(placeOf('const x = 1', { line: 13 })).toMatchObject({ 1: 11 })
  expect(placeOf('const x = 1', { line: 9_000 })).toMatchObject({ 1: 51 })
  expect(placeOf('return next(x)', { line: 51 })).toMatchObject({ 1: 12 })
})

test('a quote is not put together from lines that are apart', () => {
  expect(placeOf('  return next(x)\n  const x = 1')).toBe('quote-not-found')
  expect(placeOf('}\nfunction b() {')).toBe('quote-not-found')
})

test.each([
  ['', 'quote-empty'],
  [' \n\t\n', 'quote-empty'],
  ['return nothing', 'quote-not-found'],
  ['x', 'quote-not-found'],
])('%j is refused as %s', (quote, reason) => {
  expect(placeOf(quote, { line: 12 })).toBe(reason)
})

test('a path may be written as diffs write it, and must be of this bundle', () => {
  for (const path of ['src/a.ts', './src/a.ts', 'b/src/a.ts', '"src/a.ts"'])
    expect(placeOf('return next(x)', { path })).toMatchObject({ 1: 12 })
  expect(placeOf('return next(x)', { path: 'src/b.ts' })).toBe('unknown-file')
})

test('a series of patches has a file more than once, and a name may be copied as it is shown', () => {
  const files = [changedFile('a\u200B.ts', ['+first(1)']), changedFile('a\u200B.ts', ['+second(2)'])]
  const [twice] = bundleFiles(files, { maxTokens: 1_000 }).bundles
  for (const path of ['a\u200B.ts', 'a\\u200b.ts'])
    expect(anchor(report('second(2)', { path }), twice!, source)).toMatchObject({
      finding: { path: 'a\u200B.ts', quote: 'second(2)' },
    })
})

test('a title without an end is given one, between characters', () => {
  const placed = anchor(report('return next(x)', { title: `${'x'.repeat(299)}${'😀'.repeat(9)}` }), bundle!, source)
  expect(placed).toMatchObject({ finding: { title: `${'x'.repeat(299)}...` } })
})

import { pathText } from '../bundle/bundle-text.ts'
import type { Bundle, BundlePart } from '../bundle/bundle.ts'
import type { DiffLine, Hunk } from '../change/change.ts'
import type { Finding, FindingSource, RefusedFinding, ReportedFinding } from './finding.ts'
import { matchLines, type QuoteMatch } from './match-lines.ts'

type Anchored = { readonly finding: Finding } | { readonly refused: RefusedFinding }

/**
 * Finds the lines that a report is about by what it quotes: in the new file, or among deleted lines. The number that the
 * model gave only chooses between several places; what is quoted nowhere is refused.
 */
export function anchor(reported: ReportedFinding, bundle: Bundle, source: FindingSource): Anchored {
  const refuse = (reason: RefusedFinding['reason']): Anchored => ({ refused: { reported, source, reason } })
  const parts = partsOf(reported.path, bundle)
  if (parts.length === 0) return refuse('unknown-file')
  const quote = quotedLines(reported.quote)
  if (quote.length === 0) return refuse('quote-empty')
  const places = placesOf(
    parts.flatMap(({ hunks }) => hunks),
    quote,
  )
  if (places.length === 0) return refuse('quote-not-found')
  const place = choose(places, reported.line)
  if (place === undefined) return refuse('quote-ambiguous')
  const { side, lines } = place
  const { path: _, quote: __, line: ___, ...said } = reported
  return {
    finding: {
      ...said,
      title: clipped(said.title, MOST_TITLE),
      category: clipped(said.category, MOST_CATEGORY),
      path: parts[0]!.file.path,
      side,
      startLine: numberIn(lines[0]!, side),
      endLine: numberIn(lines.at(-1)!, side),
      quote: lines.map(({ text }) => text).join('\n'),
      source,
    },
  }
}

/** A series of patches has a file more than once. Its name may be copied as it is shown, or as it is. */
function partsOf(path: string, { parts }: Bundle): readonly BundlePart[] {
  for (const name of [path, bare(path)]) {
    const named = parts.filter(({ file }) => file.path === name || pathText(file.path) === `"${name}"`)
    if (named.length > 0) return named
  }
  return []
}

interface Place {
  readonly side: Finding['side']
  readonly lines: readonly DiffLine[]
}

/** Where the quote is, by the best way in which it is found at all; deleted lines are looked at when nothing else has it. */
function placesOf(hunks: readonly Hunk[], quote: readonly string[]): readonly Place[] {
  for (const side of ['new', 'old'] as const)
    for (const how of ['exact', 'spaced', 'part'] as const satisfies readonly QuoteMatch[]) {
      const places = hunks.flatMap((hunk) => {
        const lines = hunk.lines.filter(({ kind }) => (side === 'new' ? kind !== 'deleted' : kind === 'deleted'))
        return matchLines(
          lines.map(({ text }) => text),
          quote,
          how,
        ).map((at) => ({ side, lines: lines.slice(at, at + quote.length) }))
      })
      if (places.length > 0) return places
    }
  return []
}

/** Lines that the change touched come first; among several of those, the one that is nearest to the number. */
function choose(places: readonly Place[], line: number | undefined): Place | undefined {
  const touched = places.filter(({ lines }) => lines.some(({ kind }) => kind !== 'context'))
  const candidates = touched.length > 0 ? touched : places
  if (candidates.length === 1) return candidates[0]
  if (line === undefined) return undefined
  const distance = ({ side, lines }: Place) => Math.abs(numberIn(lines[0]!, side) - line)
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0]
}

function numberIn({ oldLine, newLine }: DiffLine, side: Finding['side']): number {
  return (side === 'new' ? newLine : oldLine)!
}

/** What the model was shown stands in front of each line: some copy that too. */
const MARK = /^[+\- ] *\d*\|/
const FENCE = /^\s*```\w*\s*$/

function quotedLines(quote: string): readonly string[] {
  const lines = quote.split(/\r?\n/).filter((line) => !FENCE.test(line))
  while (lines[0]?.trim() === '') lines.shift()
  while (lines.at(-1)?.trim() === '') lines.pop()
  return lines.every((line) => MARK.test(line)) ? lines.map((line) => line.replace(MARK, '')) : lines
}

// What is longer is none, and is shown in places that are one line.
const MOST_TITLE = 300
const MOST_CATEGORY = 60

function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}...`
}

function bare(path: string): string {
  return path
    .trim()
    .replace(/^["'`](.*)["'`]$/, '$1')
    .replace(/^(\.\/|[ab]\/)/, '')
}

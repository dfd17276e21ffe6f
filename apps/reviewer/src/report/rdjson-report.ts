import type { Cluster } from '../consolidate/cluster.ts'
import type { Severity } from '../finding/finding.ts'
import type { Review } from '../review/review.ts'
import { boundedText } from './bounded.ts'
import { coverageLine, holeLines } from './coverage.ts'
import { jsonText } from './json-text.ts'
import { type Filter, shownOf } from './shown.ts'
import { agreementText, placeText } from './verdict-text.ts'

const SEVERITIES: Readonly<Record<Severity, 'ERROR' | 'WARNING' | 'INFO'>> = {
  critical: 'ERROR',
  high: 'ERROR',
  medium: 'WARNING',
  low: 'INFO',
}

/**
 * The format of reviewdog (https://github.com/reviewdog/reviewdog/tree/master/proto/rdf), which brings it to any forge. It
 * has no place for what was not looked at, and refuses fields that it does not know: holes are a diagnostic of their own.
 */
export function rdjsonReport(review: Review, filter: Filter): string {
  const diagnostics = shownOf(review.clusters, filter).standing.map((cluster) => diagnosticOf(cluster, review))
  const name = review.isDemo ? 'executus-review (demo)' : 'executus-review'
  return jsonText({ source: { name }, diagnostics: [...holesOf(review), ...diagnostics] })
}

function holesOf(review: Review) {
  const path = review.bundles[0]?.parts[0]?.file.path
  const holes = holeLines(review)
  if (holes.length === 0 || path === undefined) return []
  const message = [coverageLine(review), ...holes.map((line) => `- ${line}`)].join('\n')
  return [{ message, location: { path }, severity: 'ERROR', code: { value: 'incomplete-review' } }]
}

function diagnosticOf(cluster: Cluster, review: Review) {
  const { path, side, startLine, endLine, title, body, suggestion, category } = cluster.finding
  const range = { start: { line: startLine }, end: { line: endLine } }
  return {
    message: [
      side === 'new' ? title : `${title}: ${placeText(cluster)}`,
      boundedText(body),
      agreementText(cluster, review),
    ].join('\n\n'),
    location: { path, ...(side === 'new' && { range }) },
    severity: SEVERITIES[cluster.severity],
    code: { value: category },
    ...(suggestion !== undefined && side === 'new' && { suggestions: [{ range, text: suggestion }] }),
  }
}

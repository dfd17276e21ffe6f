import type { Cluster } from '../consolidate/cluster.ts'
import type { Severity } from '../finding/finding.ts'
import type { Review } from '../review/review.ts'
import { cut } from '../terminal/text-width.ts'
import { boundedList, boundedText } from './bounded.ts'
import { coverageLine, earlyEnd, holeLines, skippedLine, count } from './coverage.ts'
import { footParts } from './foot-parts.ts'
import { type Filter, shownOf } from './shown.ts'
import { paint, safeLine, safeText, wrap } from './terminal-text.ts'
import { agreementText, placeText } from './verdict-text.ts'

export interface TextStyle {
  readonly hasColor: boolean
  /** Characters. */
  readonly width: number
}

/** A report for a person at a terminal. */
export function textReport(review: Review, filter: Filter, { hasColor, width: given }: TextStyle): string {
  const width = Math.min(given, 110) // longer lines are hard to read
  const color = paint(hasColor)
  const { standing, refuted, hiddenCount } = shownOf(review.clusters, filter)
  const holes = holeLines(review)
  const isComplete = holes.length === 0
  const head = [
    ...(review.title === undefined ? [] : [color.bold(safeLine(review.title))]),
    ...(review.isDemo
      ? [color.yellow('DEMO: no model is configured; the reviewers are scripted, the change is real.')]
      : []),
    (isComplete ? color.green : color.red)(coverageLine(review)),
    ...boundedList(holes, MOST_HOLES).map((line) => `  ${color.red('-')} ${safeLine(line)}`),
    ...[earlyEnd(review)].filter((line) => line !== undefined),
    ...(review.skipped.length === 0
      ? []
      : [`Not reviewed: ${count(review.skipped.length, 'file')} (${skippedLine(review)})`]),
    ...boundedList(
      review.skipped.map(({ why }) => safeLine(why)),
      MOST_SKIPPED,
    ).map((line) => color.dim(`  - ${line}`)),
    ...hiddenLines(review).map(color.yellow),
  ]
  const what = standing.length === 0 ? verdictOnNothing(review, isComplete) : count(standing.length, 'finding')
  const parts = [
    head.join('\n'),
    color.bold(what),
    ...standing.map((cluster) => clusterText(cluster, review, { hasColor, width })),
    ...(refuted.length === 0 ? [] : [refutedText(refuted, { hasColor, width })]),
    color.dim(footParts(review, hiddenCount).join(' | ')),
  ]
  return parts.join('\n\n')
}

/** Where what people do not see was found, a line for each place. */
function hiddenLines({ hidden }: Review): readonly string[] {
  if (hidden.length === 0) return []
  const places = hidden.map(
    ({ where, line, kind, count: times }) =>
      `  - ${times} x ${kind} in ${safeLine(where)}${line === undefined ? '' : `:${line}`}`,
  )
  return ['Hidden text, which no model was shown:', ...boundedList(places, MOST_SKIPPED)]
}

function verdictOnNothing({ cells }: Review, isComplete: boolean): string {
  if (cells.length === 0) return 'No line was looked at.'
  return isComplete ? 'Nothing found.' : 'Nothing found in what was looked at.'
}

function clusterText(cluster: Cluster, review: Review, { hasColor, width }: TextStyle): string {
  const color = paint(hasColor)
  const { quote, startLine, title, body, suggestion, category, side } = cluster.finding
  const code = safeText(quote).split('\n')
  const digits = String(startLine + code.length).length
  const shown = code
    .slice(0, MOST_LINES)
    .map(
      (line, index) =>
        `  ${color.dim(`${String(startLine + index).padStart(digits)} |`)} ${cut(line, MOST_COLUMNS, '...')}`,
    )
  if (code.length > MOST_LINES) shown.push(color.dim(`  and ${count(code.length - MOST_LINES, 'more line')}`))
  return [
    `${label(cluster.severity, color)} ${color.bold(safeLine(title))}`,
    `  ${color.cyan(safeLine(placeText(cluster)))}  ${color.dim(safeLine(category))}`,
    `  ${color.dim(safeLine(agreementText(cluster, review)))}`,
    ...shown,
    wrap(boundedText(safeText(body).trim()), width, '  '),
    ...(suggestion === undefined || side === 'old' ? [] : [suggestionText(suggestion, color.green)]),
  ].join('\n')
}

const MOST_LINES = 8
const MOST_COLUMNS = 200
const MOST_HOLES = 20
const MOST_SKIPPED = 10

function suggestionText(suggestion: string, style: (text: string) => string): string {
  const lines = boundedList(safeText(suggestion).trimEnd().split('\n'), MOST_LINES * 2)
  return ['  Instead:', ...lines.map((line) => style(`    ${line}`))].join('\n')
}

function label(severity: Severity, color: ReturnType<typeof paint>): string {
  const text = severity.toUpperCase().padEnd(8)
  return severity === 'critical' || severity === 'high'
    ? color.red(text)
    : severity === 'medium'
      ? color.yellow(text)
      : color.dim(text)
}

function refutedText(refuted: readonly Cluster[], { hasColor, width }: TextStyle): string {
  const color = paint(hasColor)
  const lines = refuted.map(({ finding, verdict }) => {
    const why = verdict.type === 'unverified' ? '' : ` (${verdict.model}: ${safeLine(verdict.reason)})`
    return wrap(`- ${safeLine(placeText({ finding }))} ${safeLine(finding.title)}${why}`, width, '  ')
  })
  return color.dim([`Refuted: ${refuted.length}`, ...lines].join('\n'))
}

import type { Cluster } from '../consolidate/cluster.ts'
import type { Review } from '../review/review.ts'
import { defuse } from '../sanitise/defuse.ts'
import { boundedList, boundedText } from './bounded.ts'
import { count, coverageLine, earlyEnd, holeLines, skippedLine } from './coverage.ts'
import { footParts } from './foot-parts.ts'
import { type Filter, shownOf } from './shown.ts'
import { safeLine, safeText } from './terminal-text.ts'
import { agreementText, placeText } from './verdict-text.ts'

// A page has an end, and so has what a forge takes.
const MOST_LINES = 50

/** A report for a page: a summary on a pull request, or of a build. */
export function markdownReport(review: Review, filter: Filter): string {
  const { standing, refuted, hiddenCount } = shownOf(review.clusters, filter)
  const holes = holeLines(review)
  const found = standing.length === 0 ? 'nothing found' : count(standing.length, 'finding')
  const what =
    holes.length === 0 ? found : `incomplete, ${found}${standing.length === 0 ? ' in what was looked at' : ''}`
  const parts = [
    `## Review: ${what}`,
    ...(review.isDemo ? ['**Demo:** no model is configured; the reviewers are scripted, the change is real.'] : []),
    `**${coverageLine(review)}**`,
    listOf(boundedList(holes.map(lineOf), MOST_LINES)),
    ...[earlyEnd(review)].filter((line) => line !== undefined),
    ...standing.map((cluster) => clusterMarkdown(cluster, review)),
    folded(`Refuted: ${refuted.length}`, refuted.map(refutedLine)),
    folded(
      `Not reviewed: ${count(review.skipped.length, 'file')} (${skippedLine(review)})`,
      review.skipped.map(({ why }) => lineOf(why)),
    ),
    folded(
      `Hidden text taken out: ${review.hidden.length}`,
      review.hidden.map(
        ({ where, line, kind, count: times }) =>
          `${times} x ${kind} in ${codeOf(line === undefined ? where : `${where}:${line}`)}`,
      ),
    ),
    `<sub>${footParts(review, hiddenCount).join(' | ')}</sub>`,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

/** One finding, as a comment on its line has it too. */
export function clusterMarkdown(cluster: Cluster, review: Pick<Review, 'fleet'>, isPlaced = false): string {
  const { title, body, quote, suggestion, side } = cluster.finding
  return [
    `### ${cluster.severity}: ${lineOf(title)}`,
    ...(isPlaced ? [] : [codeOf(placeText(cluster)), fenced(quote)]),
    defuse(boundedText(safeText(body).trim())),
    ...(suggestion === undefined || side === 'old' ? [] : [`Instead:\n\n${fenced(suggestion)}`]),
    `<sub>${lineOf(agreementText(cluster, review))}</sub>`,
  ].join('\n\n')
}

function refutedLine({ finding, verdict }: Cluster): string {
  const why = verdict.type === 'unverified' ? '' : ` (${lineOf(`${verdict.model}: ${verdict.reason}`)})`
  return `${codeOf(placeText({ finding }))} ${lineOf(finding.title)}${why}`
}

function folded(summary: string, lines: readonly string[]): string {
  return lines.length === 0
    ? ''
    : `<details><summary>${summary}</summary>\n\n${listOf(boundedList(lines, MOST_LINES))}\n\n</details>`
}

function listOf(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n')
}

function lineOf(text: string): string {
  return defuse(safeLine(text))
}

/** In more ticks than are in it. */
function codeOf(text: string): string {
  const line = safeLine(text)
  const ticks = '`'.repeat(1 + longest(line))
  return line.startsWith('`') || line.endsWith('`') ? `${ticks} ${line} ${ticks}` : `${ticks}${line}${ticks}`
}

function fenced(code: string): string {
  const safe = safeText(code)
  const fence = '`'.repeat(Math.max(3, 1 + longest(safe)))
  return `${fence}\n${safe}\n${fence}`
}

function longest(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
}

import type { Cluster } from '../consolidate/cluster.ts'
import { count } from '../report/coverage.ts'
import { markdownReport } from '../report/markdown-report.ts'
import { type Filter, shownOf } from '../report/shown.ts'
import type { Review } from '../review/review.ts'
import { markerOf, SUMMARY } from './marker.ts'
import { MOST_CHARACTERS, shortened } from './shortened.ts'

export interface SummaryOptions {
  readonly filter: Filter
  /** Findings that have a comment of their own: said twice, they are noise. */
  readonly onLines: ReadonlySet<Cluster>
  readonly headSha: string
}

/** The one comment on the whole: what was looked at, and the findings that are on no line, as many as fit. */
export function summaryOf(review: Review, { filter, onLines, headSha }: SummaryOptions): string {
  const { standing } = shownOf(review.clusters, filter)
  const rest = standing.filter((cluster) => !onLines.has(cluster))
  // The least important go first.
  for (let shown = rest.length; ; shown = Math.floor(shown * 0.8)) {
    const left = new Set(rest.slice(shown))
    const clusters = review.clusters.filter((cluster) => !onLines.has(cluster) && !left.has(cluster)).map(shortened)
    const text = [
      markerOf({ about: SUMMARY, headSha }),
      headingOf(review, standing.length),
      ...whereOf(onLines.size, left.size),
      withoutHeading(markdownReport({ ...review, clusters }, filter)),
      `<sub>Commit ${headSha.slice(0, 12)}</sub>`,
    ].join('\n\n')
    if (text.length <= MOST_CHARACTERS) return text
    if (shown === 0) return cutAt(text, MOST_CHARACTERS)
  }
}

function headingOf({ cells, endedEarly }: Review, findings: number): string {
  const isComplete = endedEarly === undefined && cells.every(({ status }) => status === 'ok')
  if (isComplete) return `## Review: ${findings === 0 ? 'nothing found' : count(findings, 'finding')}`
  return `## Incomplete review: ${findings === 0 ? 'nothing found in what was looked at' : `${count(findings, 'finding')} so far`}`
}

function whereOf(onLines: number, left: number): readonly string[] {
  return [
    ...(onLines === 0 ? [] : [`${count(onLines, 'finding')} on the lines of the change.`]),
    ...(left === 0 ? [] : [`${count(left, 'finding')} left out here, as the comment would be too long.`]),
  ]
}

/** It counts what it is given, and here that is a part. */
function withoutHeading(report: string): string {
  return report.replace(/^## .*\n+/, '')
}

/** Between two lines of a list, of which one is a whole; what folds it is closed. */
function cutAt(text: string, most: number): string {
  const end = '\n\n</details>\n\nThe rest is left out, as the comment would be too long.'
  const cut = text.slice(0, text.lastIndexOf('\n', most - end.length))
  const isOpen = cut.split('<details>').length > cut.split('</details>').length
  return isOpen ? `${cut}${end}` : `${cut}${end.replace('\n\n</details>', '')}`
}

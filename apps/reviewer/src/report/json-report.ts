import type { Review } from '../review/review.ts'
import { coverageLine } from './coverage.ts'
import { jsonText } from './json-text.ts'
import { type Filter, shownOf } from './shown.ts'

/** A review for programs. What is in it only grows within a version. */
export function jsonReport(review: Review, filter: Filter): string {
  const { cells, fleet, lenses, bundles, costUsd, elapsedMs, isDemo, endedEarly, refused, skipped, hidden, title } =
    review
  const { standing, refuted, hiddenCount } = shownOf(review.clusters, filter)
  const clusters = [...standing, ...refuted].map(({ finding, members, ...rest }) => ({
    ...rest,
    ...finding,
    source: undefined, // of whoever is shown; all of them are below
    severity: rest.severity,
    confidence: rest.confidence,
    reportedBy: members.map(({ source, title: own, severity }) => ({ ...source, title: own, severity })),
  }))
  return jsonText({
    version: 1,
    isDemo,
    ...(title !== undefined && { title }),
    coverage: {
      isComplete: cells.every(({ status }) => status === 'ok'),
      text: coverageLine(review),
      ...(endedEarly !== undefined && { endedEarly }),
      cells: cells.map(({ member, lens, bundle, ...rest }) => ({
        model: member.name,
        lens: lens.name,
        bundle: bundle.id,
        ...rest,
      })),
    },
    findings: clusters,
    hiddenByFilter: hiddenCount,
    refusedReports: refused.map(({ reported, source, reason }) => ({
      reason,
      ...source,
      path: reported.path,
      title: reported.title,
    })),
    skippedFiles: skipped,
    hiddenText: hidden,
    models: fleet.map(({ spec, name, family }) => ({ spec, name, family })),
    lenses: lenses.map(({ name, title: full }) => ({ name, title: full })),
    bundles: bundles.map(({ id, tokens, parts }) => ({ id, tokens, files: parts.map(({ file }) => file.path) })),
    costUsd,
    elapsedMs: Math.round(elapsedMs),
  })
}

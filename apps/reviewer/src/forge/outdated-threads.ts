import type { Review } from '../review/review.ts'
import type { OwnThread } from './forge.ts'
import { readMarker } from './marker.ts'

/**
 * The threads of ours that are over. Each doubt keeps one open: a reply of anybody else, a forge that does not call it
 * outdated, a finding that is about the same code or the same lines, a review that did not look everywhere. No model
 * decides.
 */
export function outdatedThreads(threads: readonly OwnThread[], review: Review): readonly OwnThread[] {
  const { cells, clusters, skipped, endedEarly } = review
  const hasLooked = cells.length > 0 && endedEarly === undefined && cells.every(({ status }) => status === 'ok')
  // What nobody looked at may be as it was.
  if (!hasLooked) return []
  // Also those that were refuted or are not shown: that a model says so is not enough.
  const current = new Set(clusters.map(({ fingerprint }) => fingerprint))
  return threads.filter((thread) => {
    const marker = readMarker(thread.body)
    return (
      marker !== undefined &&
      !current.has(marker.about) &&
      thread.isOutdated &&
      !thread.isResolved &&
      !thread.hasReplies &&
      !skipped.some(({ path }) => path === thread.path) &&
      !clusters.some(({ finding }) => finding.path === thread.path && isOverlapping(thread, finding))
    )
  })
}

function isOverlapping(
  { lines }: OwnThread,
  { startLine, endLine }: { readonly startLine: number; readonly endLine: number },
): boolean {
  return lines === undefined || (lines.start <= endLine && startLine <= lines.end)
}

import { isAtLeast, type Severity } from '../finding/finding.ts'
import { type Filter, shownOf } from '../report/shown.ts'
import type { Review } from '../review/review.ts'

export const EXIT = { clean: 0, threshold: 1, usage: 2, incomplete: 3, notPosted: 4, interrupted: 130 } as const

/**
 * What a review means for who called, by what its report shows: holes in the coverage weigh more than findings, as nobody
 * knows what they hide.
 */
export function exitCodeOf(
  { cells, clusters, endedEarly }: Review,
  { failOn, ...filter }: Filter & { readonly failOn?: Severity | undefined },
): number {
  if (endedEarly === 'interrupted') return EXIT.interrupted
  if (cells.some(({ status }) => status !== 'ok')) return EXIT.incomplete
  const { standing } = shownOf(clusters, filter)
  const isReached = failOn !== undefined && standing.some(({ severity }) => isAtLeast(severity, failOn))
  return isReached ? EXIT.threshold : EXIT.clean
}

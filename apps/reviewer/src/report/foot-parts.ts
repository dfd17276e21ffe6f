import type { Review } from '../review/review.ts'
import { costText, count, seconds } from './coverage.ts'

/** What a review took, and what it left out of its report: its last line. */
export function footParts(
  { costUsd, elapsedMs, refused, isDemo }: Pick<Review, 'costUsd' | 'elapsedMs' | 'refused' | 'isDemo'>,
  hiddenCount: number,
): readonly string[] {
  const excess = refused.filter(({ reason }) => reason === 'too-many').length
  return [
    ...(isDemo ? [] : [costText(costUsd)]),
    seconds(elapsedMs),
    ...(hiddenCount === 0 ? [] : [`${count(hiddenCount, 'finding')} below what was asked for`]),
    ...(refused.length === excess ? [] : [`${count(refused.length - excess, 'report')} about no line of the change`]),
    ...(excess === 0 ? [] : [`${count(excess, 'report')} beyond what one answer may hold`]),
  ]
}

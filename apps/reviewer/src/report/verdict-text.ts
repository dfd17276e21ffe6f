import type { Cluster } from '../consolidate/cluster.ts'
import type { Review } from '../review/review.ts'

/** Who says so: `2 of 3 families (claude, gpt), confirmed by gemini-pro`. */
export function agreementText({ families, verdict }: Cluster, { fleet }: Pick<Review, 'fleet'>): string {
  const all = new Set(fleet.map(({ family }) => family)).size
  const who = `${families.length} of ${all} families (${families.join(', ')})`
  if (verdict.type === 'unverified') return `${who}, not verified: ${verdict.why}`
  return `${who}, ${verdict.type} by ${verdict.model}`
}

/** `src/a.ts:12-14`; of deleted lines, `src/a.ts (deleted line 12)`. */
export function placeText({ finding: { path, side, startLine, endLine } }: Pick<Cluster, 'finding'>): string {
  const lines = startLine === endLine ? `${startLine}` : `${startLine}-${endLine}`
  return side === 'new' ? `${path}:${lines}` : `${path} (deleted line ${lines})`
}

import type { TrailItem } from '../../view/entry.ts'

/** What was done earlier, as it is known later, and then what came after it. */
export function mergeTrails(earlier: readonly TrailItem[], later: readonly TrailItem[]): readonly TrailItem[] {
  const now = new Map(later.map((item) => [identityOf(item), item]))
  const known = new Set(earlier.map(identityOf))
  const fresh = later.filter((item) => !known.has(identityOf(item)))
  return [...earlier.map((item) => now.get(identityOf(item)) ?? item), ...fresh]
}

function identityOf(item: TrailItem): string {
  return item.type === 'text' ? `text ${item.step}` : `tool ${item.callId}`
}

/** A stretch of a text that must not be kept. */
export interface Range {
  readonly start: number
  readonly end: number
  /** What it was, `github-token` say; `''` for what only its place or a given secret tells. */
  readonly kind: string
}

/** Ranges from left to right, none of which touches another. */
export function mergeRanges(ranges: readonly Range[]): readonly Range[] {
  const merged: Range[] = []
  for (const range of ranges.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1)
    if (last === undefined || range.start >= last.end) merged.push(range)
    else merged[merged.length - 1] = { ...last, end: Math.max(last.end, range.end), kind: last.kind || range.kind }
  }
  return merged
}

export function markerOf({ kind }: Pick<Range, 'kind'>): string {
  return kind === '' ? '[redacted]' : `[redacted:${kind}]`
}

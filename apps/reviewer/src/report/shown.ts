import type { Cluster } from '../consolidate/cluster.ts'
import { isAtLeast, type Severity } from '../finding/finding.ts'

export interface Filter {
  readonly minSeverity: Severity
  /** Families. */
  readonly minAgreement: number
}

/** What a report shows, what was refuted, and how many the reader asked not to see. */
export interface Shown {
  readonly standing: readonly Cluster[]
  readonly refuted: readonly Cluster[]
  readonly hiddenCount: number
}

export function shownOf(clusters: readonly Cluster[], { minSeverity, minAgreement }: Filter): Shown {
  const wanted = clusters.filter(
    ({ severity, families }) => isAtLeast(severity, minSeverity) && families.length >= minAgreement,
  )
  return {
    standing: wanted.filter(({ verdict }) => verdict.type !== 'refuted'),
    refuted: wanted.filter(({ verdict }) => verdict.type === 'refuted'),
    hiddenCount: clusters.length - wanted.length,
  }
}

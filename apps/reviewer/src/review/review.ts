import type { Bundle } from '../bundle/bundle.ts'
import type { Cluster } from '../consolidate/cluster.ts'
import type { RefusedFinding } from '../finding/finding.ts'
import type { FleetMember } from '../fleet/fleet.ts'
import type { Lens } from '../lens/lens.ts'
import type { HiddenText } from '../sanitise/hidden-text.ts'
import type { SkippedFile } from '../select/selection.ts'

/** All that came of a review: what reports are made of. */
export interface Review {
  readonly title?: string
  readonly fleet: readonly FleetMember[]
  readonly lenses: readonly Lens[]
  readonly bundles: readonly Bundle[]
  readonly cells: readonly CellOutcome[]
  /** Most important first. */
  readonly clusters: readonly Cluster[]
  readonly refused: readonly RefusedFinding[]
  readonly skipped: readonly SkippedFile[]
  /** Characters that people do not see, and models would have. */
  readonly hidden: readonly HiddenText[]
  readonly costUsd: Cost
  readonly elapsedMs: number
  /** The answers were scripted. */
  readonly isDemo: boolean
  /** Why it ended before all cells were looked at; absent when it did not. */
  readonly endedEarly?: 'interrupted' | 'max-cost'
}

/** What is known of what it cost; with an unknown price it is more than `knownUsd`. */
export interface Cost {
  readonly knownUsd: number
  readonly hasUnknown: boolean
}

/** One model looking at one bundle through one lens. */
export interface Cell {
  readonly member: FleetMember
  readonly lens: Lens
  readonly bundle: Bundle
}

/** `ok`: it was looked at, whatever was found. All others are holes in the coverage. */
export type CellOutcome = Cell & {
  readonly elapsedMs: number
  readonly costUsd?: number
} & (
    | { readonly status: 'ok'; readonly findings: number; readonly refused: number }
    | { readonly status: 'failed' | 'timeout' | 'skipped'; readonly reason: string }
  )

import type { Finding, Severity } from '../finding/finding.ts'

/** Findings that say the same, of all models and lenses. */
export interface Cluster {
  /** Made of the code it is about, not of words or line numbers: the same when lines have moved and models say it anew. */
  readonly fingerprint: string
  /** The one that is shown. */
  readonly finding: Finding
  readonly members: readonly Finding[]
  /** The families that reported it, sorted. */
  readonly families: readonly string[]
  /** The worst that at least half of the members say. */
  readonly severity: Severity
  /** From 0 to 1, of all members together. */
  readonly confidence: number
  readonly verdict: Verdict
}

/** What became of it when a model of another family looked at it to refute it. */
export type Verdict =
  | { readonly type: 'unverified'; readonly why: string }
  | { readonly type: 'confirmed' | 'refuted'; readonly model: string; readonly reason: string }

import type { ChangedFile, Hunk } from '../change/change.ts'

/** A part of a change that one model looks at in one go. Every changed line is in one bundle, or not reviewed. */
export interface Bundle {
  /** Stable for the same change: `b1`, `b2`... */
  readonly id: string
  readonly parts: readonly BundlePart[]
  /** What it takes of a model's window, as an estimate. */
  readonly tokens: number
}

export interface BundlePart {
  readonly file: ChangedFile
  /** All hunks of the file, or those that this bundle holds; a hunk that is too large alone is split between lines. */
  readonly hunks: readonly Hunk[]
}

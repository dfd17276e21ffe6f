import type { ChangedFile } from '../change/change.ts'

/** What of a change is reviewed. Each of its files is in exactly one of the two lists. */
export interface Selection {
  readonly reviewed: readonly ChangedFile[]
  readonly skipped: readonly SkippedFile[]
}

export interface SkippedFile {
  readonly path: string
  readonly reason: SkipReason
  /** In words for people, such as `package-lock.json is written by a package manager`. */
  readonly why: string
  readonly changedLines: number
}

export type SkipReason =
  | 'binary'
  | 'generated'
  | 'vendored'
  | 'lock-file'
  | 'minified'
  | 'renamed'
  | 'mode-changed'
  | 'symlink'
  | 'submodule'
  | 'excluded'
  | 'too-large'

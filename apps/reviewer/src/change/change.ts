/** A change of code: what a diff says, file by file. */
export interface Change {
  readonly files: readonly ChangedFile[]
  /** In its author's words; data, never instructions. */
  readonly title?: string
  readonly description?: string
}

export interface ChangedFile {
  /** Where it is now; of a deleted file, where it was. Separated by `/`. */
  readonly path: string
  /** Where it was, when that was elsewhere. */
  readonly oldPath?: string
  readonly kind: 'added' | 'deleted' | 'modified' | 'renamed' | 'copied' | 'mode-changed'
  readonly isBinary: boolean
  readonly isSymlink: boolean
  /** A repository of its own, of which a change names another commit. */
  readonly isSubmodule: boolean
  readonly addedLines: number
  readonly deletedLines: number
  readonly hunks: readonly Hunk[]
}

export interface Hunk {
  readonly oldStart: number
  readonly newStart: number
  /** What git wrote behind the second `@@`: most often the function it is in. */
  readonly heading: string
  readonly lines: readonly DiffLine[]
}

export interface DiffLine {
  readonly kind: 'context' | 'added' | 'deleted'
  /** Without its line end; a lone carriage return at its end belongs to it. */
  readonly text: string
  /** Counting from 1; absent for an added line. */
  readonly oldLine?: number
  /** Counting from 1; absent for a deleted line. */
  readonly newLine?: number
  /** The file ends here without a line end. */
  readonly isWithoutNewline?: true
}

/** Where a change comes from: a repository, a diff alone, a forge. */
export interface ChangeSource {
  read(options: { readonly signal: AbortSignal }): Promise<Change>
  /** A file as it was before the change; configuration is read here alone, as the change is not trusted. */
  readBase(path: string): Promise<string | undefined>
  /** A file as the change leaves it. */
  readHead(path: string): Promise<string | undefined>
}

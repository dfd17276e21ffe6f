const marker = Symbol.for('executus.reviewer.DiffError')

/**
 * Why there is no change to review.
 *
 * - `malformed`: it is no diff, or one with a hunk that does not add up. `combined`: it is the diff of a merge.
 * - `no-git`: git is not installed. `no-repository`: there is none here. `unknown-revision`: git does not know it.
 * - `unreadable`: a file or standard input could not be read.
 */
export type DiffErrorCode = 'malformed' | 'combined' | 'no-git' | 'no-repository' | 'unknown-revision' | 'unreadable'

/** There is no change to review; `code` says why. */
export class DiffError extends Error {
  override readonly name = 'DiffError'
  readonly code: DiffErrorCode

  constructor(code: DiffErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, marker, { value: true })
  }

  static is(error: unknown): error is DiffError {
    return typeof error === 'object' && error !== null && marker in error
  }
}

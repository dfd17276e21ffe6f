// What the stores of batteries throw: one class for all, so that a host catches one, and one file may serve them all.

const marker = Symbol.for('executus.StoreError')

/**
 * What a store could not do.
 *
 * - `fenced`: somebody else has claimed or changed it since. `corrupt`: what is kept of it is damaged.
 * - `full`, `read-only`, `io`: the disk would not. `busy`: another process held the store for too long.
 * - `newer-schema`: a newer version wrote it; it was left untouched. `not-a-store`: the file is something else.
 * - `exists`, `not-found`: as they say. `closed`: the store is closed.
 * - `unsupported`: this Node.js cannot run the driver.
 */
export type StoreErrorCode =
  | 'fenced'
  | 'corrupt'
  | 'full'
  | 'read-only'
  | 'io'
  | 'busy'
  | 'newer-schema'
  | 'not-a-store'
  | 'exists'
  | 'not-found'
  | 'closed'
  | 'unsupported'

/** A store could not do what it was asked; `code` says why. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, marker, { value: true })
  }

  /** Whether `error` is a StoreError, also of another copy of this package. */
  static is(error: unknown): error is StoreError {
    try {
      return typeof error === 'object' && error !== null && marker in error
    } catch {
      return false // a revoked proxy throws when it is asked anything
    }
  }
}

const marker = Symbol.for('executus.StoreError')

/**
 * What a store could not do.
 *
 * - `fenced`: another owner has claimed the run. `corrupt`: an entry is damaged.
 * - `full`, `read-only`, `io`: the disk would not. `busy`: another process held the store for too long.
 * - `newer-schema`: a newer version wrote it; it was left untouched. `not-a-store`: the file is something else.
 * - `exists`, `no-such-run`: as they say. `closed`: the store is closed.
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
  | 'no-such-run'
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

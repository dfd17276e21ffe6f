const marker = Symbol.for('executus.OwnedError')

/** `forbidden`: it is seen, and belongs to somebody else. `too-many`: the owner has as many as one may have. */
export type OwnedErrorCode = 'forbidden' | 'too-many'

/** What somebody may not do with a thing that people own; what a store could not do is a `StoreError`. */
export class OwnedError extends Error {
  override readonly name = 'OwnedError'
  readonly code: OwnedErrorCode

  constructor(code: OwnedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, marker, { value: true })
  }

  /** Whether `error` is an OwnedError, also of another copy of this package. */
  static is(error: unknown): error is OwnedError {
    try {
      return typeof error === 'object' && error !== null && marker in error
    } catch {
      return false // a revoked proxy throws when it is asked anything
    }
  }
}

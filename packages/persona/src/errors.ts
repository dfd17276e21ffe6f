const marker = Symbol.for('executus.PersonaError')

/** `forbidden`: it is seen, and belongs to somebody else. `too-many`: the owner has as many as one may have. */
export type PersonaErrorCode = 'forbidden' | 'too-many'

/** What somebody may not do; what a store could not do is a `StoreError`. */
export class PersonaError extends Error {
  override readonly name = 'PersonaError'
  readonly code: PersonaErrorCode

  constructor(code: PersonaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, marker, { value: true })
  }

  /** Whether `error` is a PersonaError, also of another copy of this package. */
  static is(error: unknown): error is PersonaError {
    try {
      return typeof error === 'object' && error !== null && marker in error
    } catch {
      return false // a revoked proxy throws when it is asked anything
    }
  }
}

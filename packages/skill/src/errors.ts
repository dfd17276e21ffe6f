const marker = Symbol.for('executus.SkillError')

/** `forbidden`: it is seen, and belongs to somebody else. `too-many`: the owner has as many as one may have. */
export type SkillErrorCode = 'forbidden' | 'too-many'

/** What somebody may not do; what a store could not do is a `StoreError`. */
export class SkillError extends Error {
  override readonly name = 'SkillError'
  readonly code: SkillErrorCode

  constructor(code: SkillErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, marker, { value: true })
  }

  /** Whether `error` is a SkillError, also of another copy of this package. */
  static is(error: unknown): error is SkillError {
    try {
      return typeof error === 'object' && error !== null && marker in error
    } catch {
      return false // a revoked proxy throws when it is asked anything
    }
  }
}

const marker = Symbol.for('executus.LaneError')

/**
 * Why a lane gave no slot.
 *
 * - `full`: as many wait already as may.
 * - `closed`: the lane drains and takes no more.
 * - `aborted`: the caller's signal ended the waiting; its reason is the `cause`.
 */
export type LaneErrorCode = 'full' | 'closed' | 'aborted'

/** A lane gave no slot; `code` says why. */
export class LaneError extends Error {
  override readonly name = 'LaneError'
  readonly code: LaneErrorCode

  constructor(code: LaneErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, marker, { value: true })
  }

  /** Whether `error` is a LaneError, also of another copy of this package. */
  static is(error: unknown): error is LaneError {
    try {
      return typeof error === 'object' && error !== null && marker in error
    } catch {
      return false // a revoked proxy throws when it is asked anything
    }
  }
}

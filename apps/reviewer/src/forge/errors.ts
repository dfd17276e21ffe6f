const marker = Symbol.for('executus.reviewer.ForgeError')

/**
 * What a forge did not do.
 *
 * - `auth`: it does not take the token, wants one, or the token may not do this. `not-found`: there is none, or the token
 *   may not see it. `rate-limited`: it wants to be asked later. `refused`: it understood, and will not.
 * - `network`: it was not reached, or did not answer in time. `unexpected`: it answered with what no forge answers.
 */
export type ForgeErrorCode = 'auth' | 'not-found' | 'rate-limited' | 'refused' | 'network' | 'unexpected'

export interface ForgeErrorOptions extends ErrorOptions {
  readonly status?: number | undefined
  readonly retryAfterMs?: number | undefined
}

/** A forge did not do what was asked; `code` says why. Neither its message nor its cause ever holds the token. */
export class ForgeError extends Error {
  override readonly name = 'ForgeError'
  readonly code: ForgeErrorCode
  /** Of HTTP, when there was an answer. */
  readonly status: number | undefined
  /** When the forge wants to be asked again. */
  readonly retryAfterMs: number | undefined

  constructor(code: ForgeErrorCode, message: string, { status, retryAfterMs, ...options }: ForgeErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.status = status
    this.retryAfterMs = retryAfterMs
    Object.defineProperty(this, marker, { value: true })
  }

  static is(error: unknown): error is ForgeError {
    return typeof error === 'object' && error !== null && marker in error
  }
}

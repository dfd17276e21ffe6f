const marker = Symbol.for('executus.ConfigError')

/** `unreadable`: the file is not there or may not be read. `not-json`: it is no JSON. `invalid`: it does not fit the schema. */
export type ConfigErrorCode = 'unreadable' | 'not-json' | 'invalid'

/** A config file is of no use; `code` says how, and the message names the file and everything that is wrong in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code: ConfigErrorCode
  readonly path: string

  constructor(code: ConfigErrorCode, path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}`, options)
    this.code = code
    this.path = path
    Object.defineProperty(this, marker, { value: true })
  }

  /** Whether `error` is a ConfigError, also of another copy of this package. */
  static is(error: unknown): error is ConfigError {
    try {
      return typeof error === 'object' && error !== null && marker in error
    } catch {
      return false // a revoked proxy throws when it is asked anything
    }
  }
}

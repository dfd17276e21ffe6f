/**
 * `busy`: it was not sent, and may be later (`retryAfterMs`). `refused`: it was not sent, and never will be.
 */
export type ChannelErrorCode = 'busy' | 'refused'

const MARK = Symbol.for('executus.bot.ChannelError')

/** What a channel is sure was not sent. Anything else that it throws leaves open whether it was. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError'
  readonly code: ChannelErrorCode
  readonly retryAfterMs: number | undefined
  readonly [MARK] = true

  constructor(
    code: ChannelErrorCode,
    message: string,
    options: ErrorOptions & { readonly retryAfterMs?: number } = {},
  ) {
    super(message, options)
    this.code = code
    this.retryAfterMs = options.retryAfterMs
  }

  static is(error: unknown): error is ChannelError {
    return typeof error === 'object' && error !== null && MARK in error
  }
}

const marker = Symbol.for('executus.GuardedFetchError')

const DENIALS = {
  bad_url: 'this is not a complete URL such as https://example.com/path.',
  ambiguous_url: 'programs read this URL in different ways. Write it as https://host/path, without backslashes.',
  control_char: 'a URL holds no control characters or line breaks.',
  url_too_long: 'the URL is too long.',
  scheme_not_allowed: 'this tool only reaches http and https URLs.',
  userinfo_not_allowed: 'a URL may not hold a user name or password, nor an @ before the host.',
  bad_host: 'the host is not a valid name.',
  host_denied: 'this host is not open to this tool. Do not retry with another spelling of the same name.',
  host_not_in_allowlist: 'this tool only reaches the hosts that its operator listed.',
  port_not_allowed: 'this port is not open to this tool.',
  address_not_public:
    'this tool only reaches public internet hosts. Do not retry with another spelling of the same address.',
  method_not_allowed: 'this method is not open to this tool.',
  header_not_allowed: 'a request header is not open to this tool, or is malformed.',
  redirect_denied: 'the server redirected to where this tool may not go.',
  redirect_invalid: 'the server redirected without saying where to.',
  too_many_redirects: 'the server redirected too often.',
} as const

const FAILURES = {
  dns_error: 'the host name could not be resolved.',
  dns_empty: 'the host name has no address.',
  dns_timeout: 'the host name was not resolved in time.',
  connect_failed: 'no connection to the server came about, or it broke off.',
  tls_failed: 'the certificate of the server could not be verified.',
  timeout: 'the server did not answer in full in time.',
  bad_response: 'the server did not answer in valid HTTP.',
  unreachable: 'the server could not be reached.',
  closed: 'this tool was shut down.',
} as const

const TEXTS: Readonly<Record<GuardedFetchErrorCode, string>> = { ...DENIALS, ...FAILURES }

/** Why a request was refused before it was made. */
export type FetchDenialCode = keyof typeof DENIALS

/** Why a request that was allowed came to nothing. */
export type FetchFailureCode = keyof typeof FAILURES

/** Why there is no response. */
export type GuardedFetchErrorCode = FetchDenialCode | FetchFailureCode

/**
 * A guarded request was denied, or failed; `code` says why. The message is one fixed sentence for each code, made for a
 * model: `denied: address_not_public - this tool only reaches public internet hosts. [...]`. It never names an address.
 */
export class GuardedFetchError extends Error {
  override readonly name = 'GuardedFetchError'
  readonly code: GuardedFetchErrorCode
  /** What the guard saw, resolved addresses included: for an audit, never for a model. Not enumerable. */
  declare readonly detail: string | undefined

  constructor(code: GuardedFetchErrorCode, detail?: string, options?: ErrorOptions) {
    super(`${code in DENIALS ? 'denied' : 'failed'}: ${code} - ${TEXTS[code]}`, options)
    this.code = code
    Object.defineProperty(this, 'detail', { value: detail })
    Object.defineProperty(this, marker, { value: true })
  }

  /** Whether the guard refused the request, rather than the world failing it. */
  get isDenial(): boolean {
    return this.code in DENIALS
  }

  /** Whether `error` is a GuardedFetchError, also of another copy of this package. */
  static is(error: unknown): error is GuardedFetchError {
    return typeof error === 'object' && error !== null && marker in error
  }
}

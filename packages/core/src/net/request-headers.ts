import { GuardedFetchError } from './errors.ts'

/** Header names in lower case, and their values. */
export type HeaderFields = Readonly<Record<string, string>>

/** What a caller may set without the operator's word. */
const OPEN_HEADERS = ['accept', 'accept-language', 'content-type', 'range', 'if-none-match', 'if-modified-since']

/** What survives a redirect to another origin. */
const IMPERSONAL_HEADERS = ['accept', 'accept-language', 'user-agent']

// They steer the connection, forge where a request comes from, or open a metadata service.
const NEVER =
  /^(host|connection|keep-alive|upgrade|te|trailer|transfer-encoding|content-length|expect|via|forwarded|http2-settings|accept-encoding|true-client-ip|cf-connecting-ip|client-ip|fastly-client-ip|(x-)?metadata(-.*)?|(proxy|sec|x-forwarded|x-aws|x-google|x-metadata)-.*|x-(real-ip|client-ip|cluster-client-ip|originating-ip|remote-(ip|addr)|host|original-(url|host)|rewrite-url|http-method(-override)?|method-override))$/

// Only the operator sets these, bound to an origin: a model that was talked into it would send its own.
const SECRET = /^(authorization|cookie)$/

/** Whether an operator may open the header to callers. */
export function canBeOpened(name: string): boolean {
  return isToken(name) && !NEVER.test(name) && !SECRET.test(name)
}

/** Whether an operator may send the header as a credential. */
export function canBeCredential(name: string, value: unknown): boolean {
  return isToken(name) && !NEVER.test(name) && isValue(value)
}

/**
 * The headers that a caller wants sent.
 *
 * @throws GuardedFetchError `header_not_allowed` for one that is not open, or holds what a header cannot
 */
export function checkHeaders(wanted: unknown, alsoOpen: readonly string[]): HeaderFields {
  const checked: Record<string, string> = {}
  for (const [given, value] of entriesOf(wanted)) {
    const name = typeof given === 'string' ? given.toLowerCase() : ''
    const isOpen = isToken(name) && (OPEN_HEADERS.includes(name) || alsoOpen.includes(name))
    if (!isOpen || !isValue(value) || name in checked) throw new GuardedFetchError('header_not_allowed')
    checked[name] = value
  }
  return checked
}

/** The headers that another origin may see as well: what is not known to be harmless stays behind. */
export function impersonal(headers: HeaderFields): HeaderFields {
  return pick(headers, (name) => IMPERSONAL_HEADERS.includes(name))
}

/** The headers of a request that no longer has a body. */
export function withoutBody(headers: HeaderFields): HeaderFields {
  return pick(headers, (name) => !name.startsWith('content-'))
}

function pick(headers: HeaderFields, isKept: (name: string) => boolean): HeaderFields {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isKept(name)))
}

function entriesOf(wanted: unknown): Iterable<readonly [unknown, unknown]> {
  if (wanted === undefined) return []
  if (typeof wanted !== 'object' || wanted === null) throw new GuardedFetchError('header_not_allowed')
  return Symbol.iterator in wanted ? (wanted as Headers) : Object.entries(wanted)
}

// RFC 9110, 5.6.2; the second also keeps out Object.prototype's own.
function isToken(name: string): boolean {
  return /^[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/.test(name) && name !== '__proto__'
}

function isValue(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 8192 && /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value)
}

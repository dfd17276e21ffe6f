import { GuardedFetchError } from './errors.ts'
import { checkHost, type HostRules } from './host-rules.ts'

/** A URL whose text, host and port are in order. Its address is not judged yet. */
export interface CheckedUrl {
  /** The one spelling of the URL, without fragment. */
  readonly href: string
  /** `https://example.com`, with the port when it is not the scheme's own. */
  readonly origin: string
  /** The host without brackets and without a last dot. */
  readonly host: string
  readonly port: number
  readonly isTls: boolean
  /** Path and query, as a request line has them. */
  readonly path: string
}

/** What decides about a URL before anything is resolved. */
export interface UrlRules {
  readonly hosts: HostRules
  readonly ports: readonly number[]
}

// What servers and proxies commonly take.
const LONGEST_URL = 8192

/**
 * Checks a URL as a model, a config file or a server wrote it.
 *
 * @throws GuardedFetchError that says what is wrong with it
 */
export function checkUrl(raw: unknown, rules: UrlRules): CheckedUrl {
  const text = checkUrlText(raw)
  checkScheme(text)
  const authority = /^https?:\/\/([^/?#]*)/i.exec(text)?.[1] ?? ''
  if (authority.includes('@')) throw new GuardedFetchError('userinfo_not_allowed')
  if (!URL.canParse(text)) throw new GuardedFetchError('bad_url')
  return checkParsed(new URL(text), rules)
}

/**
 * Checks a URL, or a part of one, before anything parses it, and gives it without blanks around it: parsers drop some
 * characters silently and read others as slashes.
 *
 * @throws GuardedFetchError `bad_url`, `url_too_long`, `control_char` or `ambiguous_url`
 */
export function checkUrlText(raw: unknown): string {
  if (typeof raw !== 'string') throw new GuardedFetchError('bad_url')
  const text = raw.replaceAll(/^[\t\n\f\r ]+|(?<![\t\n\f\r ])[\t\n\f\r ]+$/g, '')
  if (text.length > LONGEST_URL) throw new GuardedFetchError('url_too_long')
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\0-\u001f\u007f]/.test(text) || !text.isWellFormed()) throw new GuardedFetchError('control_char')
  if (/^[^?#]*\\/.test(text)) throw new GuardedFetchError('ambiguous_url')
  return text
}

function checkScheme(text: string): void {
  if (/^https?:\/\/[^/]/i.test(text)) return
  if (/^https?:\/\/$/i.test(text)) throw new GuardedFetchError('bad_url')
  if (/^https?:/i.test(text)) throw new GuardedFetchError('ambiguous_url')
  throw new GuardedFetchError(/^[a-z][a-z\d+.-]*:/i.test(text) ? 'scheme_not_allowed' : 'bad_url')
}

function checkParsed(url: URL, { hosts, ports }: UrlRules): CheckedUrl {
  const bare = url.hostname.replace(/\.$/, '')
  const host = bare.replace(/^\[(.*)\]$/, '$1')
  checkHost(host, hosts)
  const isTls = url.protocol === 'https:'
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port)
  if (!ports.includes(port)) throw new GuardedFetchError('port_not_allowed')
  const origin = `${url.protocol}//${bare}${url.port === '' ? '' : `:${url.port}`}`
  const path = `${url.pathname}${url.search}`
  return { href: `${origin}${path}`, origin, host, port, isTls, path }
}

import { checkUrl, type CheckedUrl, checkUrlText, type UrlRules } from './check-url.ts'
import type { DialRequest, DialResponse } from './dial.ts'
import { GuardedFetchError } from './errors.ts'
import { impersonal, withoutBody } from './request-headers.ts'

/** What one hop of a chain asks for; where it leads is judged anew for each. */
export type Hop = Pick<DialRequest, 'target' | 'method' | 'headers' | 'body'>

const REDIRECTS = [301, 302, 303, 307, 308]

/**
 * The next hop, or `undefined` when the response is the answer.
 *
 * @throws GuardedFetchError `redirect_denied` or `redirect_invalid`
 */
export function nextHop(
  { status, headers }: Pick<DialResponse, 'status' | 'headers'>,
  hop: Hop,
  rules: UrlRules & { readonly allowDowngrade: boolean },
): Hop | undefined {
  if (!REDIRECTS.includes(status)) return undefined
  const { location } = headers
  if (typeof location !== 'string' || location.trim() === '')
    throw new GuardedFetchError('redirect_invalid', location === undefined ? 'no location' : 'not one location')
  const target = targetOf(location, hop.target, rules)
  if (hop.target.isTls && !target.isTls && !rules.allowDowngrade)
    throw new GuardedFetchError('redirect_denied', 'from https to http')

  const isSameOrigin = target.origin === hop.target.origin
  const dropsBody =
    (status === 303 && hop.method !== 'HEAD') || ((status === 301 || status === 302) && hop.method === 'POST')
  const kept = isSameOrigin ? hop.headers : impersonal(hop.headers)
  if (dropsBody) return { target, method: 'GET', headers: withoutBody(kept) }
  if (hop.body !== undefined && !isSameOrigin)
    throw new GuardedFetchError('redirect_denied', 'the body would go to another origin')
  return { ...hop, target, headers: kept }
}

/** Where a Location leads. It is checked as it was written, before anything parses it. */
function targetOf(location: string, from: CheckedUrl, rules: UrlRules): CheckedUrl {
  try {
    const text = checkUrlText(utf8Of(location))
    if (/^[a-z][a-z\d+.-]*:/i.test(text)) return checkUrl(text, rules)
    if (text.startsWith('//')) return checkUrl(`${from.isTls ? 'https:' : 'http:'}${text}`, rules)
    return checkUrl(new URL(text, from.href).href, rules)
  } catch (error) {
    const detail = GuardedFetchError.is(error) ? error.code : 'not a URL'
    throw new GuardedFetchError('redirect_denied', detail, { cause: error })
  }
}

/** Header bytes arrive as Latin-1, and servers write UTF-8. */
function utf8Of(text: string): string {
  const bytes = Buffer.from(text, 'latin1')
  const isLatin1 = bytes.toString('latin1') === text
  const utf8 = bytes.toString('utf8')
  return isLatin1 && !utf8.includes('\ufffd') ? utf8 : text
}

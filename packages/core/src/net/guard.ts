import { type CheckedUrl, checkUrl } from './check-url.ts'
import { canonicalAddress } from './cidr.ts'
import { type Dial, type DialResponse, wireError } from './dial.ts'
import { GuardedFetchError } from './errors.ts'
import type { FetchPolicy } from './fetch-policy.ts'
import { judgeAddress } from './judge-address.ts'
import { readBody } from './read-body.ts'
import { type Hop, nextHop } from './redirects.ts'
import { checkHeaders } from './request-headers.ts'
import { type Lookup, resolveHost } from './resolve-host.ts'

/** What is asked for, beside the URL. */
export interface GuardedRequest {
  /** `GET`, `HEAD`, `POST`, `PUT`, `PATCH` or `DELETE`. @default 'GET' */
  readonly method?: string
  /** Only harmless ones, and those that the operator opened. */
  readonly headers?: Readonly<Record<string, string>> | Headers
  readonly body?: string | Uint8Array
  readonly signal?: AbortSignal
}

/** What came back, read to its end or to the limit. */
export interface GuardedResponse {
  /** Where the answer came from, after redirects. */
  readonly url: string
  readonly status: number
  /** By lower-case name; those sent more than once are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** The body, decoded. */
  readonly bytes: Uint8Array
  /** Whether the body is longer than was read. */
  readonly truncated: boolean
  /** How many were followed. */
  readonly redirects: number
}

/** What a guard reaches the world by; a test brings its own. */
export interface Reach {
  readonly lookup: Lookup
  readonly dial: Dial
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
// A name with more answers is made to be walked through.
const MOST_ANSWERS = 64

/**
 * Makes a request under a policy and follows its redirects, each judged like the first.
 *
 * @throws GuardedFetchError; the signal's reason
 */
export async function guard(
  url: unknown,
  request: GuardedRequest,
  policy: FetchPolicy,
  reach: Reach,
  signal: AbortSignal,
): Promise<GuardedResponse> {
  let hop = firstHop(url, request, policy)
  for (let redirects = 0; ; redirects++) {
    const step = await makeHop(hop, redirects, policy, reach, signal)
    if ('answer' in step) return step.answer
    if (redirects === policy.maxRedirects) throw new GuardedFetchError('too_many_redirects')
    hop = step.next
  }
}

function firstHop(url: unknown, { method = 'GET', headers, body }: GuardedRequest, policy: FetchPolicy): Hop {
  let target: CheckedUrl
  try {
    target = checkUrl(url, policy)
  } catch (error) {
    tell(policy, { url: String(url).slice(0, 8192).toWellFormed(), hop: 0, addresses: [] }, error)
    throw error
  }
  if (!METHODS.includes(method)) throw new GuardedFetchError('method_not_allowed')
  const own = { accept: '*/*', 'user-agent': policy.userAgent, 'accept-encoding': 'gzip, br' }
  const wanted = checkHeaders(headers, policy.allowHeaders)
  const fields = { ...own, ...wanted, ...policy.credentials.get(target.origin) }
  return { target, method, headers: fields, ...(body !== undefined && { body }) }
}

async function makeHop(
  hop: Hop,
  redirects: number,
  policy: FetchPolicy,
  { lookup, dial }: Reach,
  signal: AbortSignal,
): Promise<{ readonly answer: GuardedResponse } | { readonly next: Hop }> {
  const { target } = hop
  const entry = { url: target.href, hop: redirects, addresses: [] as readonly string[] }
  let close = async () => {}
  try {
    signal.throwIfAborted()
    entry.addresses = await addressesOf(target, policy, lookup, signal, (found) => (entry.addresses = found))
    const response: DialResponse = await dial({ ...hop, addresses: entry.addresses, signal })
    close = () => response.close()
    tell(policy, { ...entry, status: response.status })
    const next = nextHop(response, hop, policy)
    if (next !== undefined) return { next }
    const { bytes, truncated } = await readBody(response.body, fieldOf(response, 'content-encoding'), policy.maxBytes)
    signal.throwIfAborted()
    const headers = Object.fromEntries(Object.keys(response.headers).map((name) => [name, fieldOf(response, name)]))
    return { answer: { url: target.href, status: response.status, headers, bytes, truncated, redirects } }
  } catch (thrown) {
    const error = wireError(thrown, signal)
    tell(policy, entry, error)
    // After a redirect it is the server's choice that was refused, not the caller's.
    if (redirects > 0 && GuardedFetchError.is(error) && error.code === 'address_not_public')
      throw new GuardedFetchError('redirect_denied', error.detail, { cause: error })
    throw error
  } finally {
    await close()
  }
}

/** Where a target's socket may go: all that the name resolves to, provided that all of it is open. */
async function addressesOf(
  { host }: CheckedUrl,
  { addresses: rules, egressProxy }: FetchPolicy,
  lookup: Lookup,
  signal: AbortSignal,
  found: (addresses: readonly string[]) => void,
): Promise<readonly string[]> {
  const isLiteral = canonicalAddress(host) !== undefined
  if (egressProxy !== undefined && !isLiteral) return []
  const addresses = isLiteral ? [host] : await resolveHost(host, lookup, signal)
  found(addresses)
  if (addresses.length > MOST_ANSWERS) throw new GuardedFetchError('dns_error', `${addresses.length} answers`)
  for (const address of addresses) {
    const verdict = judgeAddress(address, rules)
    if (!verdict.isOpen) throw new GuardedFetchError('address_not_public', `${address} is ${verdict.why}`)
  }
  return addresses
}

function fieldOf({ headers }: DialResponse, name: string): string {
  const value = headers[name] ?? ''
  return typeof value === 'string' ? value : value.join(', ')
}

function tell({ audit }: FetchPolicy, entry: Parameters<FetchPolicy['audit']>[0], error?: unknown): void {
  const { code, detail }: Partial<GuardedFetchError> = GuardedFetchError.is(error) ? error : {}
  try {
    audit({ ...entry, ...(code !== undefined && { code }), ...(detail !== undefined && { detail }) })
  } catch {
    // A watcher is told; it does not take part.
  }
}

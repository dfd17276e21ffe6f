import type { Readable } from 'node:stream'

import type { Dispatcher } from 'undici'

import type { CheckedUrl } from './check-url.ts'
import { canonicalAddress } from './cidr.ts'
import { GuardedFetchError } from './errors.ts'
import { type Connect, type Endpoint, pinnedConnector } from './pinned-connector.ts'
import type { HeaderFields } from './request-headers.ts'

/** One request to a target that was judged. */
export interface DialRequest {
  readonly target: CheckedUrl
  /** Where the socket may go; empty when a proxy decides. */
  readonly addresses: readonly string[]
  readonly method: string
  readonly headers: HeaderFields
  readonly body?: string | Uint8Array
  readonly signal: AbortSignal
}

/** What a server answers, its body still on the wire. */
export interface DialResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readable
  /** Gives up the connection; afterwards nothing of it is left. */
  close(): Promise<void>
}

/** Makes one request and follows nothing. */
export type Dial = (request: DialRequest) => Promise<DialResponse>

/** How `undiciDial` connects. */
export interface UndiciDialOptions {
  readonly egressProxy?: string
  /** For tests: leads a judged endpoint to another one. @default it stays what it is */
  readonly route?: (endpoint: Endpoint) => Endpoint
  /** For tests: the certificates to trust. @default those of Node */
  readonly ca?: string
}

const CONNECT_TIMEOUT_MS = 5_000
const HEADERS_TIMEOUT_MS = 10_000
const BODY_GAP_TIMEOUT_MS = 10_000
// Of a name with very many addresses a few are enough to find one that answers.
const MOST_ATTEMPTS = 4

/** Requests by undici, each on a connection of its own: no socket outlives the judgement that opened it. */
export function undiciDial({ egressProxy, route = (endpoint) => endpoint, ca }: UndiciDialOptions = {}): Dial {
  return async ({ target, addresses, method, headers, body, signal }) => {
    // Loaded when first needed: whoever has the tools need not use this one.
    const { Agent, buildConnector, ProxyAgent } = await import('undici')
    const limits = { connections: 1, maxHeaderSize: 16 * 1024, keepAliveTimeout: 1_000, allowH2: false }
    const endpoints = inTurns(addresses).map((address) => route({ address, port: target.port }))
    const connect = buildConnector({
      timeout: CONNECT_TIMEOUT_MS,
      allowH2: false,
      lookup: (_host, _options, callback) => callback(new GuardedFetchError('dns_error', 'second lookup'), ''),
      ...(ca !== undefined && { ca }),
    }) as Connect
    const dispatcher: Dispatcher =
      egressProxy === undefined
        ? new Agent({ ...limits, connect: pinnedConnector(connect, { host: target.host, endpoints, signal }) })
        : new ProxyAgent({ ...limits, uri: egressProxy })
    try {
      const { origin, path } = target
      const timeouts = { headersTimeout: HEADERS_TIMEOUT_MS, bodyTimeout: BODY_GAP_TIMEOUT_MS }
      const response = await dispatcher.request({
        ...{ origin, path, method, headers, body: body ?? null, signal, ...timeouts },
      })
      // Who closes early does not want to hear of it.
      response.body.on('error', () => {})
      const close = async () => {
        response.body.destroy()
        await dispatcher.destroy()
      }
      return { status: response.statusCode, headers: response.headers, body: response.body, close }
    } catch (error) {
      await dispatcher.destroy()
      throw error
    }
  }
}

/** What went wrong on the wire, as an error with a code. The caller's own reason stays what it is. */
export function wireError(error: unknown, signal: AbortSignal): unknown {
  if (GuardedFetchError.is(error) && error.code !== 'connect_failed') return error
  if (signal.aborted) return signal.reason
  if (GuardedFetchError.is(error)) return error
  const { name = '', code = name, message = '' } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  const detail = `${code} ${message}`.trim()
  if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code)) return new GuardedFetchError('timeout', detail, { cause: error })
  if (
    /^(HTTPParserError|HPE_|UND_ERR_(HEADERS_OVERFLOW|RES_|RESPONSE|INFO)|ERR_HTTP)/.test(code) ||
    message.includes('upgrade')
  )
    return new GuardedFetchError('bad_response', detail, { cause: error })
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_)/.test(code))
    return new GuardedFetchError('tls_failed', detail, { cause: error })
  return new GuardedFetchError('connect_failed', detail, { cause: error })
}

/** IPv4 and IPv6 by turns (as RFC 8305), IPv4 first: a path that is broken without saying so is mostly an IPv6 one. */
function inTurns(addresses: readonly string[]): readonly string[] {
  const canonical = addresses.flatMap((address) => canonicalAddress(address) ?? [])
  const six = canonical.filter((address) => address.includes(':'))
  const four = canonical.filter((address) => !address.includes(':'))
  const longest = Math.max(six.length, four.length)
  const turns = Array.from({ length: longest }, (_, index) => [four[index], six[index]]).flat()
  return turns.filter((address) => address !== undefined).slice(0, MOST_ATTEMPTS)
}

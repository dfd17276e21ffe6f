import type { Socket } from 'node:net'

import type { buildConnector } from 'undici'

import { canonicalAddress } from './cidr.ts'
import { GuardedFetchError } from './errors.ts'

/** The part of undici's connectors that is used: it gives the socket that it opens. */
export type Connect = (options: buildConnector.Options, callback: buildConnector.Callback) => Socket

/** Where a socket is to go. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** What a connection is pinned to. */
export interface Pins {
  /** The host as its certificate names it. */
  readonly host: string
  /** The endpoints that were judged; they are tried in turn, and nothing else is. */
  readonly endpoints: readonly Endpoint[]
  /** Aborts also while connecting, which undici's own does not. */
  readonly signal: AbortSignal
}

/**
 * Connects to judged addresses only. The name is never resolved again; it stays what TLS asks for and what the certificate
 * must carry.
 */
export function pinnedConnector(connect: Connect, { host, endpoints, signal }: Pins): buildConnector.connector {
  return ({ protocol, localAddress }, callback) => {
    const attempt = (index: number) => {
      const endpoint = endpoints[index]
      if (signal.aborted || endpoint === undefined) {
        callback(new GuardedFetchError('connect_failed', 'no address left to try'), null)
        return
      }
      const destroy = () => socket.destroy()
      const socket = connect(optionsOf(endpoint), (error, connected) => {
        signal.removeEventListener('abort', destroy)
        if (error !== null) {
          if (index + 1 < endpoints.length && !signal.aborted) attempt(index + 1)
          else callback(error, null)
          return
        }
        // Belt and braces: whatever stood between, this is where the bytes would go.
        const remote = canonicalAddress(connected.remoteAddress ?? '')
        if (remote === canonicalAddress(endpoint.address)) {
          callback(null, connected)
          return
        }
        connected.destroy()
        callback(new GuardedFetchError('address_not_public', `connected to ${remote ?? 'nowhere'}`), null)
      })
      signal.addEventListener('abort', destroy, { once: true })
    }
    const optionsOf = ({ address, port }: Endpoint): buildConnector.Options => ({
      protocol,
      hostname: address,
      host,
      port: String(port),
      ...(typeof localAddress === 'string' && { localAddress }),
      ...(protocol === 'https:' && canonicalAddress(host) === undefined && { servername: host }),
    })
    attempt(0)
  }
}

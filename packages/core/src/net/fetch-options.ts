import type { Clock } from '@executus/llm'

import type { FetchAudit } from './fetch-audit.ts'

/** What a guarded fetch may reach. Without any option: public hosts, on the usual ports, by http and https. */
export interface GuardedFetchOptions {
  /** The only hosts that are open: `api.example.com`, or `*.example.com` for all names below it. @default all */
  readonly allowHosts?: readonly string[]
  /** Hosts that are closed, written in the same way. @default none */
  readonly denyHosts?: readonly string[]
  /** Special-use names that are open all the same, such as `nas.lan`; their addresses are judged as ever. @default none */
  readonly allowSpecialHosts?: readonly string[]
  /** Addresses that are open though they are not public: `10.20.0.0/16`. @default none */
  readonly allowCidrs?: readonly string[]
  /** Addresses that are closed, also when `allowCidrs` has them. @default none */
  readonly denyCidrs?: readonly string[]
  /** The /96 blocks of the network's NAT64; the IPv4 address behind one is judged. @default none: such addresses are closed */
  readonly nat64Prefixes?: readonly string[]
  /** Public addresses of this machine that its interfaces do not show. @default none */
  readonly selfAddresses?: readonly string[]
  /** The ports that are open, instead of the usual ones. @default [80, 443, 8080, 8443] */
  readonly ports?: readonly number[]
  /** Whether redirects from https to http are followed. @default false */
  readonly allowDowngrade?: boolean
  /** At most 20. @default 5 */
  readonly maxRedirects?: number
  /** Decoded bytes of a body that are kept; the rest is not read. At most 10 MiB. @default 2 MiB */
  readonly maxBytes?: number
  /** Milliseconds for everything: names, redirects, the last byte of the body. @default 20_000 */
  readonly deadlineMs?: number
  /** Whether names are resolved by DNS alone, or as the system does: `/etc/hosts`, mDNS, VPN. @default 'dns' */
  readonly resolver?: 'dns' | 'system'
  /** DNS servers to ask, such as `192.0.2.53:5353`. @default those of the machine */
  readonly dnsServers?: readonly string[]
  /**
   * A proxy that takes over: it resolves the names and must itself refuse what is not public (Smokescreen, Squid with
   * ACLs). Proxies in the environment are never used. @default none
   */
  readonly egressProxy?: string
  /**
   * Headers for one origin: `{ 'https://api.example.com': { authorization: 'Bearer ...' } }`. They go with a request
   * that begins there, and a redirect to any other origin drops them. @default none
   */
  readonly credentials?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Request headers that callers may set beside the harmless ones. @default none */
  readonly allowHeaders?: readonly string[]
  /** @default 'executus' */
  readonly userAgent?: string
  /** Whether all failures to reach a server look alike, so that a caller cannot scan ports by them. @default false */
  readonly opaqueErrors?: boolean
  /** Is told how each request of a redirect chain was judged. What it throws is ignored. @default nobody is told */
  readonly audit?: (entry: FetchAudit) => void
  /** @default the machine's clock */
  readonly clock?: Clock
}

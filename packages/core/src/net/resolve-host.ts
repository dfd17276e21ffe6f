import { lookup as systemLookup, Resolver } from 'node:dns/promises'

import { GuardedFetchError } from './errors.ts'

/** All addresses of a host name. Rejects when there is no such name; gives none when the name has no address. */
export type Lookup = (host: string, signal: AbortSignal) => Promise<readonly string[]>

// A resolver that is asked twice has had its chance; Node's default goes on for longer than a run waits.
const DNS_TIMEOUT_MS = 2_000
const DNS_TRIES = 2

/**
 * Looks up by DNS alone: unlike `getaddrinfo` it takes no odd spelling for an address, reads no `/etc/hosts`, follows no
 * search domains, and holds no thread.
 */
export function dnsLookup(servers?: readonly string[]): Lookup {
  return async (host, signal) => {
    const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES })
    if (servers !== undefined) resolver.setServers(servers)
    const cancel = () => resolver.cancel()
    signal.addEventListener('abort', cancel, { once: true })
    try {
      const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
      const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
      const failed = answers.find((answer) => answer.status === 'rejected' && !isNoData(answer.reason))
      if (addresses.length === 0 && failed?.status === 'rejected') throw failed.reason
      return addresses
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }
}

/** Looks up as the system does: `/etc/hosts`, mDNS, what a VPN brings along. */
export const hostLookup: Lookup = async (host) => {
  const found = await systemLookup(host, { all: true, order: 'verbatim' })
  return found.map(({ address }) => address)
}

/**
 * All addresses of `host`, as `lookup` has them, within the time of `signal`.
 *
 * @throws GuardedFetchError `dns_error`, `dns_empty` or `dns_timeout`; the signal's reason
 */
export async function resolveHost(host: string, lookup: Lookup, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const addresses = await inTime(lookup(host, signal), signal)
    if (addresses.length === 0) throw new GuardedFetchError('dns_empty')
    return addresses
  } catch (error) {
    if (GuardedFetchError.is(error)) throw error.code === 'timeout' ? new GuardedFetchError('dns_timeout') : error
    if (signal.aborted) throw error
    const code = (error as NodeJS.ErrnoException | undefined)?.code
    throw new GuardedFetchError(code === 'ETIMEOUT' ? 'dns_timeout' : 'dns_error', code, { cause: error })
  }
}

function isNoData(reason: unknown): boolean {
  return (reason as NodeJS.ErrnoException | undefined)?.code === 'ENODATA'
}

/** Settles as `work` does, or rejects with the signal's reason when that comes first. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

import { undiciDial } from './dial.ts'
import type { GuardedFetchOptions } from './fetch-options.ts'
import { fetchPolicy } from './fetch-policy.ts'
import { type GuardedFetch, guardedFetch } from './guarded-fetch-by.ts'
import { dnsLookup, hostLookup } from './resolve-host.ts'

/**
 * A fetch that reaches public hosts only: by their address as resolved and dialled, whatever the URL looks like, and also
 * after redirects. Cookies are not kept, proxies of the environment not used.
 *
 * @throws TypeError or RangeError that names the option
 */
export function createGuardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  const policy = fetchPolicy(options)
  const { resolver, dnsServers, egressProxy } = policy
  return guardedFetch(policy, {
    lookup: resolver === 'system' ? hostLookup : dnsLookup(dnsServers),
    dial: undiciDial(egressProxy === undefined ? {} : { egressProxy }),
  })
}

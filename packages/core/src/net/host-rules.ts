import { isIP } from 'node:net'

import { GuardedFetchError } from './errors.ts'

/** What an operator says about host names; each is a name, or `*.` and a name for all names below it. */
export interface HostRules {
  /** The only hosts that are open, when given. */
  readonly allow?: readonly string[]
  readonly deny: readonly string[]
  /** Special-use names that are open all the same. */
  readonly special: readonly string[]
}

// RFC 6761 and its successors, RFC 6762 appendix G, and names that resolvers of clusters and containers make up.
const SPECIAL_SUFFIXES = [
  ...['localhost', 'localdomain', 'local', 'internal', 'intranet', 'private', 'lan', 'home', 'corp', 'mail'],
  ...['home.arpa', 'in-addr.arpa', 'ip6.arpa', 'ipv4only.arpa', 'resolver.arpa', 'service.arpa'],
  ...['test', 'invalid', 'example', 'onion', 'alt', 'svc', 'consul', 'kubernetes.default'],
]

// Cloud metadata services whose names lie in public zones.
const METADATA_HOSTS = [
  'metadata.goog',
  'metadata.packet.net',
  'metadata.platformequinix.com',
  'metadata.tencentyun.com',
  'api.metadata.cloud.ibm.com',
]

/**
 * Judges a host as a URL has it, lower-case and without its last dot.
 *
 * @throws GuardedFetchError `bad_host`, `host_denied` or `host_not_in_allowlist`
 */
export function checkHost(host: string, rules: HostRules): void {
  if (isIP(host) === 0) checkName(host, rules)
  if (rules.deny.some((pattern) => isMatch(host, pattern))) throw new GuardedFetchError('host_denied')
  if (rules.allow !== undefined && !rules.allow.some((pattern) => isMatch(host, pattern)))
    throw new GuardedFetchError('host_not_in_allowlist')
}

/** Whether `text` can stand in a list of hosts. */
export function isHostPattern(text: string): boolean {
  const host = text.replace(/^\*\./, '')
  return isIP(host) !== 0 || isName(host)
}

function checkName(host: string, { special }: HostRules): void {
  if (!isName(host)) throw new GuardedFetchError('bad_host')
  if (special.some((pattern) => isMatch(host, pattern))) return
  const isSpecial =
    !host.includes('.') || METADATA_HOSTS.includes(host) || SPECIAL_SUFFIXES.some((suffix) => isBelow(host, suffix))
  if (isSpecial) throw new GuardedFetchError('host_denied')
}

// Underscores are no host name by RFC 952, and yet there are such hosts.
function isName(host: string): boolean {
  return host.length <= 253 && host.split('.').every((label) => /^[a-z0-9_-]{1,63}$/.test(label))
}

function isMatch(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern
}

function isBelow(host: string, suffix: string): boolean {
  return host === suffix || host.endsWith(`.${suffix}`)
}

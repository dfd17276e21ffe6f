import { isIP } from 'node:net'

import { type Clock, systemClock } from '@executus/llm'

import {
  checkCount,
  checkKeys,
  checkObject,
  checkOneOf,
  checkPort,
  checkText,
  checkTexts,
  expected,
} from '../check-option.ts'
import type { UrlRules } from './check-url.ts'
import { canonicalAddress, type Cidr, parseCidr } from './cidr.ts'
import type { FetchAudit } from './fetch-audit.ts'
import type { GuardedFetchOptions } from './fetch-options.ts'
import { isHostPattern } from './host-rules.ts'
import type { AddressRules } from './judge-address.ts'
import { canBeCredential, canBeOpened, type HeaderFields } from './request-headers.ts'

/** The options of a guarded fetch, checked, with the defaults filled in. */
export interface FetchPolicy extends UrlRules {
  readonly addresses: AddressRules
  readonly allowDowngrade: boolean
  readonly maxRedirects: number
  readonly maxBytes: number
  readonly deadlineMs: number
  readonly resolver: 'dns' | 'system'
  readonly dnsServers?: readonly string[]
  readonly egressProxy?: string
  /** By origin. */
  readonly credentials: ReadonlyMap<string, HeaderFields>
  readonly allowHeaders: readonly string[]
  readonly userAgent: string
  readonly opaqueErrors: boolean
  readonly audit: (entry: FetchAudit) => void
  readonly clock: Clock
}

const DEFAULTS = {
  ports: [80, 443, 8080, 8443], // the web and its usual second doors; nothing else speaks HTTP by default
  maxRedirects: 5, // browsers take 20; what needs more than 5 is a maze
  maxBytes: 2 * 1024 * 1024, // a long article is 200 kB of HTML
  deadlineMs: 20_000, // longer than a slow page, shorter than the patience of a run
  userAgent: 'executus',
} as const

const MOST_REDIRECTS = 20
const MOST_BYTES = 10 * 1024 * 1024

const OPTIONS: readonly (keyof GuardedFetchOptions)[] = [
  ...(['allowHosts', 'denyHosts', 'allowSpecialHosts', 'allowCidrs', 'denyCidrs', 'nat64Prefixes'] as const),
  ...(['selfAddresses', 'ports', 'allowDowngrade', 'maxRedirects', 'maxBytes', 'deadlineMs', 'resolver'] as const),
  ...(['dnsServers', 'egressProxy', 'credentials', 'allowHeaders', 'userAgent', 'opaqueErrors'] as const),
  ...(['audit', 'clock'] as const),
]

/**
 * Checks the options of a guarded fetch; `name` stands before them in messages.
 *
 * @throws TypeError or RangeError that names the option
 */
export function fetchPolicy(options: GuardedFetchOptions, name = 'guardedFetch'): FetchPolicy {
  checkKeys(name, options, OPTIONS)
  const { maxRedirects = DEFAULTS.maxRedirects, maxBytes = DEFAULTS.maxBytes, resolver = 'dns' } = options
  const { allowDowngrade = false, opaqueErrors = false, userAgent = DEFAULTS.userAgent } = options
  const { deadlineMs = DEFAULTS.deadlineMs, clock = systemClock, audit = () => {}, egressProxy } = options
  const ports = options.ports ?? DEFAULTS.ports
  checkList(`${name}.ports`, ports, (port) => Number.isInteger(port) && port >= 1 && port <= 65_535, 'a port')
  checkAtMost(`${name}.maxRedirects`, maxRedirects, 0, MOST_REDIRECTS)
  checkAtMost(`${name}.maxBytes`, maxBytes, 1, MOST_BYTES)
  checkCount(`${name}.deadlineMs`, deadlineMs, 1)
  checkOneOf(`${name}.resolver`, resolver, ['dns', 'system'])
  checkFlag(`${name}.allowDowngrade`, allowDowngrade)
  checkFlag(`${name}.opaqueErrors`, opaqueErrors)
  checkPort(name, { ...options, audit }, ['audit'])
  checkPort(`${name}.clock`, clock, ['now', 'after'])
  if (!canBeCredential('user-agent', userAgent)) throw unusable(`${name}.userAgent`, 'a header value', userAgent)
  if (egressProxy !== undefined) checkProxy(`${name}.egressProxy`, egressProxy)

  const texts = (key: keyof GuardedFetchOptions, what: string, fits: (text: string) => boolean) => {
    const list = options[key] as readonly string[] | undefined
    if (list === undefined) return undefined
    checkTexts(`${name}.${key}`, list)
    checkList(`${name}.${key}`, list, fits, what)
    return list.map((text) => text.toLowerCase())
  }
  const hosts = (key: 'allowHosts' | 'denyHosts' | 'allowSpecialHosts') =>
    texts(key, 'a host such as example.com or *.example.com, in ASCII', (text) => isHostPattern(bareHost(text)))?.map(
      bareHost,
    )
  const blocks = (key: 'allowCidrs' | 'denyCidrs' | 'nat64Prefixes', what: string, fits: (block: Cidr) => boolean) =>
    cidrsOf(texts(key, what, (text) => cidrsOf([text]).some(fits)) ?? [])
  const allowHosts = hosts('allowHosts')
  const dnsServers = texts('dnsServers', 'an address, with a port or without', isServer)

  return Object.freeze({
    hosts: {
      ...(allowHosts !== undefined && { allow: allowHosts }),
      deny: hosts('denyHosts') ?? [],
      special: hosts('allowSpecialHosts') ?? [],
    },
    ports: [...ports],
    addresses: {
      allow: blocks('allowCidrs', 'a block such as 10.0.0.0/8', () => true),
      deny: blocks('denyCidrs', 'a block such as 10.0.0.0/8', () => true),
      nat64: blocks('nat64Prefixes', 'an IPv6 block of /96', ([net, bits]) => net.kind() === 'ipv6' && bits === 96),
      self: texts('selfAddresses', 'an IP address', (text) => canonicalAddress(text) !== undefined) ?? [],
    },
    allowDowngrade,
    maxRedirects,
    maxBytes,
    deadlineMs,
    resolver,
    ...(dnsServers !== undefined && { dnsServers }),
    ...(egressProxy !== undefined && { egressProxy }),
    credentials: credentialsOf(`${name}.credentials`, options.credentials ?? {}),
    allowHeaders:
      texts('allowHeaders', 'a header that callers may set', (text) => canBeOpened(text.toLowerCase())) ?? [],
    userAgent,
    opaqueErrors,
    audit,
    clock,
  })
}

function credentialsOf(option: string, value: unknown): ReadonlyMap<string, HeaderFields> {
  checkObject(option, value)
  return new Map(
    Object.entries(value).map(([key, headers]: [string, unknown]) => {
      const origin = URL.canParse(key) ? new URL(key) : undefined
      if (origin === undefined || !/^https?:$/.test(origin.protocol) || origin.href !== `${origin.origin}/`)
        throw unusable(option, 'keyed by origins such as https://api.example.com', key)
      checkObject(`${option}['${key}']`, headers)
      const fields = Object.entries(headers).map(([name, text]: [string, unknown]) => {
        // The value is a secret: a message about it names only its place.
        if (!canBeCredential(name.toLowerCase(), text))
          throw new RangeError(`Expected \`${option}['${key}']['${name}']\` to be a header that can be sent`)
        return [name.toLowerCase(), String(text)] as const
      })
      return [origin.origin, Object.fromEntries(fields)]
    }),
  )
}

function checkProxy(option: string, value: unknown): void {
  checkText(option, value)
  // It may hold a password, so the message does not repeat it.
  if (!URL.canParse(String(value)) || !/^https?:$/.test(new URL(String(value)).protocol))
    throw new RangeError(`Expected \`${option}\` to be an http or https URL`)
}

function checkList<T>(option: string, list: readonly T[], fits: (item: T) => boolean, what: string): void {
  if (!isList(list)) throw expected(option, 'a list', list)
  for (const [index, item] of list.entries()) if (!fits(item)) throw unusable(`${option}[${index}]`, what, item)
}

const isList: (value: unknown) => boolean = Array.isArray

function checkAtMost(option: string, value: number, least: number, most: number): void {
  checkCount(option, value, least)
  if (value > most) throw unusable(option, `at most ${most}`, value)
}

function checkFlag(option: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(`Expected \`${option}\` to be true or false`)
}

function cidrsOf(texts: readonly string[]): readonly Cidr[] {
  return texts.flatMap((text) => {
    const cidr = parseCidr(text)
    return cidr === undefined ? [] : [cidr]
  })
}

function bareHost(text: string): string {
  return text.toLowerCase().replace(/\.$/, '')
}

function isServer(text: string): boolean {
  return isIP(text.replace(/^\[(.+)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3')) !== 0
}

function unusable(option: string, what: string, value: unknown): RangeError {
  return new RangeError(`Expected \`${option}\` to be ${what}, got \`${String(value)}\``)
}

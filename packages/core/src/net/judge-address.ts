import { networkInterfaces } from 'node:os'

import { type Address, canonicalAddress, type Cidr, isInCidr, parseAddress } from './cidr.ts'
import { PUBLIC_IPV6, SPECIAL_ADDRESSES } from './special-addresses.ts'

/** What an operator says about addresses. */
export interface AddressRules {
  /** Closed, whatever else holds. */
  readonly deny: readonly Cidr[]
  /** Open, though not public. */
  readonly allow: readonly Cidr[]
  /** /96 blocks behind which an IPv4 address stands. */
  readonly nat64: readonly Cidr[]
  /** The machine's own, beside those of its interfaces. */
  readonly self: readonly string[]
}

/** Whether a socket may go to an address, and if not, what the address is. */
export type AddressVerdict = { readonly isOpen: true } | { readonly isOpen: false; readonly why: string }

const OPEN: AddressVerdict = { isOpen: true }

/** Judges an IP address. What is no address, or has a zone, is closed. */
export function judgeAddress(text: string, rules: AddressRules): AddressVerdict {
  const address = parseAddress(text)
  if (address === undefined) return closed('not an address')
  if (rules.deny.some((cidr) => isInCidr(address, cidr))) return closed('denied by the operator')
  if (rules.allow.some((cidr) => isInCidr(address, cidr))) return OPEN
  const verdict = address.kind() === 'ipv4' ? judgeRange(address) : judgeIpv6(address, rules)
  // A service that listens on 0.0.0.0 answers there too.
  return verdict.isOpen && isOwn(text, rules) ? closed('an address of this machine') : verdict
}

function judgeIpv6(address: Address, rules: AddressRules): AddressVerdict {
  const bytes = address.toByteArray()
  if (rules.nat64.some((cidr) => isInCidr(address, cidr))) return judgeAddress(bytes.slice(12).join('.'), rules)
  if (!isInCidr(address, PUBLIC_IPV6)) return closed('not global unicast')
  if (isIsatap(bytes)) return closed('ISATAP')
  return judgeRange(address)
}

function judgeRange(address: Address): AddressVerdict {
  const special = SPECIAL_ADDRESSES.find(([cidr]) => isInCidr(address, cidr))
  return special === undefined ? OPEN : closed(special[1])
}

/** An interface identifier that holds an IPv4 address (RFC 5214): 0000:5efe or 0200:5efe, then the address. */
function isIsatap(bytes: readonly number[]): boolean {
  const [first, ...rest] = bytes.slice(8, 12)
  return (first === 0 || first === 2) && rest.join('.') === '0.94.254'
}

// Read anew each time: a VPN that comes up brings an address along.
function isOwn(text: string, { self }: AddressRules): boolean {
  const address = canonicalAddress(text)
  const ofInterfaces = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map((info) => info.address))
  return [...ofInterfaces, ...self].some((own) => canonicalAddress(own) === address)
}

function closed(why: string): AddressVerdict {
  return { isOpen: false, why }
}

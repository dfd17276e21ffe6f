import { isIP } from 'node:net'

import ipaddr from 'ipaddr.js'

/** An address, parsed; what `ipaddr.js` makes of the one spelling that `canonicalAddress` gives. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A block of addresses. */
export type Cidr = readonly [Address, number]

/**
 * The one spelling of an IP address: `93.184.216.34`, `2606:4700::1111`. `undefined` for anything else, also for IPv4
 * in hex, octal or short form, and for IPv6 with a zone.
 */
export function canonicalAddress(text: string): string | undefined {
  const family = isIP(text)
  if (family === 0 || text.includes('%')) return undefined
  return family === 4 ? text : new URL(`http://[${text}]`).hostname.slice(1, -1)
}

/** `text` parsed, or `undefined` when it is no address. */
export function parseAddress(text: string): Address | undefined {
  const canonical = canonicalAddress(text)
  return canonical === undefined ? undefined : ipaddr.parse(canonical)
}

/** A block such as `10.0.0.0/8`, or one address; `undefined` when `text` is neither. */
export function parseCidr(text: string): Cidr | undefined {
  const [network = '', bits, ...rest] = text.split('/')
  const address = parseAddress(network)
  if (address === undefined || rest.length > 0) return undefined
  const most = address.kind() === 'ipv4' ? 32 : 128
  if (bits === undefined) return [address, most]
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? [address, Number(bits)] : undefined
}

/** Whether `address` is in the block. Families do not mix: `::ffff:10.0.0.1` is not in `10.0.0.0/8`. */
export function isInCidr(address: Address, [network, bits]: Cidr): boolean {
  return address.kind() === network.kind() && address.match(network, bits)
}

import { type Cidr, parseCidr } from './cidr.ts'

/** IPv6 that is given out to the public; everything else is closed, whatever it may come to mean. */
export const PUBLIC_IPV6: Cidr = block('2000::/3')

/**
 * Blocks that lead inside, nowhere, or to everybody.
 *
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries, 2026-11; the cloud address is Azure's, which answers
 * only inside Azure although it lies in a public block.
 */
export const SPECIAL_ADDRESSES: readonly (readonly [Cidr, string])[] = [
  [block('0.0.0.0/8'), 'this network'],
  [block('10.0.0.0/8'), 'private'],
  [block('100.64.0.0/10'), 'carrier-grade NAT'],
  [block('127.0.0.0/8'), 'loopback'],
  [block('168.63.129.16'), 'cloud platform'],
  [block('169.254.0.0/16'), 'link-local'],
  [block('172.16.0.0/12'), 'private'],
  [block('192.0.0.0/24'), 'protocol assignments'],
  [block('192.0.2.0/24'), 'documentation'],
  [block('192.31.196.0/24'), 'AS112'],
  [block('192.52.193.0/24'), 'AMT'],
  [block('192.88.99.0/24'), '6to4 relay'],
  [block('192.168.0.0/16'), 'private'],
  [block('192.175.48.0/24'), 'AS112'],
  [block('198.18.0.0/15'), 'benchmarking'],
  [block('198.51.100.0/24'), 'documentation'],
  [block('203.0.113.0/24'), 'documentation'],
  [block('224.0.0.0/4'), 'multicast'],
  [block('240.0.0.0/4'), 'reserved'],
  [block('2001::/23'), 'protocol assignments'],
  [block('2001:db8::/32'), 'documentation'],
  [block('2002::/16'), '6to4'],
  [block('2620:4f:8000::/48'), 'AS112'],
  [block('3fff::/20'), 'documentation'],
]

function block(text: string): Cidr {
  const cidr = parseCidr(text)
  if (cidr === undefined) throw new Error(`${text} is no block of addresses`)
  return cidr
}

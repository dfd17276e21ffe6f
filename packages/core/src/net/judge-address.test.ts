import { networkInterfaces } from 'node:os'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { parseCidr } from './cidr.ts'
import { type AddressRules, judgeAddress } from './judge-address.ts'

const none: AddressRules = { allow: [], deny: [], nat64: [], self: [] }
const blocks = (...texts: string[]) => texts.map((text) => parseCidr(text)!)
const isOpen = (address: string, rules: Partial<AddressRules> = {}) =>
  judgeAddress(address, { ...none, ...rules }).isOpen

// Written down a second time, as numbers, so that a slip in the list shows.
const CLOSED_IPV4: readonly (readonly [number, number])[] = [
  ...[[0x00000000, 8] as const, [0x0a000000, 8] as const, [0x64400000, 10] as const, [0x7f000000, 8] as const],
  ...[[0xa83f8110, 32] as const, [0xa9fe0000, 16] as const, [0xac100000, 12] as const, [0xc0000000, 24] as const],
  ...[[0xc0000200, 24] as const, [0xc01fc400, 24] as const, [0xc034c100, 24] as const, [0xc0586300, 24] as const],
  ...[[0xc0a80000, 16] as const, [0xc0af3000, 24] as const, [0xc6120000, 15] as const, [0xc6336400, 24] as const],
  ...[[0xcb007100, 24] as const, [0xe0000000, 4] as const, [0xf0000000, 4] as const],
]
const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')
const hexPair = (value: number) => `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`

const closedIpv4 = fc
  .constantFrom(...CLOSED_IPV4)
  .chain(([start, bits]) => fc.integer({ min: 0, max: 2 ** (32 - bits) - 1 }).map((offset) => start + offset))

test('judgeAddress() closes every special IPv4 address, and every IPv6 address that holds one', () => {
  fc.assert(
    fc.property(closedIpv4, (value) => {
      const [ip, hex] = [dotted(value), hexPair(value)]
      const forms = [ip, `::ffff:${ip}`, `::${hex}`, `::ffff:0:${hex}`, `64:ff9b::${hex}`, `64:ff9b:1::${hex}`]
      const transitions = [`2002:${hex}::1`, `2001:0:${hex}::`, `2606:4700::5efe:${hex}`, `2606:4700::200:5efe:${hex}`]
      for (const form of [...forms, ...transitions]) expect([form, isOpen(form)]).toEqual([form, false])
    }),
  )
})

test('judgeAddress() opens what lies just outside the special blocks, and no other block than those', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
      const isSpecial = CLOSED_IPV4.some(([start, bits]) => value >= start && value < start + 2 ** (32 - bits))
      expect(isOpen(dotted(value))).toBe(!isSpecial)
    }),
    { numRuns: 1_000 },
  )
  const borders = CLOSED_IPV4.flatMap(([start, bits]) => [start - 1, start + 2 ** (32 - bits)])
  for (const value of borders.filter((each) => each >= 0 && each <= 0xffffffff)) {
    const isSpecial = CLOSED_IPV4.some(([from, size]) => value >= from && value < from + 2 ** (32 - size))
    expect([dotted(value), isOpen(dotted(value))]).toEqual([dotted(value), !isSpecial])
  }
})

test('judgeAddress() closes all IPv6 outside 2000::/3', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const first = new URL(`http://[${address}]`).hostname.slice(1).split(':')[0] ?? ''
      const isGlobal = first.length === 4 && /^[23]/.test(first)
      expect(isOpen(address) && !isGlobal).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ...['2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450::1', '2001:200::1', '3ffe::1', '2620:4f:8001::1'],
  ...['3fff:1000::1', '2001:db9::1', '2003::1', '2606:4700::5efd:7f00:1', '2606:4700::100:5efe:7f00:1'],
])('judgeAddress() opens %s', (address) => {
  expect(isOpen(address)).toBe(true)
})

test.each([
  ...['2001::1', '2001:1ff:ffff::1', '2001:db8::1', '2002::1', '3fff::1', '3fff:fff::1', '2620:4f:8000::1'],
  ...[
    'fe80::1%eth0',
    '2606:4700::1%0',
    '127.1',
    '0x7f.1',
    '017700000001',
    '2130706433',
    '8.8.8',
    '8.8.8.8.',
    '08.8.8.8',
  ],
  ...['', ' ', 'localhost', 'not-an-ip', '8.8.8.8\0', '[::1]', '1.1.1.1/32', '4000::1', '5f00::1', '64:ff9b::8.8.8.8'],
])('judgeAddress() closes %j', (address) => {
  expect(isOpen(address)).toBe(false)
})

test('judgeAddress() heeds the operator: deny over allow over everything else', () => {
  const allow = blocks('10.20.0.0/16', 'fd00:1::/32')
  const deny = blocks('10.20.1.0/24', '8.8.8.8')
  expect(isOpen('10.20.2.1', { allow, deny })).toBe(true)
  expect(isOpen('10.21.0.1', { allow, deny })).toBe(false)
  expect(isOpen('10.20.1.1', { allow, deny })).toBe(false)
  expect(isOpen('8.8.8.8', { allow, deny })).toBe(false)
  expect(isOpen('fd00:1::5', { allow })).toBe(true)
  expect(isOpen('::ffff:10.20.2.1', { allow })).toBe(false)
})

test('judgeAddress() closes the addresses of this machine, unless the operator opens them', () => {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  for (const { address } of own) expect(isOpen(address)).toBe(false)
  expect(isOpen('151.101.9.9', { self: ['151.101.9.9'] })).toBe(false)
  expect(isOpen('2606:4700::1', { self: ['2606:4700:0:0:0:0:0:1'] })).toBe(false)
  expect(isOpen('151.101.9.9', { self: ['151.101.9.9'], allow: blocks('151.101.9.9') })).toBe(true)
})

test('judgeAddress() looks through NAT64 only where the operator says that it is', () => {
  const nat64 = blocks('64:ff9b::/96', '2a00:64::/96')
  expect(isOpen('64:ff9b::808:808', { nat64 })).toBe(true)
  expect(isOpen('2a00:64::808:808', { nat64 })).toBe(true)
  expect(isOpen('64:ff9b::a9fe:a9fe', { nat64 })).toBe(false)
  expect(isOpen('2a00:64::7f00:1', { nat64 })).toBe(false)
  expect(isOpen('64:ff9b::808:808', { nat64, deny: blocks('8.8.8.0/24') })).toBe(false)
  expect(isOpen('64:ff9b:1::808:808', { nat64 })).toBe(false)
})

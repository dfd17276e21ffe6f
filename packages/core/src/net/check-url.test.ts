import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { checkUrl, type UrlRules } from './check-url.ts'
import { GuardedFetchError } from './errors.ts'
import { fakeFetch, fakeReach } from './fake-reach.test-kit.ts'

const rules: UrlRules = { hosts: { deny: [], special: [] }, ports: [80, 443, 8080, 8443] }

const octet = fc.integer({ min: 0, max: 255 })
const privateIpv4 = fc.oneof(
  fc.tuple(fc.constantFrom(10, 127, 0), octet, octet, octet),
  fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
  fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
)
const digits = fc.constantFrom(
  (value: number) => String(value),
  (value: number) => `0x${value.toString(16)}`,
  (value: number) => `0X000${value.toString(16).toUpperCase()}`,
  (value: number) => `0${value.toString(8)}`,
  (value: number) => `00000${value.toString(8)}`,
)
/** How many octets the last part takes over. */
const spelling = fc
  .tuple(privateIpv4, fc.tuple(digits, digits, digits, digits), fc.integer({ min: 1, max: 4 }))
  .map(([address, write, last]) => {
    const tail = address.slice(4 - last).reduce((sum, part) => sum * 256 + part, 0)
    return [...address.slice(0, 4 - last), tail].map((part, index) => write[index]?.(part)).join('.')
  })
const dress = fc.constantFrom(
  (host: string) => host,
  (host: string) => `${host}.`,
  (host: string) => host.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  (host: string) => host.replaceAll('.', '\u3002'),
  (host: string) => host.replaceAll(/\d/g, (digit) => `%3${digit}`),
)

test('no spelling of a private IPv4 address gets through', async () => {
  await fc.assert(
    fc.asyncProperty(spelling, dress, fc.constantFrom('http', 'https', 'HTTP'), async (host, put, scheme) => {
      const reach = fakeReach({})
      const fetched = fakeFetch(reach).fetch(`${scheme}://${put(host)}/x`)
      await expect(fetched).rejects.toMatchObject({ code: 'address_not_public' })
      expect([reach.lookups, reach.requests]).toEqual([[], []])
    }),
    { numRuns: 500 },
  )
})

function outcomeOf(raw: unknown): { readonly href?: string; readonly error?: unknown } {
  try {
    return { href: checkUrl(raw, rules).href }
  } catch (error) {
    return { error }
  }
}

test('checkUrl() of any text gives a URL that it would give again, or says what is wrong', () => {
  const parts = [
    'http://',
    'https://',
    'example.com',
    '@',
    ':80',
    '/',
    '\\',
    '?',
    '#',
    '.',
    '..',
    '[::1]',
    '%00',
    ' ',
    '\t',
  ]
  const text = fc.array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 8 }).map((each) => each.join(''))
  fc.assert(
    fc.property(fc.oneof(text, fc.webUrl(), fc.anything()), (raw) => {
      const { href, error } = outcomeOf(raw)
      expect(error === undefined || (GuardedFetchError.is(error) && error.isDenial)).toBe(true)
      expect(href === undefined ? undefined : outcomeOf(href).href).toBe(href)
      expect(href === undefined ? undefined : new URL(href).href).toBe(href)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['  https://EXAMPLE.com.:443/a/../b?q#part \n', 'https://example.com/b?q', 'example.com', 443],
  ['http://bücher.example.org:8080', 'http://xn--bcher-kva.example.org:8080/', 'xn--bcher-kva.example.org', 8080],
  ['http://[2606:4700:0:0::1]/', 'http://[2606:4700::1]/', '2606:4700::1', 80],
  ['https://example.com/?u=http:\\\\x', 'https://example.com/?u=http:\\\\x', 'example.com', 443],
])('checkUrl() gives %j its one spelling', (raw, href, host, port) => {
  expect(checkUrl(raw, rules)).toMatchObject({ href, host, port })
})

test.each<[unknown, string]>([
  [undefined, 'bad_url'],
  [7, 'bad_url'],
  [new URL('https://example.com'), 'bad_url'],
  ['', 'bad_url'],
  ['//example.com/', 'bad_url'],
  ['https://example.com/\ud800', 'control_char'],
  ['https://example.com/\u007f', 'control_char'],
  [`https://example.com/${'a'.repeat(8_200)}`, 'url_too_long'],
  ['https:///example.com', 'ambiguous_url'],
  ['https:\\\\example.com', 'ambiguous_url'],
  ['https://@example.com', 'userinfo_not_allowed'],
  ['https://:@example.com', 'userinfo_not_allowed'],
  ['https://example.com..', 'bad_host'],
  ['https://*.example.com', 'bad_host'],
  [`https://${'a'.repeat(64)}.com`, 'bad_host'],
  ['https://intern', 'host_denied'],
  ['https://x.LOCAL.', 'host_denied'],
  ['https://example.com:25', 'port_not_allowed'],
  ['ws://example.com', 'scheme_not_allowed'],
])('checkUrl() refuses %j: %s', (raw, code) => {
  expect(() => checkUrl(raw, rules)).toThrow(expect.objectContaining({ code }))
})

test('hosts are matched whole: a name, or everything below it', () => {
  const open = (host: string, hosts: Partial<UrlRules['hosts']>) => {
    try {
      return checkUrl(`https://${host}/`, { ...rules, hosts: { ...rules.hosts, ...hosts } }).host
    } catch (error) {
      return (error as { readonly code: string }).code
    }
  }
  const allow = ['example.com', '*.example.net']
  expect(open('example.com', { allow })).toBe('example.com')
  expect(open('a.b.example.net', { allow })).toBe('a.b.example.net')
  for (const host of ['a.example.com', 'example.net', 'notexample.net', 'example.com.evil.org', '1.1.1.1'])
    expect(open(host, { allow })).toBe('host_not_in_allowlist')
  expect(open('x.bad.org', { allow: ['*.bad.org'], deny: ['x.bad.org'] })).toBe('host_denied')
  expect(open('nas.lan', { special: ['nas.lan'] })).toBe('nas.lan')
  expect(open('nas.lan', { allow: ['nas.lan'] })).toBe('host_denied')
})

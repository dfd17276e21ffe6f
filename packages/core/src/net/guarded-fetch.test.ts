import { Readable } from 'node:stream'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

import { expect, test } from 'vitest'

import { dnsServer } from './dns-server.test-kit.ts'
import { GuardedFetchError } from './errors.ts'
import { fakeFetch, fakeReach } from './fake-reach.test-kit.ts'
import type { FetchAudit } from './fetch-audit.ts'
import type { GuardedFetchOptions } from './fetch-options.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import { readBody } from './read-body.ts'

const names = {
  'example.com': ['93.184.216.34'],
  'api.example.com': ['93.184.216.34'],
  'other.example.net': ['151.101.1.69'],
  'inside.example.org': ['10.0.0.1'],
}
const done = { status: 200, body: 'ok' }

test('only impersonal headers go to another origin, and none come back', async () => {
  const reach = fakeReach(names, [
    { status: 302, location: 'https://other.example.net/' },
    { status: 302, location: 'https://api.example.com/back' },
    done,
  ])
  const options = {
    credentials: { 'https://api.example.com': { Authorization: 'Bearer s3cret', 'x-api-key': 'k', cookie: 'c' } },
    allowHeaders: ['x-trace'],
  }
  const headers = { accept: 'text/html', 'x-trace': '1', range: 'bytes=0-9' }

  const response = await fakeFetch(reach, options).fetch('https://api.example.com/', { headers })

  expect(response).toMatchObject({ url: 'https://api.example.com/back', redirects: 2 })
  expect(reach.requests.map((request) => Object.keys(request.headers).toSorted())).toEqual([
    ['accept', 'accept-encoding', 'authorization', 'cookie', 'range', 'user-agent', 'x-api-key', 'x-trace'],
    ['accept', 'user-agent'],
    ['accept', 'user-agent'],
  ])
})

test('credentials go to their origin only: not to another port, scheme or host', async () => {
  const credentials = { 'https://api.example.com': { authorization: 'Bearer s3cret' } }
  for (const url of ['https://api.example.com:8443/', 'http://api.example.com/', 'https://example.com/']) {
    const reach = fakeReach(names)
    await fakeFetch(reach, { credentials }).fetch(url)
    expect(reach.requests[0]?.headers).not.toHaveProperty('authorization')
  }
})

test.each([
  ...['authorization', 'cookie', 'Host', 'content-length', 'transfer-encoding', 'x-forwarded-for', 'metadata-flavor'],
  ...['proxy-connection', 'x-own', 'accept-encoding', 'user-agent', '__proto__', 'constructor', '', 'a b'],
])('a caller may not set the header %j', async (name) => {
  const reach = fakeReach(names)
  const headers = Object.fromEntries([[name, 'x']])
  await expect(fakeFetch(reach).fetch('https://example.com/', { headers })).rejects.toMatchObject({
    code: 'header_not_allowed',
  })
  expect(reach.lookups).toEqual([])
})

test('headers come as an object or as Headers', async () => {
  const reach = fakeReach(names)
  await fakeFetch(reach).fetch('https://example.com/', { headers: new Headers({ Accept: 'text/css' }) })
  expect(reach.requests[0]?.headers['accept']).toBe('text/css')
})

test.each(['CONNECT', 'TRACE', 'get', ''])('the method %j is not open', async (method) => {
  const fetched = fakeFetch(fakeReach(names)).fetch('https://example.com/', { method })
  await expect(fetched).rejects.toMatchObject({ code: 'method_not_allowed' })
})

test.each([
  [303, 'PUT', 'GET', undefined],
  [303, 'HEAD', 'HEAD', undefined],
  [301, 'POST', 'GET', undefined],
  [302, 'PUT', 'PUT', 'x'],
  [308, 'POST', 'POST', 'x'],
])('a %i of a %s on one origin is followed by %s', async (status, method, next, body) => {
  const reach = fakeReach(names, [{ status, location: '/next' }, done])
  const request = { method, headers: { 'content-type': 'text/plain' }, ...(method !== 'HEAD' && { body: 'x' }) }
  await fakeFetch(reach).fetch('https://example.com/', request)
  expect(reach.requests[1]).toMatchObject({ method: next })
  expect(reach.requests[1]?.body).toBe(body)
})

test.each<[string, string | string[] | undefined, string]>([
  ['no location', undefined, 'redirect_invalid'],
  ['two locations', ['/a', '/b'], 'redirect_invalid'],
  ['a blank location', '  ', 'redirect_invalid'],
  ['a downgrade', 'http://example.com/', 'redirect_denied'],
  ['an empty user name', '//@example.com/', 'redirect_denied'],
  ['a tab that parsers drop', '/\t/other.example.net/', 'redirect_denied'],
  ['a backslash that parsers turn', '/\\other.example.net/', 'redirect_denied'],
  ['three slashes', '///other.example.net/', 'redirect_denied'],
  ['another scheme', 'gopher://example.com/', 'redirect_denied'],
  ['a scheme without slashes', 'https:other.example.net', 'redirect_denied'],
  ['a name that leads inside', 'https://inside.example.org/', 'redirect_denied'],
])('a redirect with %s is refused', async (_name, location, code) => {
  const reach = fakeReach(names, [{ status: 302, headers: location === undefined ? {} : { location } }])
  await expect(fakeFetch(reach).fetch('https://example.com/')).rejects.toMatchObject({ code })
  expect(reach.requests).toHaveLength(1)
})

test('a location is read against the URL that it came from, and as the UTF-8 that servers write', async () => {
  const location = Buffer.from('sub/ü').toString('latin1')
  const reach = fakeReach(names, [
    { status: 302, location: '//other.example.net/a/b' },
    { status: 302, location },
    done,
  ])
  const { url } = await fakeFetch(reach).fetch('https://example.com/')
  expect(url).toBe('https://other.example.net/a/sub/%C3%BC')
})

test('redirects are followed maxRedirects times', async () => {
  const reach = fakeReach(names, [{ status: 302, location: '/again' }])
  await expect(fakeFetch(reach).fetch('https://example.com/')).rejects.toMatchObject({ code: 'too_many_redirects' })
  expect(reach.requests).toHaveLength(6)
  const none = fakeFetch(fakeReach(names, [{ status: 302, location: '/' }]), { maxRedirects: 0 })
  await expect(none.fetch('https://example.com/')).rejects.toMatchObject({ code: 'too_many_redirects' })
})

test('a name with more than 64 addresses is refused', async () => {
  const reach = fakeReach({ 'example.com': Array.from({ length: 65 }, (_, index) => `93.184.216.${index}`) })
  await expect(fakeFetch(reach).fetch('https://example.com/')).rejects.toMatchObject({ code: 'dns_error' })
})

test('addresses go to the audit and never into the message', async () => {
  const entries: FetchAudit[] = []
  const reach = fakeReach(names, [{ status: 302, location: 'http://inside.example.org/' }])
  const guard = fakeFetch(reach, { audit: (entry) => entries.push(entry), allowDowngrade: true })

  const error: unknown = await guard.fetch('https://example.com/').catch((caught: unknown) => caught)

  expect(GuardedFetchError.is(error) && error.message).toBe(
    'denied: redirect_denied - the server redirected to where this tool may not go.',
  )
  expect(JSON.stringify(error)).not.toContain('10.0.0.1')
  expect(entries).toEqual([
    { url: 'https://example.com/', hop: 0, addresses: ['93.184.216.34'], status: 302 },
    {
      ...{ url: 'http://inside.example.org/', hop: 1, addresses: ['10.0.0.1'] },
      ...{ code: 'address_not_public', detail: '10.0.0.1 is private' },
    },
  ])
})

test('an audit that throws changes nothing', async () => {
  const audit = () => {
    throw new Error('full')
  }
  const { status } = await fakeFetch(fakeReach(names), { audit }).fetch('https://example.com/')
  expect(status).toBe(200)
})

test('createGuardedFetch() asks DNS servers, and the system only when told to', async () => {
  const dns = await dnsServer({ 'inside.example.org': [['10.0.0.1']] })
  const byDns = createGuardedFetch({ dnsServers: [dns.server] })
  await expect(byDns.fetch('http://inside.example.org/')).rejects.toMatchObject({ detail: '10.0.0.1 is private' })
  expect(dns.questions).toContain('A inside.example.org')

  const bySystem = createGuardedFetch({ resolver: 'system', allowSpecialHosts: ['localhost'] })
  await expect(bySystem.fetch('http://localhost/')).rejects.toMatchObject({ code: 'address_not_public' })
})

test('check() gives the one spelling of a URL, or refuses it', () => {
  const guard = createGuardedFetch()
  expect(guard.check(' HTTPS://Example.com.:443/a#b')).toBe('https://example.com/a')
  expect(() => guard.check('http://localhost/')).toThrow('denied: host_denied - this host is not open to this tool.')
})

test.each<[GuardedFetchOptions | object, string]>([
  [{ allowHost: [] }, 'Expected `guardedFetch` to have no option `allowHost`. Did you mean `allowHosts`?'],
  [{ allowHosts: ['https://example.com'] }, 'Expected `guardedFetch.allowHosts[0]` to be a host such as'],
  [{ denyHosts: ['bücher.example'] }, 'Expected `guardedFetch.denyHosts[0]` to be a host such as'],
  [{ allowCidrs: ['10.0.0.0/33'] }, 'Expected `guardedFetch.allowCidrs[0]` to be a block such as 10.0.0.0/8'],
  [{ denyCidrs: ['10.1'] }, 'Expected `guardedFetch.denyCidrs[0]` to be a block such as 10.0.0.0/8'],
  [{ nat64Prefixes: ['64:ff9b::/64'] }, 'Expected `guardedFetch.nat64Prefixes[0]` to be an IPv6 block of /96'],
  [{ selfAddresses: ['me'] }, 'Expected `guardedFetch.selfAddresses[0]` to be an IP address'],
  [{ ports: [0] }, 'Expected `guardedFetch.ports[0]` to be a port'],
  [{ maxRedirects: 21 }, 'Expected `guardedFetch.maxRedirects` to be at most 20'],
  [{ maxBytes: 11 * 1024 * 1024 }, 'Expected `guardedFetch.maxBytes` to be at most 10485760'],
  [{ deadlineMs: 0 }, 'Expected `guardedFetch.deadlineMs` to be an integer of 1 or more'],
  [{ resolver: 'magic' }, 'Expected `guardedFetch.resolver` to be one of dns, system'],
  [{ dnsServers: ['ns.example.com'] }, 'Expected `guardedFetch.dnsServers[0]` to be an address'],
  [{ egressProxy: 'socks5://u:s3cret@x' }, 'Expected `guardedFetch.egressProxy` to be an http or https URL'],
  [{ credentials: { 'api.x.com': {} } }, 'Expected `guardedFetch.credentials` to be keyed by origins'],
  [{ credentials: { 'https://x.com/a': {} } }, 'Expected `guardedFetch.credentials` to be keyed by origins'],
  [{ credentials: { 'https://x.com': { host: 'y' } } }, "Expected `guardedFetch.credentials['https://x.com']['host']`"],
  [{ credentials: { 'https://x.com': { 'x-key': 's3cret\n' } } }, 'to be a header that can be sent'],
  [{ allowHeaders: ['Authorization'] }, 'Expected `guardedFetch.allowHeaders[0]` to be a header that callers may set'],
  [
    { allowHeaders: ['X-Forwarded-For'] },
    'Expected `guardedFetch.allowHeaders[0]` to be a header that callers may set',
  ],
  [{ userAgent: 'a\nb' }, 'Expected `guardedFetch.userAgent` to be a header value'],
  [{ allowDowngrade: 'no' }, 'Expected `guardedFetch.allowDowngrade` to be true or false'],
  [{ audit: 'log' }, 'Expected `guardedFetch` to be an object with a method `audit`'],
  [{ clock: {} }, 'Expected `guardedFetch.clock` to be an object with a method `now`'],
])('createGuardedFetch() refuses %j', (options, message) => {
  const make = () => createGuardedFetch(options)
  expect(make).toThrow(message)
  expect(make).not.toThrow('s3cret')
})

const page = Buffer.from('a page '.repeat(100))

test.each([
  ['', page],
  ['identity', page],
  ['gzip', gzipSync(page)],
  ['X-GZIP', gzipSync(page)],
  ['br', brotliCompressSync(page)],
  ['deflate', deflateSync(page)],
  ['gzip, br', brotliCompressSync(gzipSync(page))],
  ['gzip, gzip, gzip, gzip, gzip', [1, 2, 3, 4, 5].reduce<Buffer>((body) => gzipSync(body), page)],
])('readBody() undoes %j', async (encoding, encoded) => {
  const { bytes, truncated } = await readBody(Readable.from([encoded]), encoding, 1_000)
  expect([Buffer.from(bytes).toString(), truncated]).toEqual([page.toString(), false])
})

test('readBody() refuses more than five encodings, also when they are right', async () => {
  const six = [1, 2, 3, 4, 5, 6].reduce<Buffer>((body) => gzipSync(body), page)
  const body = Readable.from([six])
  await expect(readBody(body, 'gzip, gzip, gzip, gzip, gzip, gzip', 1_000)).rejects.toMatchObject({
    code: 'bad_response',
  })
  expect(body.destroyed).toBe(true)
})

test.each(['', 'gzip', 'br'])('readBody() takes no body for an empty one, also as %j', async (encoding) => {
  expect(await readBody(Readable.from([]), encoding, 10)).toEqual({ bytes: Buffer.alloc(0), truncated: false })
})

test('readBody() stops at the limit of decoded bytes, and is whole right at it', async () => {
  const gzipped = gzipSync(Buffer.alloc(1_000))
  expect(await readBody(Readable.from([gzipped]), 'gzip', 1_000)).toMatchObject({ truncated: false })
  const cut = await readBody(Readable.from([gzipped]), 'gzip', 999)
  expect([cut.bytes.length, cut.truncated]).toEqual([999, true])
})

test('readBody() stops at a ratio above 100 to 1, however high the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024), { level: 9 })
  const { bytes, truncated } = await readBody(Readable.from([bomb]), 'gzip', 10 * 1024 * 1024)
  expect(truncated).toBe(true)
  expect(bytes.length).toBeLessThan(1.2 * 1024 * 1024)
})

test('readBody() stops when much comes in and nothing out', async () => {
  const empty = gzipSync(Buffer.alloc(0))
  const body = Readable.from([Buffer.concat(Array.from({ length: 1_000 }, () => empty))])
  expect(await readBody(body, 'gzip', 1_000)).toEqual({ bytes: Buffer.alloc(0), truncated: true })
  expect(body.destroyed).toBe(true)
})

import { once } from 'node:events'
import { gzipSync } from 'node:zlib'

import { fakeClock } from '@executus/llm/testing'
import { expect, test, vi } from 'vitest'

import { dnsServer } from './dns-server.test-kit.ts'
import { anyPublic, loopbackFetch, loopbackServer, selfSigned } from './loopback.test-kit.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
/** What a promise rejects with. */
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const publicName = [['93.184.216.34']]

test('a name is resolved once, and the socket goes where that led', async () => {
  const dns = await dnsServer({ 'rebind.example.org': [['93.184.216.34'], ['127.0.0.1']] })
  const web = await loopbackServer((_request, response) => response.end('public'))

  const response = await loopbackFetch(web.port, dns.server).fetch('http://rebind.example.org/page?q=1#part')

  expect(text(response.bytes)).toBe('public')
  expect(response).toMatchObject({ url: 'http://rebind.example.org/page?q=1', status: 200, truncated: false })
  expect(web.seen).toEqual(['GET rebind.example.org/page?q=1'])
  expect(dns.questions.toSorted()).toEqual(['A rebind.example.org', 'AAAA rebind.example.org'])
})

test('a name that turns private on the way of a redirect is denied', async () => {
  const dns = await dnsServer({ 'rebind.example.org': [['93.184.216.34'], ['127.0.0.1']] })
  const web = await loopbackServer((_request, response) => response.writeHead(302, { location: '/next' }).end())

  const fetched = loopbackFetch(web.port, dns.server).fetch('http://rebind.example.org/')

  await expect(fetched).rejects.toMatchObject({ code: 'redirect_denied', detail: '127.0.0.1 is loopback' })
  expect(web.seen).toHaveLength(1)
})

test('one private answer among public ones closes a name', async () => {
  const dns = await dnsServer({ 'mixed.example.org': [['93.184.216.34', '10.0.0.5']] })
  const web = await loopbackServer((_request, response) => response.end())

  const fetched = loopbackFetch(web.port, dns.server).fetch('http://mixed.example.org/')

  await expect(fetched).rejects.toMatchObject({ code: 'address_not_public' })
  await expect(fetched).rejects.not.toThrow('10.0.0.5')
  expect(web.seen).toEqual([])
})

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://2130706433/',
  'http://127.0.0.1/',
  'http://[::1]/',
  'http://localhost/',
])('a redirect to %s is denied after one request', async (location) => {
  const dns = await dnsServer({ 'example.com': publicName })
  const web = await loopbackServer((_request, response) => response.writeHead(302, { location }).end())

  const fetched = loopbackFetch(web.port, dns.server).fetch('http://example.com/')

  await expect(fetched).rejects.toMatchObject({ code: 'redirect_denied' })
  expect(web.seen).toEqual(['GET example.com/'])
})

test.each(['http://127.0.0.1/', 'http://[::ffff:127.0.0.1]/', 'http://0/', 'http://[::7f00:1]/'])(
  'the literal %s is denied without a request',
  async (url) => {
    const web = await loopbackServer((_request, response) => response.end())
    await expect(loopbackFetch(web.port, anyPublic).fetch(url)).rejects.toMatchObject({ code: 'address_not_public' })
    expect(web.seen).toEqual([])
  },
)

test('a name that does not exist, has no address or is not answered says so', async () => {
  const dns = await dnsServer({ 'empty.example.org': [[]], 'mute.example.org': [] })
  const clock = fakeClock()
  const guard = loopbackFetch(1, dns.server, { clock })

  await expect(guard.fetch('http://none.example.org/')).rejects.toMatchObject({ code: 'dns_error' })
  await expect(guard.fetch('http://empty.example.org/')).rejects.toMatchObject({ code: 'dns_empty' })
  const mute = failureOf(guard.fetch('http://mute.example.org/'))
  await clock.advance(20_000)
  expect(await mute).toMatchObject({ code: 'dns_timeout' })
})

const identity = selfSigned('secure.example.org')

test.skipIf(identity === undefined /* no openssl to make a certificate with */)(
  'TLS asks for the host by name, and the certificate must carry it',
  async () => {
    const web = await loopbackServer((_request, response) => response.end('sealed'), identity)
    const guard = loopbackFetch(web.port, anyPublic, {}, { ca: identity?.cert ?? '' })

    expect(text((await guard.fetch('https://secure.example.org/x')).bytes)).toBe('sealed')
    expect(web.seen).toEqual(['GET secure.example.org/x as secure.example.org'])
    await expect(guard.fetch('https://other.example.org/')).rejects.toMatchObject({ code: 'tls_failed' })
    await expect(guard.fetch('https://93.184.216.34/')).rejects.toMatchObject({ code: 'tls_failed' })
    await expect(loopbackFetch(web.port, anyPublic).fetch('https://secure.example.org/')).rejects.toMatchObject({
      code: 'tls_failed',
    })
    expect(web.seen).toHaveLength(1)
  },
)

test('the next address is tried when one does not answer, IPv4 and IPv6 by turns', async () => {
  const web = await loopbackServer((_request, response) => response.end('there'))
  const tried: string[] = []
  const lookup = () => Promise.resolve(['2606:4700::1', '2606:4700::2', '93.184.216.34', '93.184.216.35'])
  const route = ({ address }: { readonly address: string }) => {
    tried.push(address)
    return { address: '127.0.0.1', port: address === '93.184.216.35' ? web.port : 1 }
  }

  const response = await loopbackFetch(web.port, lookup, {}, { route }).fetch('http://many.example.org/')

  expect(text(response.bytes)).toBe('there')
  expect(tried).toEqual(['93.184.216.34', '2606:4700::1', '93.184.216.35', '2606:4700::2'])
})

test('a server that is not there fails without naming its address', async () => {
  const fetched = loopbackFetch(1, anyPublic).fetch('http://example.com/')
  await expect(fetched).rejects.toThrow('failed: connect_failed - no connection to the server came about')
  await expect(fetched).rejects.toMatchObject({ detail: expect.stringContaining('ECONNREFUSED') })
})

test('opaqueErrors makes all failures to reach a server alike', async () => {
  const dns = await dnsServer({ 'example.com': publicName })
  const guard = loopbackFetch(1, dns.server, { opaqueErrors: true })
  await expect(guard.fetch('http://example.com/')).rejects.toMatchObject({ code: 'unreachable' })
  await expect(guard.fetch('http://none.example.com/')).rejects.toMatchObject({ code: 'unreachable' })
})

test('a gzip bomb is cut off long before it is whole', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 })
  const web = await loopbackServer((_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  )

  const { bytes, truncated } = await loopbackFetch(web.port, anyPublic).fetch('http://example.com/')

  expect(bomb.length).toBeLessThan(70_000)
  expect(truncated).toBe(true)
  expect(bytes.length).toBeLessThanOrEqual(2 * 1024 * 1024)
})

test('a body without end is cut off at maxBytes', async () => {
  const web = await loopbackServer((_request, response) => {
    const more = () => {
      while (response.write(Buffer.alloc(16_384, 'x')));
    }
    response.on('drain', more)
    more()
  })
  const { bytes, truncated } = await loopbackFetch(web.port, anyPublic, { maxBytes: 100_000 }).fetch(
    'http://a.example.org/',
  )
  expect([bytes.length, truncated]).toEqual([100_000, true])
})

test('a body that drips ends with the deadline', async () => {
  const clock = fakeClock()
  const dripping = Promise.withResolvers<undefined>()
  const web = await loopbackServer((_request, response) => {
    response.write('x', () => dripping.resolve(undefined))
  })

  const fetched = loopbackFetch(web.port, anyPublic, { clock }).fetch('http://example.com/')
  const ended = failureOf(fetched)
  await dripping.promise
  await clock.advance(19_999)
  expect(clock.pending).toBe(1)
  await clock.advance(1)
  expect(await ended).toMatchObject({ code: 'timeout', detail: 'deadline' })
  expect(clock.pending).toBe(0)
})

test('the caller can end it, and gets its own reason', async () => {
  const asked = Promise.withResolvers<undefined>()
  const web = await loopbackServer(() => asked.resolve(undefined))
  const controller = new AbortController()
  const reason = new Error('enough')

  const fetched = loopbackFetch(web.port, anyPublic).fetch('http://example.com/', { signal: controller.signal })
  const ended = failureOf(fetched)
  await asked.promise
  controller.abort(reason)
  expect(await ended).toBe(reason)
})

test('close() ends what is under way and allows nothing more', async () => {
  const asked = Promise.withResolvers<undefined>()
  const gone = Promise.withResolvers<undefined>()
  const web = await loopbackServer((request) => {
    asked.resolve(undefined)
    void once(request.socket, 'close').then(() => gone.resolve(undefined))
  })
  const guard = loopbackFetch(web.port, anyPublic)

  const ended = failureOf(guard.fetch('http://example.com/'))
  await asked.promise
  guard.close()
  expect(await ended).toMatchObject({ code: 'closed' })
  await gone.promise
  await expect(guard.fetch('http://example.com/')).rejects.toMatchObject({ code: 'closed' })
})

test.each(['gzip, gzip, gzip, gzip, gzip, gzip', 'compress', 'gzip'])(
  'a body that is not in the encoding %s fails',
  async (encoding) => {
    const web = await loopbackServer((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end('plain text'),
    )
    const fetched = loopbackFetch(web.port, anyPublic).fetch('http://example.com/')
    await expect(fetched).rejects.toMatchObject({ code: 'bad_response' })
  },
)

test('what is not HTTP, or tries to leave it, is a bad response', async () => {
  const web = await loopbackServer(({ url, socket }) => {
    socket.end(url === '/101' ? 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n' : 'SSH-2.0-x\r\n')
  })
  const guard = loopbackFetch(web.port, anyPublic)
  await expect(guard.fetch('http://example.com/101')).rejects.toMatchObject({ code: 'bad_response' })
  await expect(guard.fetch('http://example.com/ssh')).rejects.toMatchObject({ code: 'bad_response' })
})

test('proxies of the environment are not used', async () => {
  const proxy = await loopbackServer((_request, response) => response.end('by proxy'))
  const web = await loopbackServer((_request, response) => response.end('direct'))
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY'])
    vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`)
  vi.stubEnv('NODE_USE_ENV_PROXY', '1')

  const { bytes } = await loopbackFetch(web.port, anyPublic).fetch('http://example.com/')

  expect(text(bytes)).toBe('direct')
  expect(proxy.seen).toEqual([])
})

test('egressProxy resolves names itself, but literals and local names are still denied', async () => {
  const proxy = await loopbackServer((_request, response) => response.end('by proxy'))
  const egressProxy = `http://127.0.0.1:${proxy.port}`
  const noLookup = () => Promise.reject(new TypeError('a lookup'))
  const guard = loopbackFetch(1, noLookup, { egressProxy }, { egressProxy })

  expect(text((await guard.fetch('http://example.com/a')).bytes)).toBe('by proxy')
  await expect(guard.fetch('http://127.0.0.1/')).rejects.toMatchObject({ code: 'address_not_public' })
  await expect(guard.fetch('http://localhost/')).rejects.toMatchObject({ code: 'host_denied' })
  expect(proxy.seen).toEqual(['GET example.comhttp://example.com/a'])
})

import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

import { expect, test } from 'vitest'

import { openWeb, type RequestOptions, TOKEN } from './web.test-kit.ts'

const SECURE = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': expect.stringMatching(/^default-src 'none'; /),
}

test('an invitation lets in once', async () => {
  const web = await openWeb()
  const path = web.channel.invite().slice(`http://127.0.0.1:${web.port}`.length)
  const first = await web.get(path, { headers: { cookie: undefined } })
  const second = await web.get(path, { headers: { cookie: undefined } })
  expect([first.status, second.status]).toEqual([303, 401])
  expect(path).not.toContain(TOKEN)
})

test('the address of the terminal gives a cookie and leads to the page with its key and without the token', async () => {
  const web = await openWeb()
  expect(web.channel.url).toBe(`http://127.0.0.1:${web.port}/`)
  expect(web.channel.entryUrl).toBe(`http://127.0.0.1:${web.port}/?token=${TOKEN}`)
  const entered = await web.get(`/?token=${TOKEN}`, { headers: { cookie: undefined } })
  expect(entered.status).toBe(303)
  expect(entered.headers.location).toMatch(/^\/#key=[\w-]{43}$/)
  const cookie = entered.headers['set-cookie']![0]!
  expect(cookie).toMatch(
    new RegExp(`^executus_${web.port}=[\\w-]{43}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict$`),
  )
  expect(cookie + entered.headers.location!).not.toContain(TOKEN)
  expect(cookie).not.toContain(web.pageKey)
  const page = await web.get('/')
  expect(page.status).toBe(200)
  expect(page.text).toContain('<div id="app"></div>')
  expect(page.text).not.toContain(TOKEN)
})

const out: RequestOptions = { headers: { cookie: undefined } }
const noKey: RequestOptions = { headers: { 'x-executus': undefined } }

test.for<[what: string, method: string, path: string, options: RequestOptions, status: number]>([
  ['the page without a cookie', 'GET', '/', out, 401],
  ['a wrong token', 'GET', '/?token=wrong', out, 401],
  ['an empty token', 'GET', '/?token=', out, 401],
  ['the token in place of the cookie', 'GET', '/', { headers: { cookie: `executus_PORT=${TOKEN}` } }, 401],
  ['the token at another path', 'GET', `/api/home?token=${TOKEN}`, out, 401],
  ['the token by another method', 'POST', `/?token=${TOKEN}`, out, 401],
  ['an empty cookie', 'GET', '/api/home', { headers: { cookie: 'executus_PORT=' } }, 401],
  ['the API without a cookie', 'GET', '/api/home', out, 401],
  ['a stream without a cookie', 'GET', '/api/conversations/c1/events', out, 401],
  ['a post without a cookie', 'POST', '/api/conversations', out, 401],
  ['a module without a cookie', 'GET', '/assets/vendor/preact.js', out, 401],
  ['nothing without a cookie', 'GET', '/nothing', out, 401],
  ['nothing', 'GET', '/nothing', {}, 404],
  ['the page at the name localhost', 'GET', '/', { headers: { host: 'localhost:PORT' } }, 200],
  ['a host of a stranger', 'GET', '/', { headers: { host: 'evil.example:PORT' } }, 403],
  ['a host that begins as ours', 'GET', '/', { headers: { host: '127.0.0.1.evil.example:PORT' } }, 403],
  ['a host with another port', 'GET', '/api/home', { headers: { host: '127.0.0.1:1' } }, 403],
  ['a host without a port', 'GET', '/api/home', { headers: { host: '127.0.0.1' } }, 403],
  ['another address of this machine', 'GET', '/', { headers: { host: '0.0.0.0:PORT' } }, 403],
  ['the token at a host of a stranger', 'GET', `/?token=${TOKEN}`, { headers: { host: 'evil.example:PORT' } }, 403],
  ['an origin of a stranger', 'POST', '/api/conversations', { headers: { origin: 'https://evil.example' } }, 403],
  ['an origin on another port', 'POST', '/api/conversations', { headers: { origin: 'http://127.0.0.1:1' } }, 403],
  ['an origin with TLS', 'POST', '/api/conversations', { headers: { origin: 'https://127.0.0.1:PORT' } }, 403],
  ['an origin at our other name', 'POST', '/api/conversations', { headers: { origin: 'http://localhost:PORT' } }, 403],
  ['an origin that is hidden', 'POST', '/api/conversations', { headers: { origin: 'null' } }, 403],
  ['no origin', 'POST', '/api/conversations', { headers: { origin: undefined } }, 200],
  ['a post without the key of the page', 'POST', '/api/conversations', noKey, 401],
  ['a post with another key', 'POST', '/api/conversations', { headers: { 'x-executus': '0' } }, 401],
  ['a post with the key in its address', 'POST', '/api/conversations?key=KEY', noKey, 401],
  ['a read with the cookie alone', 'GET', '/api/home', noKey, 401],
  ['a read with the cookie for a key', 'GET', '/api/home', { headers: { 'x-executus': 'COOKIE' } }, 401],
  ['a read with the token for a key', 'GET', '/api/home', { headers: { 'x-executus': TOKEN } }, 401],
  ['a read with the key alone', 'GET', '/api/home', out, 401],
  ['a stream with the cookie alone', 'GET', '/api/conversations/c1/events', noKey, 401],
  ['a file with the cookie alone', 'GET', '/api/files/none.png', noKey, 401],
  ['a file with the key in its address', 'GET', '/api/files/none.png?key=KEY', noKey, 404],
  ['the page with the cookie alone', 'GET', '/', noKey, 200],
  ['a post of another site', 'POST', '/api/conversations', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
  ['a post of a sibling site', 'POST', '/api/conversations', { headers: { 'sec-fetch-site': 'same-site' } }, 403],
  ['a post of no site', 'POST', '/api/conversations', { headers: { 'sec-fetch-site': 'none' } }, 403],
  ['a read by another site', 'GET', '/api/home', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
  ['a read by an address bar', 'GET', '/api/home', { headers: { 'sec-fetch-site': 'none' } }, 403],
  ['a read by our page', 'GET', '/api/home', { headers: { 'sec-fetch-site': 'same-origin' } }, 200],
  ['the page by an address bar', 'GET', '/', { headers: { 'sec-fetch-site': 'none' } }, 200],
  ['the page by another site', 'GET', '/', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
  ['a file by an address bar', 'GET', '/api/files/none.png', { headers: { 'sec-fetch-site': 'none' } }, 404],
  ['a file by another site', 'GET', '/api/files/none.png', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
  ['a preflight', 'OPTIONS', '/api/conversations', { headers: { origin: 'https://evil.example' } }, 405],
  ['a put', 'PUT', '/api/conversations', {}, 405],
  ['a stream for its head alone', 'HEAD', '/api/conversations/c1/events', {}, 405],
])('%s: %s %s', async ([, method, path, options, status]) => {
  const web = await openWeb()
  web.bot.newConversation({ channel: 'web', place: '' })
  const headers = Object.fromEntries(
    Object.entries(options.headers ?? {}).map(([name, value]) => [
      name,
      value?.replace('PORT', String(web.port)).replace('COOKIE', web.cookie.split('=')[1]!),
    ]),
  )
  const reply = await web.send(method, path.replace('KEY', web.pageKey), { headers })
  expect(reply.status).toBe(status)
  expect(reply.headers).toMatchObject({ ...SECURE, 'cache-control': 'no-store' })
  expect(reply.headers['set-cookie']).toBeUndefined()
  expect(reply.text).not.toContain(TOKEN)
  expect(reply.text).not.toContain(web.pageKey)
  if (status === 200 || method === 'HEAD') return
  expect(reply.headers['content-type']).toMatch(
    path.startsWith('/?') || path === '/' ? /^text\/html/ : /^application\/json/,
  )
  if (path !== '/') return
  expect(reply.text).toContain('open the address that the terminal shows')
})

test('two hosts of one request are none of ours', async () => {
  const web = await openWeb()
  const answer = await raw(web.port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${web.port}\r\nHost: evil.example\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 40[03] /)
})

test('what is no request is told so, with the same headers', async () => {
  const web = await openWeb()
  const answer = await raw(web.port, 'GET / HTTP/1.1\r\nHost: a b/c@d:1\r\nConnection: close\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer.toLowerCase()).toContain("content-security-policy: default-src 'none';")
})

test.for([
  '/assets/client/../web-channel.ts',
  '/assets/client/%2e%2e/web-channel.ts',
  '/assets/client/..%2fweb-channel.ts',
  '/assets/client/..%252fweb-channel.ts',
  '/assets/client/..%5cweb-channel.ts',
  '/assets/client/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fpackage.json',
  '/assets/client//etc/passwd',
  '/assets/vendor/../../../package.json',
  '/assets/vendor/preact/../../package.json',
  '/assets/',
  '/assets/client',
  '/assets/client/',
  '/assets/client/main.ts%00.css',
  '/assets/vendor/preact',
  '/assets/vendor/zod.js',
  '/assets/vendor/constructor',
  '/api/files/..%2f..%2fpackage.json',
  '/api/files/%2e%2e',
  '/api/files/.hidden',
  '/api/files/a%00b',
  '/api/files/%E0%A4%A',
])('there is nothing at %s', async (path) => {
  const web = await openWeb()
  web.bot.file = (name) => Promise.reject(new Error(`asked for ${name}`))
  const reply = await web.get(path)
  expect(reply.status).toBe(404)
  expect(reply.headers).toMatchObject(SECURE)
  expect(web.logger.lines).toEqual([])
})

test('the policy names the one inline script of the page by its hash', async () => {
  const web = await openWeb()
  const page = await web.get('/')
  const [, script] = /<script type="importmap">(.*?)<\/script>/.exec(page.text) ?? []
  const digest = await crypto.subtle.digest('SHA-256', Buffer.from(script!))
  const hash = Buffer.from(digest).toString('base64')
  const policy = page.headers['content-security-policy'] as string
  expect(policy.split('; ')).toContain(`script-src 'self' 'sha256-${hash}'`)
  expect(policy).not.toMatch(/unsafe|\*|http/)
  for (const name of Object.values((JSON.parse(script!) as { imports: Record<string, string> }).imports))
    expect((await web.get(name)).status).toBe(200)
})

async function raw(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(request)
  return text(socket)
}

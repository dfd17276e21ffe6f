import { inspect } from 'node:util'

import { expect, test } from 'vitest'
import { z } from 'zod'

import { ForgeError } from './errors.ts'
import { ForgeClient, type ForgeLimits } from './forge-client.ts'
import { type Answer, forgeServer, hastyClock } from './forge-server.test-kit.ts'

const TOKEN = 'canary-9f3b'

async function open(answer: Answer, limits: ForgeLimits = {}) {
  const server = await forgeServer(() => answer)
  const clock = hastyClock()
  const client = new ForgeClient({
    name: 'The forge',
    baseUrl: `${server.origin}/api`,
    headers: {},
    scheme: 'Bearer',
    token: TOKEN,
    writePauseMs: 1_000,
    limits: { clock, ...limits },
  })
  return { server, clock, client }
}

/** What it rejects with; nothing of it, as deep as it goes, holds the token. */
async function problem(promise: Promise<unknown>): Promise<ForgeError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!ForgeError.is(error)) throw new Error(`no ForgeError: ${inspect(error)}`)
  expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(TOKEN)
  return error
}

test('a token goes along in its scheme, and is nowhere to be seen in the client', async () => {
  const { server, client } = await open({ status: 200, body: [] })
  await client.send({ path: '/x' })
  expect(server.seen[0]).toMatchObject({ path: '/api/x', headers: { authorization: `Bearer ${TOKEN}` } })
  expect(inspect(client, { depth: Infinity, showHidden: true })).not.toContain(TOKEN)
})

test.each<[Answer, Partial<ForgeError>]>([
  [
    { status: 401, body: { message: `No ${TOKEN}` } },
    { code: 'auth', message: 'The forge does not take the token (401, No ***)' },
  ],
  [
    { status: 403, body: { message: 'Not by integration' } },
    { code: 'auth', message: 'The token may not do this on The forge (403, Not by integration)' },
  ],
  [
    { status: 404, body: {} },
    { code: 'not-found', message: 'The forge has nothing there that the token may see (404)' },
  ],
  [
    { status: 422, body: { message: 'No', errors: ['line', { message: 'side' }, 7] } },
    { code: 'refused', message: 'The forge refuses this (422, No: line: side)' },
  ],
  [
    { status: 500, body: '<html>' },
    { code: 'unexpected', message: 'The forge failed (500)' },
  ],
  [
    { status: 422, body: { message: 'a\u001B[2J\nb' } },
    { code: 'refused', message: 'The forge refuses this (422, a b)' },
  ],
])('the answer %j is told as %j', async (answer, told) => {
  const { client } = await open(answer)
  expect(await problem(client.send({ path: '/x' }))).toMatchObject({ ...told, status: answer.status })
})

test('a limit is waited for as long as the forge says', async () => {
  const { server, clock, client } = await open({ status: 200, body: { done: true } })
  const resetAt = String(Math.ceil(clock.now() / 1_000) + 60)
  server.before.push(
    { status: 429, headers: { 'retry-after': '7' } },
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': resetAt } },
  )
  expect(await client.json({ path: '/x' }, z.object({ done: z.boolean() }))).toEqual({ done: true })
  expect(clock.waits).toEqual([7_000, 53_000])
})

test('a limit without a time is a minute, and no more is waited than allowed', async () => {
  const { clock, client, server } = await open({
    status: 403,
    body: { message: 'You have exceeded a secondary rate limit' },
  })
  expect(await problem(client.send({ method: 'POST', path: '/x', body: {} }))).toMatchObject({
    code: 'rate-limited',
    retryAfterMs: 60_000,
  })
  expect(clock.waits).toEqual([60_000, 60_000])
  expect(server.seen).toHaveLength(3)
})

test('a long limit is told at once', async () => {
  const { clock, client } = await open({ status: 429, headers: { 'retry-after': '3600' } })
  const error = await problem(client.send({ path: '/x' }))
  expect(error.message).toBe('The forge wants to be asked again in 3600 s (429)')
  expect(clock.waits).toEqual([])
})

test('a read is tried again when the forge fails, a write is not', async () => {
  const { server, client } = await open({ status: 502, body: '' })
  await problem(client.send({ path: '/read' }))
  await problem(client.send({ method: 'POST', path: '/write', body: {} }))
  expect(server.seen.map(({ path }) => path)).toEqual(['/api/read', '/api/read', '/api/read', '/api/write'])
})

test('writes are a second apart, reads are not', async () => {
  const { clock, client } = await open({ status: 200, body: {} })
  await client.send({ path: '/x' })
  await client.send({ method: 'POST', path: '/x', body: {} })
  await client.send({ path: '/x' })
  await client.send({ method: 'PATCH', path: '/x', body: {} })
  expect(clock.waits).toEqual([1_000])
})

test('a redirect within the host is followed, one to another host is not, and no write becomes a read', async () => {
  const other = await forgeServer(() => ({ status: 200, body: {} }))
  const { server, client } = await open({ status: 200, body: { done: true } })
  server.before.push({ status: 301, headers: { location: '/api/moved' } })
  await client.send({ path: '/x' })
  expect(server.seen.map(({ path }) => path)).toEqual(['/api/x', '/api/moved'])

  server.before.push({ status: 302, headers: { location: `${other.origin}/x` } })
  expect(await problem(client.send({ path: '/x' }))).toMatchObject({ code: 'refused' })
  server.before.push({ status: 307, headers: { location: `${other.origin}/x` } })
  expect(await problem(client.send({ method: 'POST', path: '/x', body: {} }))).toMatchObject({ code: 'refused' })
  server.before.push({ status: 302, headers: { location: '/api/moved' } })
  expect(await problem(client.send({ method: 'POST', path: '/x', body: {} }))).toMatchObject({ code: 'unexpected' })
  expect(other.seen).toEqual([])
})

test('lists go on by links of this forge, and not at another host', async () => {
  const { server, client } = await open({ status: 200, body: [3] })
  server.before.push({
    status: 200,
    body: [1, 2],
    headers: { link: `<${server.origin}/api/x?page=2>; rel="next", <y>; rel="last"` },
  })
  expect(await client.pages({ path: '/x' }, z.number())).toEqual([1, 2, 3])
  expect(server.seen.at(-1)?.query.get('page')).toBe('2')

  const other = await forgeServer(() => ({ status: 200, body: [] }))
  server.before.push({ status: 200, body: [1], headers: { link: `<${other.origin}/api/x?page=2>; rel="next"` } })
  expect(await problem(client.pages({ path: '/x' }, z.number()))).toMatchObject({ code: 'refused' })
  expect(other.seen).toEqual([])
})

test('an answer that is too long, no JSON or not what was asked for is told', async () => {
  const { server, client } = await open({ status: 200, body: 'x'.repeat(5_000) }, { maxBytes: 4_096 })
  expect((await problem(client.send({ path: '/x' }))).message).toBe('The answer is longer than 4 KiB')
  server.before.push({ status: 200, body: `<p>${TOKEN}` }, { status: 200, body: { title: 7, [TOKEN]: 1 } })
  expect((await problem(client.json({ path: '/x' }, z.object({})))).message).toBe(
    'The forge answered with something that is not JSON',
  )
  expect((await problem(client.json({ path: '/x' }, z.object({ title: z.string() })))).message).toMatch(
    /^The forge answered with something else than asked for \(title: /,
  )
})

test('a forge that does not answer, or is not there, is told', async () => {
  const mute = await open({ status: 0 }, { timeoutMs: 30 })
  expect(await problem(mute.client.send({ method: 'POST', path: '/x', body: {} }))).toMatchObject({
    code: 'network',
    message: `The forge at ${mute.server.origin.slice(7)} did not answer in time`,
  })
  const gone = new ForgeClient({
    name: 'The forge',
    baseUrl: 'http://127.0.0.1:1',
    headers: {},
    scheme: 'Bearer',
    token: TOKEN,
    writePauseMs: 0,
    limits: { clock: hastyClock() },
  })
  expect((await problem(gone.send({ path: '/x' }))).message).toMatch(/^The forge at 127\.0\.0\.1:1 was not reached: /)
})

test('a call that is given up ends with the reason', async () => {
  const { client } = await open({ status: 0 })
  const controller = new AbortController()
  const sent = client.send({ path: '/x', signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(sent).rejects.toThrow('enough')
})

test('a token that no header takes is refused without being told', () => {
  const options = { name: 'The forge', baseUrl: 'http://127.0.0.1:1', headers: {}, scheme: 'Bearer', writePauseMs: 0 }
  for (const token of [`${TOKEN}\nx: y`, `${TOKEN}é`, '']) {
    let error: unknown
    try {
      error = new ForgeClient({ ...options, token })
    } catch (thrown) {
      error = thrown
    }
    expect(ForgeError.is(error) && error.code).toBe('auth')
    expect(inspect(error)).not.toContain(TOKEN)
  }
})

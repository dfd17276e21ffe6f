import { readFileSync } from 'node:fs'

import { fakeClock } from '@executus/llm/testing'
import { describe, expect, test, vi } from 'vitest'

import { GuardedFetchError } from './errors.ts'
import { type FakeAnswer, fakeFetch, fakeReach, type FakeReply } from './fake-reach.test-kit.ts'
import type { GuardedFetchOptions } from './fetch-options.ts'
import { canBeOpened } from './request-headers.ts'

interface Case {
  readonly id: string
  readonly why: string
  readonly url: unknown
  readonly resolves_to?: Readonly<Record<string, FakeAnswer>>
  readonly redirects?: readonly FakeReply[]
  readonly final?: FakeReply
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly policy?: GuardedFetchOptions
  readonly env?: Readonly<Record<string, string>>
  readonly expect: 'allow' | 'deny'
  readonly accept_also?: 'allow' | 'deny'
  readonly code?: string
  readonly accept_codes?: readonly string[]
  readonly assert?: Assertions
}

interface Assertions {
  readonly requests?: number
  readonly max_requests?: number
  readonly final_url?: string
  readonly dialed_only?: readonly string[]
  readonly never_dialed?: readonly string[]
  readonly last_headers_absent?: readonly string[]
  readonly last_headers_present?: readonly string[]
  readonly last_method?: string
  readonly last_body_absent?: boolean
}

const { cases } = JSON.parse(readFileSync(new URL('../../fixtures/ssrf-cases.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[]
}

/** What comes of a case: the URL of the answer, or the code of the refusal. */
async function play(one: Case) {
  for (const [name, value] of Object.entries(one.env ?? {})) vi.stubEnv(name, value)
  const clock = fakeClock()
  const reach = fakeReach(one.resolves_to ?? {}, [...(one.redirects ?? []), { status: 200, body: 'ok', ...one.final }])
  const { headers, options } = placed(one)
  const { method = 'GET', body } = one
  const fetched = fakeFetch(reach, { ...options, ...one.policy, clock })
    .fetch(one.url, { method, headers, ...(body !== undefined && { body }) })
    .then(
      ({ url }) => ({ verdict: 'allow', url, code: undefined }),
      (error: unknown) => {
        if (!GuardedFetchError.is(error)) throw error
        return { verdict: 'deny', url: undefined, code: error.code }
      },
    )
  await clock.advance(20_000)
  return { ...(await fetched), requests: reach.requests }
}

/** The case's headers where they belong: secrets with the host, and others with the caller, open when they may be. */
function placed({ headers = {}, url, expect: verdict }: Case) {
  const isSecret = (name: string) => verdict === 'allow' && /^(authorization|cookie|.*(key|token))$/i.test(name)
  const entries = Object.entries(headers)
  const secrets = entries.filter(([name]) => isSecret(name))
  const options: GuardedFetchOptions = {
    allowHeaders: entries.map(([name]) => name).filter((name) => canBeOpened(name.toLowerCase())),
    ...(secrets.length > 0 && { credentials: { [new URL(String(url)).origin]: Object.fromEntries(secrets) } }),
  }
  return { options, headers: Object.fromEntries(entries.filter(([name]) => !isSecret(name))) }
}

/** What a case says that did not come true. */
function wrongIn(one: Case, { verdict, url, code, requests }: Awaited<ReturnType<typeof play>>): readonly string[] {
  const { assert = {} } = one
  const last = requests.at(-1)
  const dialled = requests.flatMap(({ addresses }) => addresses)
  const sent = Object.keys(last?.headers ?? {})
  const has = (name: string) => sent.includes(name.toLowerCase())
  const codes: unknown[] = [one.code ?? code, ...(one.accept_codes ?? [])]
  const holds: Readonly<Record<string, boolean>> = {
    [`verdict ${verdict}`]: verdict === one.expect || verdict === one.accept_also,
    [`code ${code}`]: verdict === 'allow' || codes.includes(code),
    [`${requests.length} requests`]:
      requests.length === (assert.requests ?? requests.length) &&
      requests.length <= (assert.max_requests ?? Number.POSITIVE_INFINITY) &&
      (verdict === 'allow' || one.redirects !== undefined || requests.length === 0),
    [`final url ${url}`]: assert.final_url === undefined || url === assert.final_url,
    [`dialled ${dialled.join(', ')}`]:
      dialled.every((address) => assert.dialed_only?.includes(address) ?? true) &&
      (assert.dialed_only === undefined || dialled.length > 0) &&
      !dialled.some((address) => assert.never_dialed?.includes(address)),
    [`headers ${sent.join(', ')}`]:
      (assert.last_headers_present ?? []).every(has) && !(assert.last_headers_absent ?? []).some(has),
    [`method ${last?.method}`]: assert.last_method === undefined || last?.method === assert.last_method,
    [`body ${typeof last?.body}`]: assert.last_body_absent !== true || (last !== undefined && last.body === undefined),
  }
  return Object.keys(holds).filter((fact) => holds[fact] === false)
}

describe('guarded fetch, case by case', () => {
  test.each(cases.map((one) => [one.id, one.why, one] as const))('%s: %s', async (_id, _why, one) => {
    expect(wrongIn(one, await play(one))).toEqual([])
  })

  test('asserts nothing that is not known here', () => {
    const known = ['requests', 'max_requests', 'final_url', 'dialed_only', 'never_dialed', 'last_headers_absent']
    const alsoKnown = ['last_headers_present', 'last_method', 'last_body_absent']
    expect([...known, ...alsoKnown]).toEqual(
      expect.arrayContaining(cases.flatMap((one) => Object.keys(one.assert ?? {}))),
    )
    expect(cases).toHaveLength(333)
  })
})

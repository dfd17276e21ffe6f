import { Readable } from 'node:stream'

import type { DialRequest, DialResponse } from './dial.ts'
import type { GuardedFetchOptions } from './fetch-options.ts'
import { fetchPolicy } from './fetch-policy.ts'
import type { Reach } from './guard.ts'
import { guardedFetch, type GuardedFetch } from './guarded-fetch-by.ts'

/** What the fake DNS says of a host: addresses, or addresses lookup by lookup, or a failure. */
export type FakeAnswer =
  | readonly string[]
  | { readonly sequence: readonly (readonly string[])[] }
  | { readonly cname: readonly string[]; readonly addresses: readonly string[] }
  | { readonly error: string }
  | { readonly hang: true }

/** What the fake server answers. */
export interface FakeReply {
  readonly status: number
  readonly location?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Uint8Array
}

/** A world without a network that remembers what was asked of it. */
export interface FakeReach extends Reach {
  readonly requests: DialRequest[]
  readonly lookups: string[]
}

/** A world of these names and replies. A name that it does not know fails the test; the last reply is given again. */
export function fakeReach(names: Readonly<Record<string, FakeAnswer>>, replies: readonly FakeReply[] = []): FakeReach {
  const requests: DialRequest[] = []
  const lookups: string[] = []
  return {
    requests,
    lookups,
    lookup: (host) => {
      lookups.push(host)
      const answer = names[host]
      if (answer === undefined) throw new TypeError(`The test looked up ${host}`)
      if ('hang' in answer) return new Promise(() => {})
      if ('error' in answer) return Promise.reject(Object.assign(new Error(answer.error), { code: answer.error }))
      if ('addresses' in answer) return Promise.resolve(answer.addresses)
      if (!('sequence' in answer)) return Promise.resolve(answer)
      const turn = lookups.filter((each) => each === host).length
      return Promise.resolve(answer.sequence[Math.min(turn, answer.sequence.length) - 1] ?? [])
    },
    dial: (request) => {
      requests.push(request)
      return Promise.resolve(responseOf(replies[requests.length - 1] ?? replies.at(-1) ?? { status: 200, body: 'ok' }))
    },
  }
}

/** A guarded fetch into a fake world. */
export function fakeFetch(reach: FakeReach, options: GuardedFetchOptions = {}): GuardedFetch {
  return guardedFetch(fetchPolicy(options), reach)
}

function responseOf({ status, location, headers = {}, body = '' }: FakeReply): DialResponse {
  return {
    status,
    headers: { ...headers, ...(location !== undefined && { location }) },
    body: Readable.from(body.length === 0 ? [] : [Buffer.from(body)]),
    close: () => Promise.resolve(),
  }
}

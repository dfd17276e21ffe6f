import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import type { Clock } from '@executus/core'
import { onTestFinished } from 'vitest'

/** What was asked of a forge. */
export interface Asked {
  readonly method: string
  /** Without what is behind `?`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A text goes as it is, all else as JSON; without one there is no answer at all. */
  readonly body?: unknown
}

/** A forge on loopback, for the time of a test. */
export interface ForgeServer {
  readonly origin: string
  readonly seen: readonly Asked[]
  /** Answers that come before the forge's own, one a request. */
  readonly before: Answer[]
  /** `POST /path`, in order. */
  writes(): readonly string[]
}

export async function forgeServer(answer: (asked: Asked) => Answer): Promise<ForgeServer> {
  const seen: Asked[] = []
  const before: Answer[] = []
  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      const url = new URL(request.url ?? '/', 'http://forge')
      const asked: Asked = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: sent === '' ? undefined : JSON.parse(sent),
      }
      seen.push(asked)
      const { status, headers, body } = before.shift() ?? answer(asked)
      if (status === 0) return
      const isText = typeof body === 'string'
      const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
      response.writeHead(status, { 'content-type': type, ...headers })
      response.end(isText ? body : body === undefined ? '' : JSON.stringify(body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const writes = () => seen.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`)
  return { origin: `http://127.0.0.1:${port}`, seen, before, writes }
}

/** A clock for which all waits are over at once; it remembers how long they were. */
export interface HastyClock extends Clock {
  readonly waits: readonly number[]
}

export function hastyClock(): HastyClock {
  let nowMs = Date.UTC(2026, 0, 6, 12)
  const waits: number[] = []
  return {
    waits,
    now: () => nowMs,
    after(delayMs, callback) {
      waits.push(delayMs)
      const immediate = setImmediate(() => {
        nowMs += delayMs
        callback()
      })
      return () => clearImmediate(immediate)
    },
  }
}

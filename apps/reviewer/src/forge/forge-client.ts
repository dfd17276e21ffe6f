import { type Clock, systemClock } from '@executus/core'
import type { z } from 'zod'

import { safeLine } from '../report/terminal-text.ts'
import { ForgeError, type ForgeErrorCode } from './errors.ts'
import { type ForgeAnswer, fetchOnce } from './fetch-once.ts'
import { problemOf, retryWaitMs } from './forge-problem.ts'

export interface ForgeClientOptions {
  /** In words, for errors. */
  readonly name: string
  /** Where the paths of requests begin, without a slash at its end. */
  readonly baseUrl: string
  readonly headers: Readonly<Record<string, string>>
  /** How the token is written in `authorization`: `Bearer`, `token`. */
  readonly scheme: string
  readonly token?: string | undefined
  /** Between two writes, of which a forge wants no burst. */
  readonly writePauseMs: number
  readonly limits?: ForgeLimits | undefined
}

export interface ForgeLimits {
  readonly clock?: Clock
  /** For one answer, to its end. @default 30_000 */
  readonly timeoutMs?: number
  /** For one request, over all its attempts. @default 120_000 */
  readonly mostWaitMs?: number
  /** Of one answer, decoded. @default 64 MiB */
  readonly maxBytes?: number
}

export interface ForgeRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Encoded, behind the base address. */
  readonly path: string
  readonly accept?: string
  readonly body?: unknown
  /** Nothing is changed by it, so that it may be asked twice. @default whether it is a GET */
  readonly isRead?: boolean
  readonly signal?: AbortSignal | undefined
}

// GitHub itself gives up a request after 10 s; a diff of 20,000 lines takes its time on a slow line.
const TIMEOUT_MS = 30_000
// GitHub wants at least a minute to pass where it names no time.
const MOST_WAIT_MS = 120_000
const MOST_BYTES = 64 * 1024 * 1024
const MOST_ATTEMPTS = 4

/** Speaks HTTP to one forge: with its token to its host alone, patiently, and with checks of what it answers. */
export class ForgeClient {
  readonly #options: ForgeClientOptions
  readonly #authorization: string | undefined
  readonly #clock: Clock
  #lastWriteAtMs = -Infinity

  constructor({ token, ...options }: ForgeClientOptions) {
    this.#options = options
    this.#clock = options.limits?.clock ?? systemClock
    const bare = token?.trim()
    // `fetch` would tell the whole header in its error.
    if (bare !== undefined && !/^[\u0021-\u007E]+$/.test(bare))
      throw new ForgeError('auth', 'The token has characters in it that no token has')
    if (bare !== undefined) this.#authorization = `${options.scheme} ${bare}`
  }

  async json<Schema extends z.ZodType>(request: ForgeRequest, schema: Schema): Promise<z.output<Schema>> {
    return this.checked(this.#parsed(await this.send(request)), schema)
  }

  /** @throws ForgeError `unexpected` */
  checked<Schema extends z.ZodType>(json: unknown, schema: Schema): z.output<Schema> {
    const { data, error } = schema.safeParse(json)
    if (error === undefined) return data
    const [issue] = error.issues
    throw this.#unexpected(`something else than asked for (${issue?.path.join('.')}: ${issue?.message})`)
  }

  /** What the forge says went wrong, as an error of ours. */
  problem(code: ForgeErrorCode, said: string): ForgeError {
    const words = safeLine(this.#withoutToken(said)).slice(0, 300)
    return new ForgeError(code, `${this.#options.name} does not do this (${words})`)
  }

  /** All pages of a list: by the header `link`, or, where a forge sends none, by the count it gives. */
  async pages<Schema extends z.ZodType>(request: ForgeRequest, schema: Schema): Promise<readonly z.output<Schema>[]> {
    const items: z.output<Schema>[] = []
    const arrayOf = schema.array()
    let path: string | undefined = request.path
    for (let page = 1; path !== undefined; page += 1) {
      if (page > MOST_PAGES) throw this.#unexpected('a list without an end')
      const answer: ForgeAnswer = await this.send({ ...request, path })
      const read = this.checked(this.#parsed(answer), arrayOf)
      items.push(...read)
      const total = Number(answer.headers.get('x-total-count') ?? 0)
      const isMore = read.length > 0 && items.length < total
      path = this.#nextPath(answer) ?? (isMore ? pageOf(request.path, page + 1) : undefined)
    }
    return items
  }

  /** Rejects when the answer is no success. */
  async send(request: ForgeRequest): Promise<ForgeAnswer> {
    const { signal, isRead = (request.method ?? 'GET') === 'GET' } = request
    const { mostWaitMs = MOST_WAIT_MS } = this.#options.limits ?? {}
    if (!isRead) await this.#pause(signal)
    let waitedMs = 0
    for (let attempt = 1; ; attempt += 1) {
      const problem = await this.#attempt(request)
      if (!isRead) this.#lastWriteAtMs = this.#clock.now()
      if (!ForgeError.is(problem)) return problem
      const waitMs = retryWaitMs(problem, { isRead, attempt })
      if (waitMs === undefined || attempt === MOST_ATTEMPTS || waitedMs + waitMs > mostWaitMs) throw problem
      waitedMs += waitMs
      await this.#sleep(waitMs, signal)
    }
  }

  async #attempt({ method = 'GET', path, accept, body, signal }: ForgeRequest): Promise<ForgeAnswer | ForgeError> {
    const { name, baseUrl, headers, limits } = this.#options
    const clean = (text: string) => this.#withoutToken(text)
    try {
      const answer = await fetchOnce({
        url: new URL(`${baseUrl}${path}`),
        method,
        headers: {
          ...headers,
          ...(accept !== undefined && { accept }),
          ...(this.#authorization !== undefined && { authorization: this.#authorization }),
        },
        ...(body !== undefined && { json: JSON.stringify(body) }),
        maxBytes: limits?.maxBytes ?? MOST_BYTES,
        timeoutMs: limits?.timeoutMs ?? TIMEOUT_MS,
        signal,
      })
      if (answer.status >= 200 && answer.status < 300) return answer
      return problemOf(answer, { name, hasToken: this.#authorization !== undefined, nowMs: this.#clock.now(), clean })
    } catch (error) {
      if (signal?.aborted === true) throw error
      if (ForgeError.is(error)) return error
      return networkProblem(error, `${name} at ${new URL(baseUrl).host}`, clean)
    }
  }

  #parsed({ text }: ForgeAnswer): unknown {
    try {
      return JSON.parse(text)
    } catch {
      throw this.#unexpected('something that is not JSON')
    }
  }

  #unexpected(what: string): ForgeError {
    return new ForgeError('unexpected', this.#withoutToken(`${this.#options.name} answered with ${what}`))
  }

  /** A page of this forge: another host would be given the token. */
  #nextPath({ headers }: ForgeAnswer): string | undefined {
    const next = /<([^>]*)>\s*;\s*rel="?next"?/i.exec(headers.get('link') ?? '')?.[1]
    if (next === undefined) return undefined
    const { baseUrl } = this.#options
    if (!URL.canParse(next) || !new URL(next).href.startsWith(`${new URL(baseUrl).href.replace(/\/$/, '')}/`))
      throw new ForgeError(
        'refused',
        `${this.#options.name} says that its list goes on elsewhere, which is not followed`,
      )
    return new URL(next).href.slice(new URL(baseUrl).href.replace(/\/$/, '').length)
  }

  #withoutToken(text: string): string {
    const token = this.#authorization?.slice(this.#options.scheme.length + 1)
    return token === undefined ? text : text.replaceAll(token, '***')
  }

  async #pause(signal: AbortSignal | undefined): Promise<void> {
    const leftMs = this.#lastWriteAtMs + this.#options.writePauseMs - this.#clock.now()
    if (leftMs > 0) await this.#sleep(leftMs, signal)
  }

  async #sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    await new Promise<void>((resolve) => {
      const end = () => {
        cancel()
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const cancel = this.#clock.after(ms, end)
      signal?.addEventListener('abort', end, { once: true })
    })
    signal?.throwIfAborted()
  }
}

const MOST_PAGES = 200

function pageOf(path: string, page: number): string {
  return `${path}${path.includes('?') ? '&' : '?'}page=${page}`
}

function networkProblem(error: unknown, whom: string, clean: (text: string) => string): ForgeError {
  const { name, cause } = error as Error
  if (name === 'TimeoutError') return new ForgeError('network', `${whom} did not answer in time`)
  const { code, message } = (cause ?? error) as NodeJS.ErrnoException
  const why = clean(code ?? message)
  // Errors of parsers hold what was received: it is told in words of ours instead.
  return new ForgeError('network', `${whom} was not reached: ${why}`, { cause: new Error(clean(message)) })
}

import { z } from 'zod'

import { safeLine } from '../report/terminal-text.ts'
import { ForgeError, type ForgeErrorCode } from './errors.ts'
import type { ForgeAnswer } from './fetch-once.ts'

export interface ProblemContext {
  readonly name: string
  readonly hasToken: boolean
  readonly nowMs: number
  /** Takes the token out of what the forge says, which may tell it back. */
  readonly clean: (text: string) => string
}

/** An answer that is no success, in words for a person. */
export function problemOf(answer: ForgeAnswer, { name, hasToken, nowMs, clean }: ProblemContext): ForgeError {
  const { status } = answer
  const said = clean(saidBy(answer))
  const code = codeOf(answer, said)
  const retryAfterMs = code === 'rate-limited' ? retryAfterOf(answer, nowMs) : undefined
  const words = said === '' ? `${status}` : `${status}, ${said}`
  return new ForgeError(code, sentenceOf(code, { name, hasToken, words, status, retryAfterMs }), {
    status,
    retryAfterMs,
  })
}

/** When to try again; `undefined`: not at all. What was written may be there although the answer was lost. */
export function retryWaitMs(
  { code, status, retryAfterMs }: ForgeError,
  { isRead, attempt }: { readonly isRead: boolean; readonly attempt: number },
): number | undefined {
  if (code === 'rate-limited') return retryAfterMs
  const isPassing = code === 'network' || (status !== undefined && status >= 500)
  return isRead && isPassing && attempt < 3 ? 500 * 2 ** attempt : undefined
}

function codeOf({ status, headers }: ForgeAnswer, said: string): ForgeErrorCode {
  const isLimited =
    headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0' || /rate limit/i.test(said)
  if (status === 429 || (status === 403 && isLimited)) return 'rate-limited'
  if (status === 401 || status === 403) return 'auth'
  if (status === 404 || status === 410) return 'not-found'
  return status >= 400 && status < 500 ? 'refused' : 'unexpected'
}

function sentenceOf(
  code: ForgeErrorCode,
  {
    name,
    hasToken,
    words,
    status,
    retryAfterMs,
  }: {
    readonly name: string
    readonly hasToken: boolean
    readonly words: string
    readonly status: number
    readonly retryAfterMs: number | undefined
  },
): string {
  switch (code) {
    case 'auth':
      if (!hasToken) return `${name} wants a token (${words})`
      return status === 401
        ? `${name} does not take the token (${words})`
        : `The token may not do this on ${name} (${words})`
    case 'not-found':
      return `${name} has nothing there${hasToken ? ' that the token may see' : ', or shows it with a token only'} (${words})`
    case 'rate-limited':
      return `${name} wants to be asked again in ${Math.ceil((retryAfterMs ?? 0) / 1_000)} s (${words})`
    case 'refused':
      return `${name} refuses this (${words})`
    case 'network':
    case 'unexpected':
      return `${name} failed (${words})`
  }
}

/** @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately */
function retryAfterOf({ headers }: ForgeAnswer, nowMs: number): number {
  const after = headers.get('retry-after')
  if (after !== null && /^\d+$/.test(after)) return Number(after) * 1_000
  if (after !== null && !Number.isNaN(Date.parse(after))) return Math.max(0, Date.parse(after) - nowMs)
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN)
  const isSpent = headers.get('x-ratelimit-remaining') === '0'
  return isSpent && Number.isFinite(reset) ? Math.max(0, reset * 1_000 - nowMs) : 60_000
}

const said = z.object({
  message: z.string().catch(''),
  errors: z
    .array(z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]).catch(''))
    .catch([]),
})

function saidBy({ text }: ForgeAnswer): string {
  try {
    const { message, errors } = said.parse(JSON.parse(text))
    return safeLine([message, ...errors].filter((part) => part !== '').join(': ')).slice(0, 300)
  } catch {
    return '' // a page of a proxy says nothing to a person
  }
}

import { DefaultRestOptions, type RESTOptions } from 'discord.js'

import { LostAnswer } from './errors.ts'

/** Up to here a request waits in discord.js's queue; what must wait longer is for the bot's own outbox, which survives. */
const LONGEST_LIMIT_MS = 20_000
/** Until the beginning of an answer; discord.js's own. */
const TIMEOUT_MS = 15_000

/**
 * How discord.js speaks to Discord. By itself it would repeat whatever got a 5xx or no answer, after however long a wait: a
 * POST is not repeated, as whether something may be said again is its caller's to know. Reads and edits are: they are the
 * same at every time.
 */
export function restOptions(api: string | undefined): Partial<RESTOptions> {
  return {
    ...(api !== undefined && { api }),
    timeout: TIMEOUT_MS,
    retries: 2,
    rejectOnRateLimit: ({ timeToReset, retryAfter }) => Math.max(timeToReset, retryAfter) > LONGEST_LIMIT_MS,
    async makeRequest(url, init) {
      if (init.method !== 'POST') return DefaultRestOptions.makeRequest(url, init)
      // It waited for a rate limit for so long that nobody waits for it any more.
      if (init.signal?.aborted === true) throw new LostAnswer('not-sent', 'There was no time left to send it')
      const response = await DefaultRestOptions.makeRequest(url, init).catch((cause: unknown) => {
        throw new LostAnswer(hasNotLeft(cause) ? 'not-sent' : 'unknown', 'Discord gave no answer', { cause })
      })
      if (response.status < 500) return response
      await response.arrayBuffer().catch(() => {})
      throw new LostAnswer('unknown', `Discord answered with ${response.status}`)
    },
  }
}

/** A request for which there was no connection cannot have arrived. */
function hasNotLeft(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(String(code))
}

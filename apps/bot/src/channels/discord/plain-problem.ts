import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'

import { cut } from '../../text/cut.ts'
import { oneLine } from '../../text/one-line.ts'

const LONGEST_PROBLEM = 300

/**
 * What went wrong, in a line that may be logged: discord.js's errors carry the request, with what people said in it and, in
 * its address, tokens of interactions.
 */
export function plainProblem(error: unknown): string {
  if (error instanceof DiscordAPIError)
    return short(`Discord refused it (${error.status}, ${error.code}): ${error.message}`)
  if (error instanceof RateLimitError) return `Discord's rate limit for ${error.route} is used up`
  if (error instanceof HTTPError) return `Discord answered with ${error.status}`
  if (!(error instanceof Error)) return short(String(error))
  const cause = error.cause instanceof Error && error.cause.message !== '' ? `: ${error.cause.message}` : ''
  return short(`${error.message === '' ? error.name : error.message}${cause}`)
}

function short(text: string): string {
  return cut(oneLine(text), LONGEST_PROBLEM)
}

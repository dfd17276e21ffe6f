import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'

/**
 * What went wrong, in a line that may be logged: discord.js's errors carry the request, with what people said in it and, in
 * its address, tokens of interactions.
 */
export function plainProblem(error: unknown): string {
  if (error instanceof DiscordAPIError)
    return cut(`Discord refused it (${error.status}, ${error.code}): ${error.message}`)
  if (error instanceof RateLimitError) return `Discord's rate limit for ${error.route} is used up`
  if (error instanceof HTTPError) return `Discord answered with ${error.status}`
  if (!(error instanceof Error)) return cut(String(error))
  const cause = error.cause instanceof Error && error.cause.message !== '' ? `: ${error.cause.message}` : ''
  return cut(`${error.message === '' ? error.name : error.message}${cause}`)
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 300).toWellFormed()}…` : line
}

import { inspect } from 'node:util'

import { safeText } from '../report/terminal-text.ts'

/** A line of a log for people. The stack of an error is for who debugs, and not for who reviews. */
export function logText(level: 'warning' | 'error', message: string, details: unknown): string {
  return safeText(`executus: ${level}: ${message}${detailsText(details)}`)
}

export function detailsText(details: unknown): string {
  if (details === undefined) return ''
  if (details instanceof Error) return `: ${details.message}`
  return ` ${typeof details === 'string' ? details : inspect(details, { breakLength: Number.POSITIVE_INFINITY, depth: 3 })}`
}

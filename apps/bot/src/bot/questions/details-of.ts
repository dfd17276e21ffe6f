import type { ApprovalRequest } from '@executus/core'

import { oneLine } from '../../text/one-line.ts'

/** What is shown of a call's input: people decide by it, so it is all, but for what no person reads. */
const LONGEST_INPUT = 20_000
/** Of one that is longer, so much of its end: what matters may stand there. */
const LONGEST_END = 2_000

/**
 * What a person reads of a call before they decide. What the bot says of it comes first, and only it and names of the input
 * begin a line, so that no text in the input passes for it.
 */
export function detailsOf({ input, reason, resources }: ApprovalRequest): string {
  const lines = [
    ...(reason === undefined ? [] : [`Why it is asked: ${oneLine(reason)}`]),
    ...(resources.length > 0
      ? [`It touches: ${resources.map(({ kind, value }) => oneLine(`${kind} ${value}`)).join(', ')}`]
      : []),
    shortened(Object.entries(input).map(inputLine).join('\n')),
  ]
  return lines.join('\n').trimEnd()
}

function inputLine([name, value]: readonly [string, unknown]): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const line = `${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)}: ${text}`
  return line.replaceAll(/\r\n|[\n\r\u2028\u2029]/g, '\n    ')
}

function shortened(text: string): string {
  if (text.length <= LONGEST_INPUT) return text
  const begin = text.slice(0, LONGEST_INPUT - LONGEST_END).toWellFormed()
  const left = text.length - LONGEST_INPUT
  return `${begin}\n… ${left} characters are not shown here …\n    ${text.slice(-LONGEST_END).toWellFormed()}`
}

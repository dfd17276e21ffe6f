import type { SkippedFile } from '../view/entry.ts'
import { cleanLabel, cleanLine } from './clean-label.ts'

// More than channels let people send at once; a list is to be read, not to fill a window.
const MOST_LINES = 20

/** What the agent is told of the files that it was not given; `undefined` when there is nothing to tell. */
export function noteOfSkipped(skipped: readonly SkippedFile[]): string | undefined {
  if (skipped.length === 0) return undefined
  const lines = skipped
    .slice(0, MOST_LINES)
    .map(({ label, reason }) => `- ${JSON.stringify(cleanLabel(label))}: ${cleanLine(reason)}`)
  if (skipped.length > MOST_LINES) lines.push(`- and ${skipped.length - MOST_LINES} more`)
  return [
    '[These files came with the message and were not taken. The names are those that the sender gave.]',
    ...lines,
  ].join('\n')
}

import type { DiffLine, Hunk } from '../change/change.ts'
import { tokensOfHeading, tokensOfLine } from './tokens.ts'

/** A hunk in parts of at most `maxTokens` each; a line that is larger by itself is in none of them. */
export function splitHunk(
  hunk: Hunk,
  maxTokens: number,
): { readonly parts: readonly Hunk[]; readonly left: readonly DiffLine[] } {
  const parts: DiffLine[][] = [[]]
  const left: DiffLine[] = []
  const room = maxTokens - tokensOfHeading(hunk.heading)
  let used = 0
  for (const line of hunk.lines) {
    const tokens = tokensOfLine(line)
    if (tokens > room) left.push(line)
    else if (used + tokens <= room) {
      parts.at(-1)!.push(line)
      used += tokens
    } else {
      parts.push([line])
      used = tokens
    }
  }
  const places = placesOf(hunk)
  return {
    parts: parts
      // Context alone is nothing to review.
      .filter((lines) => lines.some(({ kind }) => kind !== 'context'))
      .map((lines) => ({ ...places.get(lines[0]!)!, heading: hunk.heading, lines })),
    left,
  }
}

/** Where each line is in both files: a deleted line is in front of the next new one. */
function placesOf({ oldStart, newStart, lines }: Hunk): Map<DiffLine, Pick<Hunk, 'oldStart' | 'newStart'>> {
  const places = new Map<DiffLine, Pick<Hunk, 'oldStart' | 'newStart'>>()
  let [oldLine, newLine] = [oldStart, newStart]
  for (const line of lines) {
    places.set(line, { oldStart: oldLine, newStart: newLine })
    if (line.kind !== 'added') oldLine += 1
    if (line.kind !== 'deleted') newLine += 1
  }
  return places
}

import type { DiffLine } from '../change/change.ts'

// Code has a token for about three characters, and an estimate that is too high costs less than one that is too low.
const CHARS_PER_TOKEN = 3
// The mark, the line's number and its end.
const CHARS_OF_MARK = 9

export function tokensOfLine({ text }: DiffLine): number {
  return Math.ceil((text.length + CHARS_OF_MARK) / CHARS_PER_TOKEN)
}

/** Of what stands above a file's or a hunk's lines. */
export function tokensOfHeading(text: string): number {
  return Math.ceil((text.length + 30) / CHARS_PER_TOKEN)
}

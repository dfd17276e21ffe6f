import { count } from './coverage.ts'

// A page or two: what needs more is read by nobody, and forges refuse comments of 64 kB.
const MOST_CHARACTERS = 4_000

/** A model's text, of which the end is left out when there is no end to it. */
export function boundedText(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text
  const kept = text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '') // no half of a character
  return `${kept}... (${count(text.length - kept.length, 'more character')})`
}

/** The first lines of a list, and how many there are beside them. */
export function boundedList(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most + 1 ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`]
}

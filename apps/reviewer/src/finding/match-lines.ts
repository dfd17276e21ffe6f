/** `exact`: line by line. `spaced`: but for white space. `part`: the first line ends with the quote's, the last begins with it. */
export type QuoteMatch = 'exact' | 'spaced' | 'part'

/** A shorter part of a line is in too many lines. */
const LEAST_PART = 6

/** Where `quote` begins in `lines`, counting from 0; every place, in order. */
export function matchLines(lines: readonly string[], quote: readonly string[], how: QuoteMatch): readonly number[] {
  const [own, wanted] = how === 'exact' ? [lines, quote] : [lines.map(squeezed), quote.map(squeezed)]
  if (wanted.every((line) => line === '')) return []
  if (how === 'part' && wanted.join('').length < LEAST_PART) return []
  const starts: number[] = []
  for (let start = 0; start + wanted.length <= own.length; start++)
    if (wanted.every((line, index) => fits(own[start + index]!, line, how, index, wanted.length))) starts.push(start)
  return starts
}

function fits(own: string, wanted: string, how: QuoteMatch, index: number, length: number): boolean {
  if (how !== 'part' || (index > 0 && index < length - 1)) return own === wanted
  if (length === 1) return own.includes(wanted)
  return index === 0 ? own.endsWith(wanted) : own.startsWith(wanted)
}

function squeezed(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ')
}

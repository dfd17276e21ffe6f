const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Cuts a line into pieces of at most `size`: behind a sentence, else a word, else what people see as one sign. */
export function cutLine(line: string, size: number): readonly string[] {
  const pieces: string[] = []
  let rest = line
  while (rest.length > size) {
    const at = cutAt(rest, size)
    pieces.push(rest.slice(0, at))
    rest = rest.slice(at)
  }
  return [...pieces, rest]
}

function cutAt(line: string, size: number): number {
  const window = line.slice(0, size)
  const least = size / 3
  const sentence = lastMatchEnd(window, /[.!?;:]["')\]]*\s+|[。！？]/g)
  if (sentence > least) return sentence
  const word = lastMatchEnd(window, /\s+/g)
  if (word > least) return word
  // A little more than fits shows where the last sign begins.
  const last = graphemes.segment(line.slice(0, size + 64)).containing(size)?.index ?? size
  if (last > 0) return last
  // One sign that is longer than all that fits: never within a surrogate pair all the same.
  return isLowSurrogate(line.charCodeAt(size)) ? size - 1 : size
}

function lastMatchEnd(text: string, pattern: RegExp): number {
  let end = 0
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length
  return end
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}

const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]$/u
// East Asian wide and emoji, as terminals draw them (https://www.unicode.org/reports/tr11/); the rest is one column.
const WIDE =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1B000}-\u{1B2FF}\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1FAFF}\u{20000}-\u{3FFFD}]$/u
const ASCII = /^[\u0020-\u007E]*$/

/** The columns that a terminal takes for it. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

/** `text` in at most `width` columns; what is cut ends in `mark`. */
export function cut(text: string, width: number, mark = ''): string {
  if (widthOf(text) <= width) return text
  const room = width - widthOf(mark)
  if (room < 0) return cut(mark, width)
  let taken = 0
  let out = ''
  for (const character of text) {
    taken += columnsOf(character)
    if (taken > room) break
    out += character
  }
  return out + mark
}

/** `text` in exactly `width` columns. */
export function fit(text: string, width: number, mark = ''): string {
  const left = cut(text, width, mark)
  return left + ' '.repeat(Math.max(0, width - widthOf(left)))
}

function columnsOf(character: string): number {
  if (ZERO.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

/** The text, `longest` characters of it at most: a longer one ends in `…`, and never within a character. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text
  const end = longest - 1
  const isWithin = text.codePointAt(end - 1)! > 0xffff
  return `${text.slice(0, isWithin ? end - 1 : end).trimEnd()}…`
}

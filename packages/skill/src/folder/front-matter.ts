/** A `SKILL.md`: what stands between its first two lines of `---`, and all that follows. */
export interface SplitText {
  /** Absent when the text does not begin with front matter that ends. */
  readonly yaml?: string
  readonly body: string
}

/** Splits a text at its front matter. A byte order mark is dropped; the body is left as it is. */
export function splitFrontMatter(text: string): SplitText {
  const start = text.startsWith('\ufeff') ? 1 : 0
  const from = fenceEnd(text, start)
  if (from === undefined) return { body: text.slice(start) }
  for (let at = from; at < text.length;) {
    const end = fenceEnd(text, at)
    if (end !== undefined) return { yaml: text.slice(from, at), body: text.slice(end) }
    const newLine = text.indexOf('\n', at)
    if (newLine === -1) break
    at = newLine + 1
  }
  return { body: text.slice(start) }
}

/** Where the line after a `---` begins; `undefined` when the line at `at` is none. */
function fenceEnd(text: string, at: number): number | undefined {
  if (!text.startsWith('---', at)) return undefined
  let end = at + 3
  while (text[end] === ' ' || text[end] === '\t') end += 1
  if (text[end] === '\r' && text[end + 1] === '\n') end += 1
  if (text[end] === '\n') return end + 1
  return end === text.length ? end : undefined
}

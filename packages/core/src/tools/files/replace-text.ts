/** What a replacement made of a text. */
export interface Replaced {
  readonly text: string
  /** The lines, counting from 1, at which the old text began. */
  readonly lines: readonly number[]
}

/**
 * Puts `newText` wherever `oldText` stands, and says where. Line ends are those of the text: a model reads and writes
 * `\n`, whatever the file has. With `all` absent only one place is replaced, and two that overlap count as two.
 */
export function replaceText(text: string, oldText: string, newText: string, all = false): Replaced {
  const plain = plainLines(text)
  const wanted = plainLines(oldText)
  const places = placesOf(wanted, plain, all ? wanted.length : 1)
  const lines = linesAt(places, plain)
  if (places.length === 0 || (!all && places.length > 1)) return { text, lines }

  const original = originalOffsets(text)
  const parts: string[] = []
  let end = 0
  for (const place of places) {
    const start = original(place)
    parts.push(text.slice(end, start), withLineEnd(newText, lineEndNear(text, start)))
    end = original(place + wanted.length)
  }
  return { text: parts.join('') + text.slice(end), lines }
}

function plainLines(text: string): string {
  return text.replaceAll('\r\n', '\n')
}

function placesOf(wanted: string, plain: string, stride: number): readonly number[] {
  const places: number[] = []
  for (let at = plain.indexOf(wanted); at !== -1; at = plain.indexOf(wanted, at + stride)) places.push(at)
  return places
}

function linesAt(places: readonly number[], plain: string): readonly number[] {
  let line = 1
  let counted = 0
  return places.map((place) => {
    for (; counted < place; counted++) if (plain[counted] === '\n') line += 1
    return line
  })
}

/** From a place in the plain text to the one in `text`; must be asked in rising order. */
function originalOffsets(text: string): (place: number) => number {
  let plainAt = 0
  let at = 0
  return (place) => {
    for (; plainAt < place; plainAt++) at += text.startsWith('\r\n', at) ? 2 : 1
    return at
  }
}

/** The line end at or after `place`, or the last one before it: in a file of mixed ones, that of the very lines. */
function lineEndNear(text: string, place: number): string | undefined {
  const next = text.indexOf('\n', place)
  const found = next === -1 ? text.lastIndexOf('\n') : next
  if (found === -1) return undefined
  return text[found - 1] === '\r' ? '\r\n' : '\n'
}

function withLineEnd(text: string, lineEnd: string | undefined): string {
  return lineEnd === undefined ? text : plainLines(text).replaceAll('\n', lineEnd)
}

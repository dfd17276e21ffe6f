/** A text as it reads once an encoding is undone, and where each of its characters stands in the text that came. */
export interface View {
  readonly text: string
  /** Where the character of this index begins in the original. */
  beginOf(index: number): number
  /** Where it ends there. */
  endOf(index: number): number
}

// JSON in JSON, as deep as nested tool calls and their logs give it; each level costs one more pass.
const MOST_LEVELS = 6
/** An address in an address in an address. */
const MOST_PERCENTS = 3

/**
 * The text as it came, and as it reads without JSON escapes, without percent escapes, and without both. All else looks into
 * each of them: a secret has many spellings (`\u0041`, `%41`), and a list of spellings is never whole.
 */
export function viewsOf(text: string): readonly View[] {
  const unescaped: View[] = [{ text, beginOf: (index) => index, endOf: (index) => index + 1 }]
  for (let round = 0; round < MOST_LEVELS; round++) {
    const last = unescaped.at(-1)!
    const next = last.text.includes('\\') ? withoutEscapes(last) : undefined
    if (next === undefined) break
    unescaped.push(next)
  }
  const views = [...unescaped]
  for (let view of unescaped)
    for (let round = 0; round < MOST_PERCENTS; round++) {
      const next = PERCENT.test(view.text) ? withoutPercents(view) : undefined
      if (next === undefined) break
      views.push(next)
      view = next
    }
  return views
}

/** The same without line breaks and the blanks after them, as `base64` and mails wrap what is long. */
export function withoutBreaks(view: View): View | undefined {
  if (!view.text.includes('\n')) return undefined
  const writer = new ViewWriter(view)
  let from = 0
  for (const { 0: gap, index } of view.text.matchAll(/\r?\n[ \t]*/g)) {
    writer.copy(from, index)
    from = index + gap.length
  }
  writer.copy(from, view.text.length)
  return writer.done()
}

const PERCENT = /%[0-9a-f]{2}/i

const CODE = /^(?:u([0-9a-f]{4})|x([0-9a-f]{2}))/i
const ESCAPED: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' },
  ...{ '\\': '\\', '"': '"', "'": "'", '/': '/', '`': '`' },
}

function withoutEscapes(view: View): View | undefined {
  const { text } = view
  const writer = new ViewWriter(view)
  let from = 0
  for (let index = text.indexOf('\\'); index !== -1; index = text.indexOf('\\', from)) {
    const letter = text[index + 1] ?? ''
    const code = letter === 'u' || letter === 'x' ? CODE.exec(text.slice(index + 1, index + 6)) : null
    const character = code === null ? ESCAPED[letter] : hexOf(code)
    writer.copy(from, index)
    from = index
    if (character === undefined) {
      writer.copy(index, index + 1)
      from = index + 1
    } else {
      from = index + 1 + (code?.[0].length ?? 1)
      writer.put(character, index, from)
    }
  }
  writer.copy(from, text.length)
  return writer.done()
}

function hexOf(code: RegExpExecArray): string {
  return String.fromCharCode(Number.parseInt(code[1] ?? code[2]!, 16))
}

function withoutPercents(view: View): View | undefined {
  const { text } = view
  const writer = new ViewWriter(view)
  let from = 0
  for (const { 0: run, index } of text.matchAll(/(?:%[0-9a-f]{2})+/gi)) {
    writer.copy(from, index)
    from = index + run.length
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
    for (let offset = 0; offset < bytes.length;) {
      const first = bytes[offset]!
      const length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
      const end = Math.min(offset + length, bytes.length)
      writer.put(bytes.toString('utf8', offset, end), index + offset * 3, index + end * 3)
      offset = end
    }
  }
  writer.copy(from, text.length)
  return writer.done()
}

/** Writes a view of a view, which is never longer, with the places of the original. */
class ViewWriter {
  readonly #source: View
  readonly #parts: string[] = []
  readonly #begins: Int32Array
  readonly #ends: Int32Array
  #length = 0

  constructor(source: View) {
    this.#source = source
    this.#begins = new Int32Array(source.text.length)
    this.#ends = new Int32Array(source.text.length)
  }

  copy(from: number, to: number): void {
    this.#parts.push(this.#source.text.slice(from, to))
    for (let index = from; index < to; index++) this.#place(index, index)
  }

  /** In the place of the source's characters from `from` to `to`. */
  put(characters: string, from: number, to: number): void {
    this.#parts.push(characters)
    for (let index = 0; index < characters.length; index++) this.#place(from, to - 1)
  }

  #place(first: number, last: number): void {
    this.#begins[this.#length] = this.#source.beginOf(first)
    this.#ends[this.#length] = this.#source.endOf(last)
    this.#length += 1
  }

  /** Nothing, when the source reads the same. */
  done(): View | undefined {
    const text = this.#parts.join('')
    if (text === this.#source.text) return undefined
    const [begins, ends] = [this.#begins, this.#ends]
    return { text, beginOf: (index) => begins[index]!, endOf: (index) => ends[index]! }
  }
}

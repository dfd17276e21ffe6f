import { isHarmless, type KeyNames } from './key-names.ts'
import type { Range } from './ranges.ts'

// JSON, YAML, headers, environments, queries and command lines all write a name, `:` or `=`, and a value. A text may hold
// half of any of them, so no parser is asked. Each character is looked at a bounded number of times.

const NAME = /[\p{L}\p{N}_.$-]/u
const LONGEST_NAME = 64
const QUOTE = /["'`]/
/** Their values have blanks and quotes in them, and end with the line, or with the quote that the name comes after. */
const HEADERS = /(?:authorization|cookie)$/i
/** What stands for a value in a schema or a type, or says that there is none. */
const NO_VALUES: ReadonlySet<string> = new Set([
  ...['true', 'false', 'null', 'undefined', 'none', 'nil', 'string', 'number', 'boolean', 'unknown', 'required'],
  'optional',
])
/** Where a value is to be had, as files that may be published say it. */
const REFERENCE = /^(?:\$\{(?:\{|[A-Za-z_]\w*\}?)|process\.env\.\w+)$/
const MARKER = /^\[redacted(?::[a-z0-9-]+)?\]/

/** Values of which the name before them says that they are secrets. */
export function labelledValues(text: string, keys: KeyNames): readonly Range[] {
  const found: Range[] = []
  const signs = /[:=]/g
  for (let sign = signs.exec(text); sign !== null; sign = signs.exec(text)) {
    const name = nameBefore(text, sign.index)
    if (name === undefined || !isSecretName(text, name, keys)) continue
    const value = valueAfter(text, sign.index + 1, name)
    if (value === undefined || isNoValue(name.text, text, value)) continue
    if (isQuery(text, name) && !keys.isSecret(name.text) && value.end - value.start < SHORTEST_IN_QUERY) continue
    found.push({ ...value, kind: '' })
    signs.lastIndex = value.end // what it holds goes with it
  }
  for (const { 0: flag, 1: name, index } of text.matchAll(FLAG)) {
    const start = index + flag.length
    if (keys.isSecret(name!) && !isMarker(text, start)) found.push({ start, end: bareEnd(text, start), kind: '' })
  }
  for (const { 0: flag, index } of text.matchAll(USER_FLAG)) {
    const start = index + flag.length
    if (!isMarker(text, start)) found.push({ start, end: bareEnd(text, start), kind: '' })
  }
  for (const { 0: tag, 1: name, index } of text.matchAll(TAG)) {
    const start = index + tag.length
    const end = indexOr(text, '<', start)
    if (keys.isSecret(name!) && text.startsWith(`</${name!}`, end) && !isNoValue(name!, text, { start, end }))
      found.push({ start, end, kind: '' })
  }
  return found
}

/** `--password hunter2` */
const FLAG = /(?<![\w-])--([A-Za-z][\w-]{0,63})[ \t]["']?(?=[^\s"'-])/g
/** `curl -u eve:hunter2`; two numbers are a user and a group. */
const USER_FLAG = /(?<![\w-])(?:-u|--user)[ \t=]["']?(?!\d+:\d+(?!\S))[^\s"':/]{1,64}:(?=[^\s"'/:])/g
/** `<password>hunter2</password>` */
const TAG = /<([A-Za-z][\w:.-]{0,63})>(?=[^\s<])/g
/** A state is `CA` and an error `404`; a code that opens something is longer. */
const SHORTEST_IN_QUERY = 8

interface Place {
  readonly start: number
  readonly end: number
}

interface Name {
  readonly text: string
  readonly start: number
}

function isSecretName(text: string, { text: name, start }: Name, keys: KeyNames): boolean {
  if (isQuery(text, { text: name, start })) return keys.isSecretInQuery(name)
  if (keys.isSecret(name)) return true
  // `API key: ...`
  if (text[start - 1] !== ' ') return false
  const first = nameBefore(text, start - 1)
  return first !== undefined && keys.isSecret(`${first.text}${name}`)
}

function isQuery(text: string, { start }: Name): boolean {
  return /[?&]/.test(text[start - 1] ?? '')
}

/** The name that ends before `end`, blanks, quotes and the stars of Markdown between them left out. */
function nameBefore(text: string, end: number): Name | undefined {
  let last = end
  while (last > 0 && end - last < 8 && /[\s"'`\\\]*]/.test(text[last - 1]!)) last -= 1
  let start = last
  while (start > 0 && last - start < LONGEST_NAME && NAME.test(text[start - 1]!)) start -= 1
  return start === last ? undefined : { text: text.slice(start, last), start }
}

function valueAfter(text: string, from: number, name: Name): Place | undefined {
  const start = from + matchAt(/[=>*]*[ \t\r\n]*\**/y, text, from)![0].length
  // A name in quotes may have its value on the next line, any other has none there.
  if (!/["'`]/.test(text[from - 2] ?? '') && text.slice(from, start).includes('\n')) return undefined
  const escape = /^\\*/.exec(text.slice(start, start + 8))![0].length
  const first = text[start + escape]
  if (first === '"' || first === "'" || first === '`') {
    const inner = start + escape + 1
    return { start: inner, end: escape === 0 ? quoteEnd(text, inner, first) : indexOr(text, first, inner) - escape }
  }
  if (first === '{' || first === '[') {
    return isMarker(text, start) ? undefined : { start, end: bracketEnd(text, start) }
  }
  const block = matchAt(BLOCK, text, start)
  if (block !== null) return { start: start + block[0].length, end: blockEnd(text, start + block[0].length, block[1]!) }
  const end = bareEnd(text, start, name)
  if (end === start) return undefined
  const typed = matchAt(TYPED, text, end)
  return { start, end: typed === null ? end : quoteEnd(text, end + typed[0].length, typed[1]!) }
}

/** `password: |`, and lines below it that stand further to the right. */
const BLOCK = /[|>][-+\d]{0,2}[ \t]*\r?\n([ \t]+)/y
/** `password: string = 'hunter2'`: a type, and then the value. */
const TYPED = /[ \t]*=[ \t]*(["'`])(?!\1)/y

function blockEnd(text: string, from: number, indent: string): number {
  for (let end = indexOr(text, '\n', from); ; end = indexOr(text, '\n', end + 1))
    if (!text.startsWith(indent, end + 1)) return end
}

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index
  return pattern.exec(text)
}

function bareEnd(text: string, start: number, name?: Name): number {
  const isHeader = name !== undefined && HEADERS.test(name.text)
  const quote = isHeader ? QUOTE.exec(text[name.start - 1] ?? '')?.[0] : undefined
  if (quote !== undefined) return quoteEnd(text, start, quote)
  const stop = isHeader ? /[\r\n\\]/g : /[\s"'`\\&;,<>)}\]|]/g
  stop.lastIndex = start
  return stop.exec(text)?.index ?? text.length
}

function quoteEnd(text: string, from: number, quote: string): number {
  for (let index = from; index < text.length; index++) {
    if (text[index] === '\\') index += 1
    else if (text[index] === quote) return index
  }
  return text.length
}

/** Where a list or an object ends; one that is cut off ends with the text. */
function bracketEnd(text: string, from: number): number {
  let depth = 0
  for (let index = from; index < text.length; index++) {
    const character = text[index]!
    if (character === '"') index = quoteEnd(text, index + 1, '"')
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    if (depth === 0) return index + 1
  }
  return text.length
}

function indexOr(text: string, wanted: string, from: number): number {
  const index = text.indexOf(wanted, from)
  return index === -1 ? text.length : index
}

function isNoValue(name: string, text: string, { start, end }: Place): boolean {
  if (end - start > LONGEST_NAME) return false
  const word = text.slice(start, end)
  if (MARKER.exec(word)?.[0] === word) return true
  if (REFERENCE.test(word)) return true
  return NO_VALUES.has(word.toLowerCase()) || isHarmless(name, /^[0-9.]+$/.test(word) ? Number(word) : word)
}

function isMarker(text: string, start: number): boolean {
  return MARKER.test(text.slice(start, start + LONGEST_NAME))
}

import { types } from 'node:util'

import { describeObject, type Shape } from './describe-object.ts'
import { truncate } from './tool-output.ts'

/** A value as a text. */
export interface Serialised {
  readonly text: string
  /** Whether nothing is missing for want of room. */
  readonly isWhole: boolean
}

// Where there is no limit: a twentieth of what a string can hold, and more than anybody reads.
const LONGEST_TEXT = 2 ** 25
// Deeper than any result that is meant to be read, and far from the end of the stack.
const DEEPEST = 64
// Digits of a larger one take seconds to find.
const LARGEST_BIGINT = 10n ** 1_000n
// More would say little about where the rest is.
const MOST_NOTED = 3
const UNSERIALISABLE = '"[unserialisable]"'

/**
 * What a tool returned, as a text of at most `maxChars` characters and a note of what is missing. Never throws, and never
 * writes more than is shown: no value is too large or too strange.
 *
 * A string stays as it is, nothing is `(no output)`, and what JSON can say is JSON. The rest has a form that can be read:
 *
 * - BigInt, NaN and the infinities, RegExp, Symbol: their text. Function: `"[function name]"`.
 * - Map: an object, its keys as texts. Set, and lists of numbers such as a Float64Array: a list.
 * - Error: an object with `name`, `message`, what else it has, and `cause`; no stack.
 * - Bytes, Blob, stream, Promise, an instance that shows no fields: `"[Buffer: 12 bytes]"`, `"[Promise]"`, `"[Name]"`.
 * - A circle: `"[Circular]"`. Below 64 levels: `"[too deep]"`. A part that throws when it is read: `"[unserialisable]"`.
 */
export function serialise(value: unknown, maxChars: number): Serialised {
  if (value === undefined || value === '') return { text: '(no output)', isWhole: true }
  if (typeof value === 'string') return { text: truncate(value, maxChars), isWhole: value.length <= maxChars }
  const most = Math.min(maxChars, LONGEST_TEXT)
  const text = jsonOf(value, most)
  if (text === undefined) return new Writer(most).write(value)
  return { text: truncate(text, most), isWhole: text.length <= most }
}

/** The JSON of what is plain and fits: most results are, and nothing writes them faster. */
function jsonOf(value: unknown, maxChars: number): string | undefined {
  try {
    return plainSize(value, maxChars, 0) <= maxChars ? JSON.stringify(value) : undefined
  } catch {
    return undefined // a getter or a proxy; the writer finds out which
  }
}

/** At least how many characters a value takes as JSON; `Infinity` when JSON would not do it justice. */
function plainSize(value: unknown, maxChars: number, depth: number): number {
  switch (typeof value) {
    case 'string':
      return value.length + 2
    case 'number':
      return Number.isFinite(value) ? 1 : Number.POSITIVE_INFINITY
    case 'boolean':
    case 'undefined':
      return 4
    case 'object':
      break
    default:
      return Number.POSITIVE_INFINITY
  }
  if (value === null) return 4
  if (depth === DEEPEST) return Number.POSITIVE_INFINITY
  let size = 2
  if (Array.isArray(value)) {
    const { length } = value
    for (let index = 0; index < length && size <= maxChars; index++)
      size += 1 + plainSize(value[index], maxChars - size, depth + 1)
    return size
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return types.isDate(value) ? 4 : Number.POSITIVE_INFINITY
  for (const key in value) {
    const inner = (value as Readonly<Record<string, unknown>>)[key]
    if (inner === undefined) continue
    size += key.length + 4 + plainSize(inner, maxChars - size, depth + 1)
    if (size > maxChars) break
  }
  return size
}

/** A list or object that is being written. */
interface Level {
  readonly value: object
  readonly what: 'items' | 'keys'
  readonly total: number
  key: string
  done: number
}

/** Writes until there is no more room, and then knows where it stands. */
class Writer {
  readonly #maxChars: number
  readonly #levels: Level[] = []
  readonly #missing: string[] = []
  #text = ''

  constructor(maxChars: number) {
    this.#maxChars = maxChars
  }

  write(value: unknown): Serialised {
    this.#value(value, '')
    const text = this.#text
    if (text.length <= this.#maxChars) return { text, isWhole: true }
    const missing = this.#missing.length === 0 ? 'the end is' : `${this.#missing.join(', ')} are`
    const splitsPair = /[\uD800-\uDBFF]/.test(text[this.#maxChars - 1] ?? '')
    const kept = text.slice(0, splitsPair ? this.#maxChars - 1 : this.#maxChars)
    return { text: `${kept}\n[cut: ${missing} not shown]`, isWhole: false }
  }

  get #isFull(): boolean {
    return this.#text.length > this.#maxChars
  }

  #put(text: string): void {
    if (this.#isFull) return
    this.#text += text
    if (this.#isFull) this.#noteMissing()
  }

  /** At the moment in which the room ends: where most is left. */
  #noteMissing(): void {
    const lefts = this.#levels.map(({ what, total, done }, depth) => {
      const isInside = depth < this.#levels.length - 1 || this.#missing.length > 0
      const left = total - done - (isInside ? 1 : 0) // one that is shown in part is not missing
      return { left, text: `${left} of ${total} ${what}${this.#place(depth)}` }
    })
    const most = lefts.filter(({ left }) => left > 0).toSorted((a, b) => b.left - a.left)
    this.#missing.push(...most.slice(0, MOST_NOTED).map(({ text }) => text))
  }

  /** Where the value is that is written at this depth, for a note. */
  #place(depth: number): string {
    if (depth === 0) return ''
    const keys = this.#levels.slice(0, depth).map(({ key }) => key)
    return ` at ${keys.join('.').slice(0, 80).toWellFormed()}`
  }

  #value(value: unknown, key: string): void {
    switch (typeof value) {
      case 'string':
        return this.#string(value)
      case 'number':
        return this.#put(Number.isFinite(value) ? String(value) : `"${value}"`)
      case 'bigint':
        return this.#bigint(value)
      case 'symbol':
        return this.#string(String(value))
      case 'function':
        return this.#string(`[function ${nameOf(value)}]`)
      case 'object':
        return value === null ? this.#put('null') : this.#object(value, key)
      case 'undefined':
        return this.#put('null')
      default:
        return this.#put(String(value))
    }
  }

  /** Never makes a text that is longer than what is shown of it. */
  #string(text: string): void {
    if (this.#isFull) return
    const room = this.#maxChars - this.#text.length
    const shown = text.length > room ? text.slice(0, room + 1) : text
    if (shown.length < text.length)
      this.#missing.push(
        `${text.length - Math.max(0, room - 1)} of ${text.length} characters${this.#place(this.#levels.length)}`,
      )
    this.#put(JSON.stringify(shown))
  }

  #bigint(value: bigint): void {
    if (value > LARGEST_BIGINT || value < -LARGEST_BIGINT) this.#put('"[a BigInt of more than 1000 digits]"')
    else this.#put(`"${value}"`)
  }

  #object(value: object, key: string, ignoresToJson = false): void {
    if (this.#levels.some((level) => level.value === value)) return this.#put('"[Circular]"')
    if (this.#levels.length === DEEPEST) return this.#put('"[too deep]"')
    const shape = guarded(() => describeObject(value, key, ignoresToJson))
    if (shape === undefined) this.#put(UNSERIALISABLE)
    else this.#shape(value, key, shape)
  }

  #shape(value: object, key: string, shape: Shape): void {
    if ('text' in shape) return this.#string(shape.text)
    if ('instead' in shape) return this.#instead(shape.instead, key)
    const isList = 'items' in shape
    const total = isList ? shape.items : shape.keys
    const level: Level = { value, what: isList ? 'items' : 'keys', total, key: '', done: 0 }
    this.#levels.push(level)
    this.#put(isList ? '[' : '{')
    let isFirst = true
    for (let index = 0; index < total && !this.#isFull; index++) {
      level.key = isList ? String(index) : (guarded(() => shape.keyAt(index)) ?? '[unserialisable]')
      const read = guarded(() => ({ value: shape.at(index) }))
      // As in JSON, a field that holds nothing is not there.
      const isAbsent = !isList && read !== undefined && read.value === undefined
      if (!isAbsent) {
        if (!isFirst) this.#put(',')
        isFirst = false
        if (!isList) this.#key(level.key)
        if (read === undefined) this.#put(UNSERIALISABLE)
        else this.#value(read.value, level.key)
      }
      level.done = index + 1
    }
    this.#put(isList ? ']' : '}')
    this.#levels.pop()
  }

  /** As JSON has it, what a `toJSON` gives is not asked for its own. */
  #instead(value: unknown, key: string): void {
    if (typeof value === 'object' && value !== null) this.#object(value, key, true)
    else this.#value(value, key)
  }

  #key(key: string): void {
    this.#string(key)
    this.#put(':')
  }
}

/** A function may have a field `name` of its own. */
function nameOf(value: { readonly name: unknown }): string {
  const name = guarded(() => value.name)
  return typeof name === 'string' ? name : ''
}

function guarded<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

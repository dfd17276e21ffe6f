import { isHarmless, type KeyNames } from './key-names.ts'
import { markerOf } from './ranges.ts'

export interface ValueRedactor {
  readonly text: (text: string, maxChars: number) => string
  readonly keys: KeyNames
}

// A log line or an argument that holds more tells nobody more.
const MOST_DEPTH = 16
const MOST_VALUES = 10_000
const MOST_CHARS = 256_000

/** A copy as plain JSON without secrets, of any value: what cannot be read is left out with a note. */
export function redactValue(value: unknown, redactor: ValueRedactor): unknown {
  return new Walk(redactor).copy(value, 0)
}

class Walk {
  readonly #redactor: ValueRedactor
  readonly #above = new Set<object>()
  #valuesLeft = MOST_VALUES
  #charsLeft = MOST_CHARS

  constructor(redactor: ValueRedactor) {
    this.#redactor = redactor
  }

  copy(value: unknown, depth: number): unknown {
    this.#valuesLeft -= 1
    if (this.#valuesLeft < 0) return '[too many values]'
    if (typeof value === 'string') return this.#text(value)
    if (typeof value === 'bigint') return String(value)
    if (typeof value === 'symbol' || typeof value === 'function') return `[${typeof value}]`
    if (typeof value !== 'object' || value === null) return value
    if (depth >= MOST_DEPTH) return '[too deep]'
    if (this.#above.has(value)) return '[circular]'
    this.#above.add(value)
    try {
      return this.#object(value, depth)
    } finally {
      this.#above.delete(value)
    }
  }

  #text(text: string): string {
    const redacted = this.#redactor.text(text, Math.max(this.#charsLeft, 0))
    this.#charsLeft -= redacted.length
    return redacted
  }

  #object(value: object, depth: number): unknown {
    if (value instanceof Error) return this.#error(value, depth)
    if (Array.isArray(value)) return this.#list(value, depth)
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
    if (value instanceof URL) return this.#text(value.href)
    if (value instanceof Map || value instanceof Set) return this.#list([...value], depth)
    if (value instanceof URLSearchParams) return this.#list([...value], depth)
    if (typeof Headers !== 'undefined' && value instanceof Headers) return this.#list([...value], depth)
    return this.#fields(value, Object.keys(value), depth)
  }

  #error(error: Error, depth: number): unknown {
    const own = Object.keys(error).filter((key) => !ERROR_FIELDS.includes(key))
    return this.#fields(error, [...ERROR_FIELDS.filter((key) => key in error), ...own], depth)
  }

  /** `['Authorization', 'Bearer ...']` is a name and its value. */
  #list(items: readonly unknown[], depth: number): unknown {
    const [name, value] = items
    if (items.length === 2 && isName(name) && this.#isSecret(name, value))
      return [this.#text(name as string), markerOf(HIDDEN)]
    const copies: unknown[] = []
    for (const item of items) {
      if (this.#valuesLeft <= 0) {
        copies.push(`[${items.length - copies.length} more]`)
        break
      }
      copies.push(this.copy(item, depth + 1))
    }
    return copies
  }

  #fields(value: object, keys: readonly string[], depth: number): unknown {
    const copy: [string, unknown][] = []
    const label = labelOf(value)
    for (const key of keys) {
      if (this.#valuesLeft <= 0) {
        copy.push(['…', `[${keys.length - copy.length} more]`])
        break
      }
      const field = read(value, key)
      const isSecret = this.#isSecret(key, field) || (key === 'value' && this.#isSecret(label, field))
      copy.push([this.#text(key), isSecret ? markerOf(HIDDEN) : this.copy(field, depth + 1)])
    }
    return Object.fromEntries(copy)
  }

  #isSecret(name: unknown, value: unknown): boolean {
    return typeof name === 'string' && this.#redactor.keys.isSecret(name) && !isHarmless(name, value)
  }
}

const HIDDEN = { kind: '' }
const ERROR_FIELDS = ['name', 'message', 'code', 'stack', 'cause', 'errors']

/** A word, or two: a sentence that says `password` names nothing. */
function isName(name: unknown): boolean {
  return typeof name === 'string' && /^[\p{L}\p{N}_.$-]{1,64}(?: [\p{L}\p{N}_.$-]{1,64})?:?$/u.test(name)
}

/** `{ name: 'Authorization', value: 'Bearer ...' }` */
function labelOf(value: object): unknown {
  if (!Object.hasOwn(value, 'value')) return undefined
  return read(value, 'name') ?? read(value, 'key') ?? read(value, 'header')
}

/** A getter may throw, and a proxy do anything. */
function read(value: object, key: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[key]
  } catch {
    return '[unreadable]'
  }
}

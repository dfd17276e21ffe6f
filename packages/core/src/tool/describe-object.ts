import { types } from 'node:util'

/** How an object is written. What reads from it may throw; `keyAt` is called before `at`, each index once and in order. */
export type Shape =
  | { readonly text: string }
  | { /** What stands in its place, as its `toJSON` says. */ readonly instead: unknown }
  | { readonly items: number; at(index: number): unknown }
  | { readonly keys: number; keyAt(index: number): string; at(index: number): unknown }

/** Finds the form of an object. May throw, as a proxy or a getter may. */
export function describeObject(value: object, key: string, ignoresToJson = false): Shape {
  // Before `toJSON`: a Buffer has one that makes a list of thousands of numbers.
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return binary(value)
  if (!ignoresToJson) {
    const { toJSON } = value as { readonly toJSON?: unknown }
    if (typeof toJSON === 'function') return { instead: toJSON.call(value, key) as unknown }
  }
  if (Array.isArray(value)) return list(value)
  if (types.isMap(value)) return entries(value)
  if (types.isSet(value)) return members(value)
  if (types.isNativeError(value) || value instanceof Error) return fields(value, ['name', 'message', 'cause', 'errors'])
  if (types.isNumberObject(value)) return { instead: Number.prototype.valueOf.call(value) }
  if (types.isStringObject(value)) return { instead: String.prototype.valueOf.call(value) }
  if (types.isBooleanObject(value)) return { instead: Boolean.prototype.valueOf.call(value) }
  if (types.isRegExp(value) || value instanceof URLSearchParams) return { text: String(value) }
  if (value instanceof Blob) return { text: `[${nameOf(value)}: ${value.size} bytes, ${value.type || 'of no type'}]` }
  if (isStream(value)) return { text: `[${nameOf(value)}: not read]` }
  return fields(value, [])
}

/** A proxy of a list may say anything about its length. */
function list(value: readonly unknown[]): Shape {
  const { length }: { readonly length: unknown } = value
  return { items: Number(length), at: (index) => value[index] }
}

function binary(value: ArrayBufferView | ArrayBufferLike): Shape {
  const isBytes = !types.isTypedArray(value) || types.isUint8Array(value) || types.isUint8ClampedArray(value)
  if (isBytes) return { text: `[${nameOf(value)}: ${value.byteLength} bytes]` }
  return { items: value.length, at: (index) => value[index] }
}

function entries(map: ReadonlyMap<unknown, unknown>): Shape {
  const iterator: MapIterator<readonly [unknown, unknown]> = Map.prototype.entries.call(map)
  let current: unknown
  return {
    keys: map.size,
    keyAt() {
      const next = iterator.next()
      const [key, inner] = next.done === true ? [] : next.value
      current = inner
      return typeof key === 'object' && key !== null ? `[${nameOf(key)}]` : String(key)
    },
    at: () => current,
  }
}

function members(set: ReadonlySet<unknown>): Shape {
  const iterator: SetIterator<unknown> = Set.prototype.values.call(set)
  return { items: set.size, at: () => iterator.next().value }
}

/** `first` where there is such a thing, then what JSON would show. */
function fields(value: object, first: readonly string[]): Shape {
  const shown = first.filter((key) => key in value)
  const keys = Object.keys(value)
  const all = shown.length === 0 ? keys : [...new Set([...shown, ...keys])]
  // What shows nothing of itself is not the same as nothing.
  if (all.length === 0 && !isPlain(value)) return { text: `[${nameOf(value)}]` }
  return {
    keys: all.length,
    keyAt: (index) => all[index]!,
    at: (index) => (value as Readonly<Record<string, unknown>>)[all[index]!],
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

function isStream(value: object): boolean {
  const { getReader, pipe, on } = value as Readonly<Record<string, unknown>>
  return typeof getReader === 'function' || (typeof pipe === 'function' && typeof on === 'function')
}

function nameOf(value: object): string {
  const { constructor } = value as { readonly constructor?: { readonly name?: unknown } }
  const name = constructor?.name
  return typeof name === 'string' && name !== '' ? name.slice(0, 100) : 'object'
}

/**
 * What a tool returned, as a text: a string as it is, nothing as `(no output)`, anything else as JSON.
 *
 * @throws TypeError that says where the value is not JSON
 */
export function outputText(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined ? '' : jsonOf(value)
  return text === '' ? '(no output)' : text
}

/** `text`, or its beginning and a note of how much is missing; never cut inside a character. */
export function truncate(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text.isWellFormed() ? text : text.toWellFormed()
  const splitsPair = /[\uD800-\uDBFF]/.test(text[maxChars - 1] ?? '')
  const kept = text.slice(0, splitsPair ? maxChars - 1 : maxChars).toWellFormed()
  return `${kept}\n[cut: ${text.length - kept.length} of ${text.length} characters are not shown]`
}

function jsonOf(value: unknown): string {
  const text = JSON.stringify(value, refuseLossy)
  if (text === undefined) throw new TypeError(`${typeof value} is not JSON`)
  return text
}

/** JSON.stringify quietly turns these into `{}`, `null` or nothing; a model would take that for the result. */
function refuseLossy(this: unknown, key: string, value: unknown): unknown {
  // The holder has the value as it was before its `toJSON`: a Buffer has one that makes thousands of numbers of it.
  const lossy = lossyKind((this as Readonly<Record<string, unknown>>)[key])
  if (lossy !== undefined) throw new TypeError(key === '' ? `${lossy} is not JSON` : `${lossy} at "${key}" is not JSON`)
  return value
}

function lossyKind(value: unknown): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') return `a ${typeof value}`
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`
  for (const type of LOSSY_TYPES) if (value instanceof type) return `a ${type.name}`
  return undefined
}

const LOSSY_TYPES = [Map, Set, WeakMap, WeakSet, Promise, RegExp, Error, ArrayBuffer]

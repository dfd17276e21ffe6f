import { createHash } from 'node:crypto'

/** A tool and what it is called with, the same however the model wrote it. */
export function digestOfCall(tool: string, argumentsText: string): string {
  return digest(`${tool} ${withoutVolatile(canonical(argumentsText))}`)
}

/** What a text says, moments and made-up ids aside. */
export function digestOfText(text: string): string {
  return digest(withoutVolatile(text))
}

/** Texts are long and runs are many: only this much is kept. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

/**
 * Moments and UUIDs differ at each call though nothing else does. Other numbers stay: page 2 is not page 1.
 * An ISO 8601 date with a time, milliseconds since the epoch (13 digits, 2001 to 2286), a UUID of any version.
 */
const VOLATILE =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?|\b[1-9]\d{12}\b|\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi

function withoutVolatile(text: string): string {
  return text.replaceAll(VOLATILE, '#')
}

/** What stays the same when a model writes the same arguments in another order or with other spaces. */
function canonical(argumentsText: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(argumentsText)))
  } catch {
    // No JSON, or nested too deep: then it is what it is.
    return argumentsText
  }
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

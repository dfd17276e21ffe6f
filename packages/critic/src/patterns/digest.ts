import { createHash } from 'node:crypto'

import type { ToolResultPart } from '@executus/core'

/** A tool and what it is called with, the same however the model wrote it, moments aside: what has another id is another call. */
export function digestOfCall(tool: string, argumentsText: string): string {
  return digest(`${tool} ${canonical(argumentsText).replaceAll(MOMENT, '#')}`)
}

/** What a result says, moments and made-up ids aside; images and files are the same when their bytes are. */
export function digestOfResult({ content }: ToolResultPart): string {
  const parts = content.map((part) =>
    part.type === 'text' ? part.text.replaceAll(MOMENT, '#').replaceAll(UUID, '#') : JSON.stringify(part),
  )
  return digest(parts.join('\n'))
}

/** Texts are long and runs are many: only this much is kept. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

/**
 * Moments differ at each call though nothing else does. Other numbers stay: page 2 is not page 1.
 * An ISO 8601 date with a time, milliseconds since the epoch (13 digits, 2001 to 2286).
 */
const MOMENT = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?|\b[1-9]\d{12}\b/gi

/** Of any version. Tools give a new one with each answer; a model does not make them up, but names a thing by its own. */
const UUID = /\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi

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

import type { JsonObject } from '@executus/llm'

export type ParsedArguments =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly problem: string }

// A larger argument is a model gone wrong, and costs memory and storage at every later step.
const LONGEST_ARGUMENTS = 256 * 1024
// Validators recurse: zod 4.6 dies at a depth of 10,000, JSON.stringify at 100,000.
const DEEPEST_ARGUMENTS = 64

/** Reads the arguments of a tool call. The problem is worded for the model, so that it can mend the call. */
export function parseArguments(text: string): ParsedArguments {
  if (text.trim() === '') return { ok: true, value: {} }
  if (text.length > LONGEST_ARGUMENTS)
    return problem(`the arguments are ${text.length} characters long; ${LONGEST_ARGUMENTS} is the most`)
  if (isTooDeep(text)) return problem(`the arguments are nested more than ${DEEPEST_ARGUMENTS} levels deep`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return problem(`the arguments are not valid JSON (${(error as SyntaxError).message.slice(0, 200).toWellFormed()})`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return problem('the arguments must be a JSON object')
  // The escaped spelling parses to the same key; no tool has a use for it, and a careless merge would be poisoned by it.
  if (/proto|\\u/.test(text) && hasPrototypeKey(value)) return problem('"__proto__" is not allowed as a key')
  return { ok: true, value: (ESCAPED_SURROGATE.test(text) ? wellFormed(value) : value) as JsonObject }
}

// Half a character may be written as an escape, and then nothing that comes later takes it.
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/

/** Judge, approval, journal and tool are to see one and the same text. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return (value as readonly unknown[]).map(wellFormed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), wellFormed(inner)]))
}

function problem(text: string): ParsedArguments {
  return { ok: false, problem: text }
}

/** Counts brackets outside strings, before anything that recurses sees the text. */
function isTooDeep(text: string): boolean {
  if (text.length <= DEEPEST_ARGUMENTS) return false
  let depth = 0
  let isInString = false
  for (let index = 0; index < text.length; index++) {
    const char = text[index]
    if (isInString) {
      if (char === '\\') index += 1
      else if (char === '"') isInString = false
    } else if (char === '"') isInString = true
    else if (char === '{' || char === '[') {
      depth += 1
      if (depth > DEEPEST_ARGUMENTS) return true
    } else if (char === '}' || char === ']') depth -= 1
  }
  return false
}

function hasPrototypeKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasPrototypeKey)
}

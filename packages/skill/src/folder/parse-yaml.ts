import type { JsonObject } from '@executus/core'
import { parseDocument } from 'yaml'

/** Far more than the fields that there are; what is nested deeper than the stack is short of this, and is refused, too. */
const MOST_CHARS = 16 * 1024

export type ParsedYaml =
  | {
      readonly ok: true
      readonly fields: JsonObject
      /** Whether colons had to be quoted. */ readonly isMended: boolean
    }
  | { readonly ok: false; readonly problem: string }

/**
 * Front matter as plain data. Every scalar is a text, as `version: 1.0` is no number; there are no tags and no aliases, and
 * so nothing that grows. What other clients' parsers accept, a value with a colon in it, is quoted and tried again.
 */
export function parseYaml(text: string): ParsedYaml {
  if (text.length > MOST_CHARS) return { ok: false, problem: `it is longer than ${MOST_CHARS} characters` }
  const first = attempt(text)
  if (typeof first !== 'string') return { ok: true, fields: first, isMended: false }
  const quoted = quoteColons(text)
  const second = quoted === text ? first : attempt(quoted)
  if (typeof second !== 'string') return { ok: true, fields: second, isMended: true }
  return { ok: false, problem: first }
}

/** The fields, or what is wrong. */
function attempt(text: string): JsonObject | string {
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      resolveKnownTags: false,
      uniqueKeys: true,
      stringKeys: true,
      prettyErrors: false,
      logLevel: 'silent',
    })
    const [problem] = [...document.errors, ...document.warnings]
    if (problem !== undefined) return problem.message
    const fields: unknown = document.toJS({ maxAliasCount: 0 })
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return 'it has no fields'
    return fields as JsonObject
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be read'
  }
}

/** Puts quotes around values of a line that have a colon in them and begin as plain text does. */
function quoteColons(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const [, start, key] = /^(([a-zA-Z][\w-]*):[ \t])/.exec(line) ?? []
      if (start === undefined) return line
      const value = line.slice(start.length).trim()
      const isPlain = !/^["'|>&*!#%@`[{]/.test(value)
      return isPlain && /:(\s|$)/.test(value) ? `${key}: ${JSON.stringify(value)}` : line
    })
    .join('\n')
}

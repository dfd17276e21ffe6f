import type { JsonObject, Schema } from '@executus/core'

/** What a field of a tool's arguments is. */
export interface Field {
  readonly type: 'string' | 'integer' | 'strings'
  readonly description: string
  readonly choices?: readonly string[]
  readonly isRequired?: boolean
}

/**
 * A schema of an object with plain fields. This package needs no more, and a schema library would be loaded by every host.
 * What the fields may say is checked where they go.
 */
export function objectSchema<T>(fields: Readonly<Record<string, Field>>): Schema<unknown, T> {
  const json = (): JsonObject => ({
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, jsonOf(field)])),
    required: Object.keys(fields).filter((name) => fields[name]!.isRequired === true),
    additionalProperties: false,
  })
  return {
    '~standard': {
      version: 1,
      vendor: 'executus',
      validate: (value) => {
        const issues = issuesOf(fields, value)
        return issues.length > 0 ? { issues } : { value: value as T }
      },
      jsonSchema: { input: json, output: json },
    },
  }
}

function jsonOf({ type, description, choices }: Field): JsonObject {
  if (type === 'strings') return { type: 'array', items: { type: 'string' }, description }
  return { type, description, ...(choices && { enum: [...choices] }) }
}

interface Issue {
  readonly message: string
  readonly path?: readonly string[]
}

function issuesOf(fields: Readonly<Record<string, Field>>, value: unknown): readonly Issue[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ message: 'expected an object' }]
  const given = new Map<string, unknown>(Object.entries(value))
  const issues: Issue[] = []
  for (const name of given.keys()) if (!Object.hasOwn(fields, name)) issues.push({ path: [name], message: 'unknown' })
  for (const [name, field] of Object.entries(fields)) {
    const one = given.get(name)
    if (one === undefined) {
      if (field.isRequired === true) issues.push({ path: [name], message: 'is missing' })
    } else if (!isOfType(field, one)) issues.push({ path: [name], message: `expected ${expectationOf(field)}` })
  }
  return issues
}

function isOfType({ type, choices }: Field, value: unknown): boolean {
  if (type === 'integer') return Number.isSafeInteger(value)
  if (type === 'strings') return Array.isArray(value) && value.every((item) => typeof item === 'string')
  return typeof value === 'string' && (choices === undefined || choices.includes(value))
}

function expectationOf({ type, choices }: Field): string {
  if (choices !== undefined) return `one of ${choices.join(', ')}`
  return type === 'strings' ? 'a list of strings' : `${type === 'integer' ? 'an' : 'a'} ${type}`
}

import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'

import { ensureError } from './errors.ts'
import type { JsonObject } from './json.ts'

/** A schema that checks values and gives itself as JSON Schema: zod 4.2 and later, ArkType, Valibot with its adapter. */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output> &
  StandardJSONSchemaV1<Input, Output>

/** What a schema makes of a value. */
export type SchemaOutput<S extends Schema> = StandardSchemaV1.InferOutput<S>

export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; /** What is wrong and where, worded for a model. */ readonly problem: string }

/**
 * What a schema takes, as JSON Schema 2020-12 with an object at its root.
 *
 * @throws TypeError that names `option` when the schema is none, is not of an object or has no such form
 */
export function jsonSchemaOf(schema: Schema, option: string): JsonObject {
  const known = translated.get(schema)
  if (known !== undefined) return known
  const standard = (schema as Schema | undefined)?.['~standard']
  if (typeof standard?.validate !== 'function' || typeof standard.jsonSchema?.input !== 'function')
    throw new TypeError(`Expected \`${option}\` to be a Standard Schema that gives JSON Schema (zod 4.2 or later)`)
  const { $schema: _, ...json } = convert(standard, option)
  if (json['type'] !== 'object')
    throw new TypeError(`Expected \`${option}\` to describe an object, got \`${String(json['type'])}\``)
  translated.set(schema, json as JsonObject)
  return json as JsonObject
}

// A schema stays as it is, and hosts ask for the same answer again and again: each translation costs as much as a step.
const translated = new WeakMap<Schema, JsonObject>()

/** Checks a value. Gives a promise only where the schema does. */
export function checkWith<S extends Schema>(
  schema: S,
  value: unknown,
): Checked<SchemaOutput<S>> | Promise<Checked<SchemaOutput<S>>> {
  const result = schema['~standard'].validate(value)
  return result instanceof Promise ? result.then(checked<S>) : checked<S>(result)
}

function convert(standard: Schema['~standard'], option: string): Record<string, unknown> {
  try {
    return standard.jsonSchema.input({ target: 'draft-2020-12' })
  } catch (error) {
    const { message } = ensureError(error)
    throw new TypeError(`Expected \`${option}\` to be expressible as JSON Schema: ${message}`, { cause: error })
  }
}

function checked<S extends Schema>(result: StandardSchemaV1.Result<unknown>): Checked<SchemaOutput<S>> {
  if (result.issues === undefined) return { ok: true, value: result.value as SchemaOutput<S> }
  return { ok: false, problem: result.issues.map(describeIssue).join('; ') }
}

function describeIssue({ path = [], message }: StandardSchemaV1.Issue): string {
  const where = path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
  return where === '' ? message : `${where}: ${message}`
}

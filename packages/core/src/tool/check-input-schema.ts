import type { JsonObject } from '@executus/llm'

// Twice the largest schema that is known of; every request carries it.
const LONGEST_SCHEMA = 256 * 1024

/**
 * Checks the JSON Schema of a tool, which goes to vendors with every request: it may speak of itself, and of nothing else.
 *
 * @throws RangeError that names `option` when it is too large or refers to something that is not in it
 */
export function checkInputSchema(option: string, schema: JsonObject): void {
  const { length } = JSON.stringify(schema)
  if (length > LONGEST_SCHEMA)
    throw new RangeError(`Expected \`${option}\` to be of at most ${LONGEST_SCHEMA} characters, got ${length}`)
  const left: unknown[] = [schema]
  while (left.length > 0) {
    const one = left.pop()
    if (typeof one !== 'object' || one === null) continue
    const { $ref: reference } = one as { readonly $ref?: unknown }
    // A property may have that name.
    if (typeof reference === 'string' && !isInside(reference, schema))
      throw new RangeError(`Expected \`${option}\` to refer to its own parts only, got \`$ref\` to \`${reference}\``)
    left.push(...(Object.values(one) as unknown[]))
  }
}

/** Whether a pointer such as `#/$defs/node` leads to something. */
function isInside(reference: string, schema: JsonObject): boolean {
  if (!reference.startsWith('#')) return false
  if (!reference.startsWith('#/')) return true // the whole schema, or an anchor in it
  let at: unknown = schema
  for (const step of reference.slice(2).split('/')) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false
    at = (at as Readonly<Record<string, unknown>>)[key]
  }
  return true
}

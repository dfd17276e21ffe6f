import type { Call, ToolOutcome } from '@executus/core'

/** A JSON text has at most this many bytes for one character: `\u0000`. */
const MOST_BYTES_PER_CHAR = 6

/**
 * A result as it may be kept. One that is too large, or no JSON, becomes an error: for a tool's call one that the model
 * reads, so that the run goes on; for any other it is thrown.
 *
 * @throws RangeError when it has more than `maxBytes`; TypeError when it cannot be written as JSON
 */
export function fitResult<T>({ key, kind }: Pick<Call<T>, 'key' | 'kind'>, value: T, maxBytes: number): T {
  // Most results are far below the limit, and looking at them is much cheaper than writing them out.
  if (roughChars(value, maxBytes / MOST_BYTES_PER_CHAR) <= maxBytes / MOST_BYTES_PER_CHAR) return value
  let problem: Error
  try {
    const bytes = Buffer.byteLength(JSON.stringify(value) ?? '')
    if (bytes <= maxBytes) return value
    problem = new RangeError(
      `The result of ${key} is too large to be kept: ${bytes} bytes, and ${maxBytes} are the most`,
    )
  } catch (cause) {
    problem = new TypeError(`The result of ${key} is no JSON`, { cause })
  }
  const result = (value as Partial<ToolOutcome> | null)?.result
  if ((kind !== 'tool' && kind !== 'child') || result === undefined) throw problem
  const { callId, name } = result
  const text = `${problem.message}. The call was made.`
  const refused = { type: 'tool-result', callId, name, content: [{ type: 'text', text }], isError: true } as const
  const { usage } = value as unknown as ToolOutcome
  return { result: refused, ...(usage !== undefined && { usage }) } satisfies ToolOutcome as T
}

/** How many characters `value` has as JSON, or more than `most` as soon as it cannot be told cheaply. */
function roughChars(value: unknown, most: number): number {
  try {
    return charsUpTo(value, most)
  } catch {
    return Number.POSITIVE_INFINITY // nested deeper than the stack, a circle, or a getter that throws
  }
}

function charsUpTo(part: unknown, most: number): number {
  if (typeof part === 'string') return part.length + 3
  if (typeof part !== 'object' || part === null) return typeof part === 'bigint' ? Number.POSITIVE_INFINITY : 24 // the longest number
  let chars = 2
  if (Array.isArray(part)) {
    for (const item of part as readonly unknown[]) {
      chars += charsUpTo(item, most - chars)
      if (chars > most) break
    }
    return chars
  }
  if ('toJSON' in part) return Number.POSITIVE_INFINITY
  // Inherited names count too: this runs at every step, and needs no list of names this way.
  for (const name in part) {
    chars += name.length + 4 + charsUpTo((part as Record<string, unknown>)[name], most - chars)
    if (chars > most) break
  }
  return chars
}

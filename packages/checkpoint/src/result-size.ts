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
  let chars = 0
  const walk = (part: unknown): void => {
    if (chars > most) return // a circle ends here
    if (typeof part === 'string') chars += part.length + 3
    else if (Array.isArray(part)) {
      chars += 2
      for (const item of part) walk(item)
    } else if (typeof part === 'object' && part !== null) {
      if ('toJSON' in part) chars = Number.POSITIVE_INFINITY
      chars += 2
      for (const [name, item] of Object.entries(part)) {
        chars += name.length + 4
        walk(item)
      }
    } else if (typeof part === 'bigint') chars = Number.POSITIVE_INFINITY
    else chars += 24 // the longest number
  }
  try {
    walk(value)
  } catch {
    return Number.POSITIVE_INFINITY // nested deeper than the stack, or a getter that throws
  }
  return chars
}

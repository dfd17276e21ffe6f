/** A copy as JSON, well-formed: what a store can keep. */
export function plain<T>(value: T): T {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part))
  return JSON.parse(text) as T
}

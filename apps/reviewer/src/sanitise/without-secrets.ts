/** A shorter one is in ordinary words, and no key of anybody. */
const LEAST_CHARS = 8

/**
 * What a model said, without these secrets: a server that sends back what it was sent must not get a key into a report, and
 * from there onto a page. A copy; only texts are changed.
 */
export function withoutSecrets<T>(said: T, secrets: readonly string[]): T {
  const wanted = secrets.filter((secret) => secret.length >= LEAST_CHARS)
  return wanted.length === 0 ? said : (cleaned(said, wanted) as T)
}

function cleaned(said: unknown, secrets: readonly string[]): unknown {
  if (typeof said === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), said)
  if (Array.isArray(said)) return said.map((one) => cleaned(one, secrets))
  if (typeof said !== 'object' || said === null) return said
  return Object.fromEntries(Object.entries(said).map(([name, value]) => [name, cleaned(value, secrets)]))
}

import { ForgeError } from './errors.ts'

export interface FetchOnce {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly json?: string
  readonly maxBytes: number
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** An answer, read to its end. */
export interface ForgeAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

const MOST_REDIRECTS = 3

/** One request. It follows redirects within its host alone, as its headers hold the token. */
export async function fetchOnce({ method, headers, json, maxBytes, ...request }: FetchOnce): Promise<ForgeAnswer> {
  const timeout = AbortSignal.timeout(request.timeoutMs)
  const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal])
  let { url } = request
  for (let redirects = 0; ; redirects += 1) {
    const response = await fetch(url.href, {
      method,
      headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
      ...(json !== undefined && { body: json }),
      redirect: 'manual',
      signal,
    })
    const location = locationOf(response, method)
    if (location === undefined) {
      const text = await boundedText(response, maxBytes)
      return { status: response.status, headers: response.headers, text }
    }
    await response.body?.cancel()
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined
    if (next?.origin !== url.origin || redirects === MOST_REDIRECTS)
      throw new ForgeError(
        'refused',
        `${url.host} sends the request on to ${next === undefined ? 'nowhere' : next.host}, which is not followed`,
        { status: response.status },
      )
    url = next
  }
}

/** What was written must not become a read on the way: only 307 and 308 keep it. */
function locationOf({ status, headers }: Response, method: string): string | undefined {
  const isRedirect = method === 'GET' ? [301, 302, 303, 307, 308].includes(status) : [307, 308].includes(status)
  return isRedirect ? (headers.get('location') ?? undefined) : undefined
}

async function boundedText({ body }: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop ends the connection.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > maxBytes)
      throw new ForgeError('unexpected', `The answer is longer than ${Math.round(maxBytes / 1024)} KiB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

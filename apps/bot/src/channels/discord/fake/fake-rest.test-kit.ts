import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

import type { Fault } from './fake-faults.test-kit.ts'
import type { Draft, SentFile } from './fake-messages.test-kit.ts'

/** What was asked of the fake. */
export interface Asked {
  readonly method: string
  /** Without `/api/v10`. */
  readonly path: string
  readonly authorization: string | undefined
  readonly body: Draft & Readonly<Record<string, unknown>>
  readonly files: readonly SentFile[]
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly bytes?: Uint8Array
}

export async function askedOf(request: IncomingMessage): Promise<Asked> {
  const { method = '', url = '', headers } = request
  const path = new URL(url, 'http://fake').pathname.replace(/^\/api\/v10/, '')
  const bytes = await buffer(request)
  const type = headers['content-type'] ?? ''
  const { authorization } = headers
  if (!type.startsWith('multipart/form-data')) {
    const body = bytes.length === 0 ? {} : (JSON.parse(bytes.toString()) as Asked['body'])
    return { method, path, authorization, body, files: [] }
  }
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
  const files: SentFile[] = []
  for (const value of form.values())
    if (value instanceof File) files.push({ name: value.name, text: await value.text() })
  const body = JSON.parse(form.get('payload_json') as string) as Asked['body']
  return { method, path, authorization, body, files }
}

/** The answer that a fault stands for; `undefined` for those that give none. */
export function faultAnswer(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'limit': {
      const seconds = String(fault.retryAfterMs / 1_000)
      const isGlobal = fault.isGlobal === true
      const headers = { 'retry-after': seconds, ...(isGlobal && { 'x-ratelimit-global': 'true' }) }
      const body = { message: 'You are being rate limited.', retry_after: Number(seconds), global: isGlobal }
      return { status: 429, headers, body }
    }
    case 'status':
      return { status: fault.status, body: { code: fault.code ?? 0, message: fault.message ?? 'A fault' } }
    case 'bad-gateway-after':
      return { status: 502, body: { message: 'Bad gateway' } }
    default:
      return undefined
  }
}

export function answerTo(response: ServerResponse, { status, headers, body, bytes }: Answer): void {
  const type = bytes !== undefined ? 'application/octet-stream' : body === undefined ? undefined : 'application/json'
  response.writeHead(status, { ...(type !== undefined && { 'content-type': type }), ...headers })
  response.end(bytes ?? (body === undefined ? '' : JSON.stringify(body)))
}

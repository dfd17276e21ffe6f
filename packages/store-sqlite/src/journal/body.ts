import { crc32 } from 'node:zlib'

/** A JSON text as a row keeps it. */
export interface Body {
  readonly body: string
  readonly crc: number
}

/** @throws TypeError when `value` cannot be written as JSON */
export function bodyOf(value: unknown): Body {
  const body = JSON.stringify(value) as string | undefined
  if (body === undefined) throw new TypeError('Expected an entry to be JSON, got `undefined`')
  return { body, crc: crc32(body) }
}

/** What a body says; `undefined` when it is damaged, which no body says. */
export function valueOf({ body, crc }: Body): unknown {
  // A flipped bit may have made it a number or bytes.
  if (typeof body !== 'string' || crc32(body) !== crc) return undefined
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

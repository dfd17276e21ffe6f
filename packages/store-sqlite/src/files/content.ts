import { createHash } from 'node:crypto'

import type { FileToSave } from '@executus/core'
import { expected } from '@executus/core/check-option'

/** What is kept of a file: its bytes, and what they are. */
export interface Content {
  readonly bytes: Uint8Array
  readonly mediaType: string
}

/**
 * The bytes of what is to be saved. An address is kept as such, as `text/uri-list`: a store fetches nothing.
 *
 * @throws TypeError or RangeError that names what is wrong
 */
export function contentOf({ source, mediaType }: Pick<FileToSave, 'source' | 'mediaType'>, maxBytes: number): Content {
  const { text, base64, url } = (source ?? {}) as Readonly<Record<string, unknown>>
  if (typeof text === 'string') return { bytes: encoded(text, 'utf8', Buffer.byteLength(text), maxBytes), mediaType }
  if (typeof base64 === 'string') return { bytes: decoded(base64, maxBytes), mediaType }
  if (typeof url === 'string')
    return { bytes: encoded(checkedUrl(url), 'utf8', url.length, maxBytes), mediaType: 'text/uri-list' }
  throw expected('file.source', 'an object with a `text`, `base64` or `url`', source)
}

/** In hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function decoded(base64: string, maxBytes: number): Uint8Array {
  const bytes = encoded(base64, 'base64', Math.floor(base64.length / 4) * 3 - 2, maxBytes)
  // Node.js passes over whatever is no base64: the file would be another one.
  if (Buffer.from(bytes).toString('base64') === base64) return bytes
  throw new RangeError('Expected `file.source.base64` to be base64, padded and without white space')
}

function encoded(text: string, encoding: 'utf8' | 'base64', least: number, maxBytes: number): Uint8Array {
  // Before it is made: what is far too long would be in memory twice.
  if (least <= maxBytes) {
    const bytes = Buffer.from(text, encoding)
    if (bytes.length <= maxBytes) return bytes
  }
  throw new RangeError(`Expected \`file.source\` to be at most ${maxBytes} bytes`)
}

function checkedUrl(url: string): string {
  const protocol = URL.parse(url)?.protocol
  if (protocol === 'https:' || protocol === 'http:') return url
  throw new RangeError('Expected `file.source.url` to be an address of http or https')
}

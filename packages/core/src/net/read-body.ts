import { pipeline, Readable, type Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

import { GuardedFetchError } from './errors.ts'

/** A body, decoded. */
export interface ReadBody {
  readonly bytes: Uint8Array
  /** Whether there was more than may be read. */
  readonly truncated: boolean
}

// Real pages reach 10:1, lists of zeros 30:1; what is above is made to fill memory.
const MOST_RATIO = 100
const RATIO_FROM_BYTES = 1024 * 1024
// As undici and browsers; each layer multiplies the one below (CVE-2026-22036).
const MOST_ENCODINGS = 5

/**
 * Reads a body to its end, or until `maxBytes` decoded bytes are there or it turns out to be a bomb; then the rest is
 * not read and `body` is destroyed.
 *
 * @throws GuardedFetchError `bad_response` for an encoding that was not asked for, or more than five; what `body` throws
 */
export async function readBody(body: Readable, contentEncoding: string, maxBytes: number): Promise<ReadBody> {
  const chunks: Uint8Array[] = []
  let length = 0
  let truncated = false
  // What goes into a decoder counts as well: an encoding can hold much and say nothing.
  const onOverflow = () => (truncated = true)
  const { decoded, received } = decode(body, contentEncoding, maxBytes, onOverflow)
  try {
    for await (const chunk of decoded as AsyncIterable<Uint8Array>) {
      chunks.push(chunk.subarray(0, maxBytes - length))
      length += chunk.length
      const isBomb = length > RATIO_FROM_BYTES && length > MOST_RATIO * (received() ?? length)
      truncated ||= length > maxBytes || isBomb
      if (truncated) break
    }
  } catch (error) {
    if (/^(Z_|ERR__ERROR|ERR_BROTLI)/.test((error as NodeJS.ErrnoException).code ?? ''))
      throw new GuardedFetchError('bad_response', 'the body does not decode', { cause: error })
    throw error
  } finally {
    decoded.destroy()
    body.destroy()
  }
  return { bytes: Buffer.concat(chunks), truncated }
}

interface Decoded {
  readonly decoded: Readable
  /** Encoded bytes so far; `undefined` when there is no encoding. */
  readonly received: () => number | undefined
}

/** `body` with its encodings undone, the last one first, none of which gets more than `maxBytes`. */
function decode(body: Readable, contentEncoding: string, maxBytes: number, onOverflow: () => void): Decoded {
  const encodings = contentEncoding
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '' && each !== 'identity')
  const decoders = encodings.slice(0, MOST_ENCODINGS).toReversed().map(decoderOf)
  const usable = decoders.filter((each) => each !== undefined)
  if (usable.length < encodings.length) {
    body.destroy()
    throw new GuardedFetchError('bad_response', `encodings: ${encodings.length}, usable: ${usable.length}`)
  }
  const decoded = usable.reduce<Readable>(
    // What goes wrong on the way comes out of the reading end.
    (source, decoder) => pipeline(Readable.from(upTo(source, maxBytes, onOverflow)), decoder, () => {}),
    body,
  )
  return { decoded, received: () => usable[0]?.bytesWritten }
}

async function* upTo(source: Readable, maxBytes: number, onOverflow: () => void): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const chunk of source as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > maxBytes) return onOverflow()
    yield chunk
  }
}

// A body that ends early gives what is there, as in browsers.
function decoderOf(encoding: string): (Transform & { readonly bytesWritten: number }) | undefined {
  const finishFlush = constants.Z_SYNC_FLUSH
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip({ finishFlush })
  if (encoding === 'deflate') return createInflate({ finishFlush })
  if (encoding === 'br') return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })
  return undefined
}

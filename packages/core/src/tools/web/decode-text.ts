import { TextDecoder } from 'node:util'

/**
 * Bytes as text, by their byte order mark, else by `charset`, else as UTF-8; `undefined` when they are not text. Never
 * throws: what does not decode becomes U+FFFD.
 */
export function decodeText(bytes: Uint8Array, charset: string | undefined): string | undefined {
  const decoder = decoderFor(markOf(bytes) ?? charset)
  // A NUL early on is what tells a binary file in practice, except where every other byte is one.
  if (!decoder.encoding.startsWith('utf-16') && bytes.subarray(0, 8192).includes(0)) return undefined
  return decoder.decode(bytes)
}

/** The encoding that an HTML page names in its first kilobyte. */
export function charsetOfHtml(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  return /<meta[^>]{0,200}?charset\s{0,8}=\s{0,8}["']?([\w-]{1,40})/i.exec(head)?.[1]
}

function decoderFor(label: string | undefined): TextDecoder {
  try {
    return new TextDecoder(label)
  } catch {
    return new TextDecoder()
  }
}

function markOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

import type { FilePart, ImagePart } from '@executus/core'

/** A file as a model is given it. */
export function partOfFile(bytes: Uint8Array, mediaType: string, name: string): FilePart | ImagePart {
  const source = { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') }
  return mediaType.startsWith('image/')
    ? { type: 'image', mediaType, source }
    : { type: 'file', mediaType, name, source }
}

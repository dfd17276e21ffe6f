import type { OpenFile } from './folder.ts'

/**
 * The text of an opened file, or `undefined` when it is not text.
 *
 * @throws Error worded for the model when the file is longer than `maxBytes`
 */
export async function readText(file: OpenFile, maxBytes: number): Promise<string | undefined> {
  const bytes = await readBytes(file, maxBytes)
  return isBinary(bytes) ? undefined : bytes.toString('utf8')
}

/**
 * What an opened file holds. Reads at most `maxBytes`, counted while reading: files of `/proc` report size 0, and a file
 * may grow.
 *
 * @throws Error worded for the model when the file is longer
 */
export async function readBytes({ handle, path, sizeBytes }: OpenFile, maxBytes: number): Promise<Buffer> {
  let buffer = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(sizeBytes, 4096)) + 1)
  let length = 0
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length)
    if (bytesRead === 0) break
    length += bytesRead
    if (length > maxBytes) throw new Error(`"${path}" is larger than ${maxBytes} bytes`)
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(2 * length, maxBytes + 1))
  }
  return buffer.subarray(0, length)
}

/** A NUL early on is what tells a binary file in practice; git looks for the same. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8192).includes(0)
}

/** Whether an opened file begins as text does, however long it is. */
export async function beginsAsText({ handle }: OpenFile): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(8192), 0, 8192, 0)
  return !isBinary(buffer.subarray(0, bytesRead))
}

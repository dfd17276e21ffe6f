import type { IncomingFile } from '../bot/bot.ts'

/** Bytes, written as Latin-1 text and numbers. */
export function bytesOf(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part)))),
  )
}

/** A file that comes as it should; `size` is what its sender says of it. */
export function incoming(label: string, content: Uint8Array | string, size?: number): IncomingFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return { label, size: size ?? bytes.length, read: () => Promise.resolve(bytes) }
}

const big = (value: number, length: number): readonly number[] =>
  Array.from({ length }, (_, index) => (value >>> (8 * (length - 1 - index))) & 0xff)
const little = (value: number, length: number): readonly number[] => big(value, length).toReversed()

export function pngOf(width: number, height: number): Uint8Array {
  const header = bytesOf([0x89], 'PNG\r\n', [0x1a], '\n', big(13, 4), 'IHDR', big(width, 4), big(height, 4))
  return bytesOf([...header], [8, 2, 0, 0, 0], 'CRC!', big(0, 4), 'IDAT', 'CRC!', big(0, 4), 'IEND', 'CRC!')
}

export function jpegOf(width: number, height: number): Uint8Array {
  const tables = [0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xff, 0xc4, 0, 3, 0]
  const frame = [0xff, 0xc2, 0, 17, 8, ...big(height, 2), ...big(width, 2), 3]
  return bytesOf([0xff, 0xd8], tables, frame, 'picture', [0xff, 0xd9])
}

export function gifOf(width: number, height: number): Uint8Array {
  return bytesOf('GIF89a', little(width, 2), little(height, 2), [0, 0, 0], ';')
}

export function webpOf(kind: 'VP8 ' | 'VP8L' | 'VP8X', width: number, height: number): Uint8Array {
  const chunk = {
    'VP8 ': [0, 0, 0, 0x9d, 0x01, 0x2a, ...little(width, 2), ...little(height, 2)],
    VP8L: [0x2f, ...little((width - 1) | ((height - 1) << 14), 4), 0],
    VP8X: [0, 0, 0, 0, ...little(width - 1, 3), ...little(height - 1, 3)],
  }[kind]
  return bytesOf('RIFF', little(chunk.length + 12, 4), 'WEBP', kind, little(chunk.length, 4), chunk)
}

export const PDF = bytesOf('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n')
export const ZIP = bytesOf('PK', [3, 4, 20, 0, 0, 0, 0, 0], big(0, 16), little(5, 2), [0, 0], 'a.txt', [0xff, 0, 0x80])

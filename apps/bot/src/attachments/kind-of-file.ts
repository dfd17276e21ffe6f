import { fileTypeFromBuffer } from 'file-type'

import { imageSize } from './image-size.ts'
import { type ImageType, isImageType } from './image-type.ts'
import { isMaybeText, textOfBytes } from './text-of-bytes.ts'

/** What a file is, told by its bytes alone. `reason` says in a clause why the agent cannot have it. */
type FileKind =
  | { readonly kind: 'image'; readonly mediaType: ImageType }
  | { readonly kind: 'pdf' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'other'; readonly reason: string }

// What providers take at most, and some megabytes of PNG unpack to.
const LONGEST_IMAGE_SIDE = 8_000

export async function kindOfFile(bytes: Uint8Array): Promise<FileKind> {
  const mime = await mimeOf(bytes)
  if (mime === 'application/pdf') return pdfKind(bytes)
  // Before all others: "BM" and "MZ" begin words too, and none of the images is without control characters.
  const text = textOfBytes(bytes)
  if (text !== undefined) return { kind: 'text', text }
  if (isImageType(mime)) return imageKind(mime, bytes)
  if (mime !== undefined) return other(`${nounOf(mime)} (${mime}), which the agent cannot read`)
  return other(isMaybeText(bytes) ? 'text that is not in UTF-8' : 'of a kind that the agent cannot read')
}

async function mimeOf(bytes: Uint8Array): Promise<string | undefined> {
  // A PNG that is shorter than its first chunk is none to the library.
  if (startsWith(bytes, '\u0089PNG\r\n\u001A\n')) return 'image/png'
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined)
  return type?.mime
}

const ENDS: Readonly<Record<ImageType, (bytes: Buffer) => boolean>> = {
  'image/png': (bytes) => bytes.includes('IEND', bytes.length - Math.min(bytes.length, TAIL_BYTES)),
  'image/jpeg': (bytes) => bytes.lastIndexOf('\u00FF\u00D9', undefined, 'latin1') > 0,
  'image/gif': (bytes) => bytes.findLast((byte) => byte !== 0) === 0x3b, // some pad it
  'image/webp': (bytes) => bytes.length >= 12 && bytes.readUInt32LE(4) + 8 <= bytes.length,
}

/** Some programs write more after the end. */
const TAIL_BYTES = 65_536

function imageKind(mediaType: ImageType, bytes: Uint8Array): FileKind {
  const looks = `looks like a ${NAMES[mediaType]} image`
  // A provider that cannot open it refuses the message, and with it all that is said after.
  if (!ENDS[mediaType](viewOf(bytes))) return other(`${looks} but is cut off`)
  const size = imageSize(mediaType, bytes)
  if (size === undefined) return other(`${looks} but is damaged`)
  const { width, height } = size
  if (width > LONGEST_IMAGE_SIDE || height > LONGEST_IMAGE_SIDE)
    return other(`an image of ${width} x ${height} pixels, more than ${LONGEST_IMAGE_SIDE} x ${LONGEST_IMAGE_SIDE}`)
  return { kind: 'image', mediaType }
}

const NAMES: Readonly<Record<ImageType, string>> = {
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
  'image/gif': 'GIF',
  'image/webp': 'WebP',
}

function pdfKind(bytes: Uint8Array): FileKind {
  return viewOf(bytes).includes('%%EOF') ? { kind: 'pdf' } : other('looks like a PDF but is cut off')
}

const ARCHIVE = /zip|rar|tar|7z|x-xz|zstd|lz4|bzip|x-compress|cpio|x-iso9660|vnd.debian|x-apple-diskimage|x-rpm/
const PROGRAM = /x-msdownload|x-elf|x-mach-binary|java-vm|wasm|x-ms-installer|android.package/
const DOCUMENT = /officedocument|opendocument|ms-(excel|word|powerpoint)|msword|x-cfb|epub|mobipocket|indesign/

/** What to call a type that is not taken. */
function nounOf(mime: string): string {
  if (mime.startsWith('image/')) return 'an image'
  if (mime.startsWith('audio/')) return 'a sound recording'
  if (mime.startsWith('video/')) return 'a video'
  if (mime.startsWith('font/')) return 'a font'
  if (DOCUMENT.test(mime)) return 'a document'
  if (PROGRAM.test(mime)) return 'a program'
  return ARCHIVE.test(mime) ? 'an archive' : 'a file'
}

function startsWith(bytes: Uint8Array, latin1: string): boolean {
  return viewOf(bytes).subarray(0, latin1.length).equals(Buffer.from(latin1, 'latin1'))
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

function other(reason: string): FileKind {
  return { kind: 'other', reason }
}

import type { ImageType } from './image-type.ts'

/** How large an image is, as its header says; `undefined` when the header does not say it. */
export function imageSize(
  type: ImageType,
  bytes: Uint8Array,
): { readonly width: number; readonly height: number } | undefined {
  try {
    const size = READERS[type](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    if (size === undefined) return undefined
    const [width, height] = size
    return width > 0 && height > 0 ? { width, height } : undefined
  } catch {
    return undefined // it ends within its header
  }
}

type Size = readonly [width: number, height: number]

const READERS: Readonly<Record<ImageType, (view: DataView) => Size | undefined>> = {
  'image/png': (view) => (codeAt(view, 12) === 'IHDR' ? [view.getUint32(16), view.getUint32(20)] : undefined),
  'image/gif': (view) => [view.getUint16(6, true), view.getUint16(8, true)],
  'image/jpeg': jpegSize,
  'image/webp': webpSize,
}

/** Goes from segment to segment until one begins a frame. */
function jpegSize(view: DataView): Size | undefined {
  let at = 2
  for (;;) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1 // a fill byte
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2 // it stands alone
    } else if (marker === 0xd9 || marker === 0xda) {
      return undefined // the picture begins, or ends, without a frame header
    } else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return [view.getUint16(at + 7), view.getUint16(at + 5)]
    } else {
      at += 2 + Math.max(2, view.getUint16(at + 2))
    }
  }
}

/** The first chunk is a lossy picture, a lossless one, or what they and others have in common. */
function webpSize(view: DataView): Size | undefined {
  switch (codeAt(view, 12)) {
    case 'VP8 ':
      return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff]
    case 'VP8L': {
      const bits = view.getUint32(21, true)
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
    }
    case 'VP8X':
      return [uint24(view, 24) + 1, uint24(view, 27) + 1]
    default:
      return undefined
  }
}

function codeAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)))
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
}

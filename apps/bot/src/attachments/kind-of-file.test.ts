import { expect, test } from 'vitest'

import { bytesOf, gifOf, jpegOf, PDF, pngOf, webpOf, ZIP } from './incoming-file.test-kit.ts'
import { kindOfFile } from './kind-of-file.ts'

const image = (mediaType: string) => ({ kind: 'image', mediaType })
const other = (reason: string) => ({ kind: 'other', reason })
const text = (words: string) => ({ kind: 'text', text: words })

test.each([
  ['PNG', pngOf(3, 4), 'image/png'],
  ['PNG with bytes behind its end', bytesOf([...pngOf(3, 4)], 'made by a camera'), 'image/png'],
  [
    'animated PNG',
    bytesOf([...pngOf(3, 4).subarray(0, 33)], [0, 0, 0, 0], 'acTL....', [0, 0, 0, 0], 'IEND'),
    'image/png',
  ],
  ['JPEG', jpegOf(8_000, 8_000), 'image/jpeg'],
  ['GIF', gifOf(1, 1), 'image/gif'],
  ['GIF that is padded', bytesOf([...gifOf(1, 1)], [0, 0]), 'image/gif'],
  ['lossy WebP', webpOf('VP8 ', 550, 368), 'image/webp'],
  ['lossless WebP', webpOf('VP8L', 8_000, 5), 'image/webp'],
  ['extended WebP', webpOf('VP8X', 5, 8_000), 'image/webp'],
])('a %s is an image', async (_, bytes, mediaType) => {
  expect(await kindOfFile(bytes)).toEqual(image(mediaType))
})

test.each([
  ['PNG', pngOf(8_001, 1), '8001 x 1'],
  ['PNG of 4 billion', pngOf(1, 0xffff_ffff), '1 x 4294967295'],
  ['JPEG', jpegOf(1, 65_535), '1 x 65535'],
  ['GIF', gifOf(65_535, 1), '65535 x 1'],
  ['lossless WebP', webpOf('VP8L', 16_384, 1), '16384 x 1'],
  ['extended WebP', webpOf('VP8X', 1, 70_000), '1 x 70000'],
])('a small %s that unpacks to a large one is left out', async (_, bytes, size) => {
  expect(await kindOfFile(bytes)).toEqual(other(`an image of ${size} pixels, more than 8000 x 8000`))
})

test.each([
  ['PNG', pngOf(3, 4)],
  ['JPEG', jpegOf(3, 4)],
  ['GIF', gifOf(3, 4)],
  ['WebP', webpOf('VP8L', 3, 4)],
])('a %s without its last bytes is cut off, wherever it was cut', async (name, whole) => {
  const cut = await Promise.all(
    Array.from({ length: whole.length - 21 }, (_, index) => kindOfFile(whole.subarray(0, 16 + index))),
  )
  for (const kind of cut) expect(kind).toEqual(other(`looks like a ${name} image but is cut off`))
})

test.each([
  ['PNG', pngOf(0, 4)],
  ['PNG', bytesOf([0x89], 'PNG\r\n', [0x1a], '\n', [0, 0, 0, 4], 'CgBI', [0, 0], 'IEND')],
  ['JPEG', bytesOf([0xff, 0xd8, 0xff, 0xd9])],
  ['JPEG', bytesOf([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 1, 2, 0xff, 0xd9])],
  [
    'WebP',
    bytesOf(
      'RIFF',
      [20, 0, 0, 0],
      'WEBPALPH',
      Array.from({ length: 12 }, () => 0),
    ),
  ],
])('a %s whose header does not say how large it is is damaged', async (name, bytes) => {
  expect(await kindOfFile(bytes)).toEqual(other(`looks like a ${name} image but is damaged`))
})

test.each([
  ['that is plain', PDF],
  ['with an archive behind it', bytesOf([...PDF], [...ZIP])],
])('a PDF %s is a PDF', async (_, bytes) => {
  expect(await kindOfFile(bytes)).toEqual({ kind: 'pdf' })
})

test('a PDF without its end is cut off', async () => {
  expect(await kindOfFile(PDF.subarray(0, 30))).toEqual(other('looks like a PDF but is cut off'))
})

test.each([
  ['UTF-8', Buffer.from('Grüße, 世界 🌍\r\n\tx\f'), 'Grüße, 世界 🌍\r\n\tx\f'],
  ['UTF-8 with a mark', Buffer.from('\uFEFFhello'), 'hello'],
  ['UTF-16, little end first', Buffer.from('\uFEFFGrüße', 'utf16le'), 'Grüße'],
  ['UTF-16, big end first', Buffer.from('\uFEFFGrüße', 'utf16le').swap16(), 'Grüße'],
  ['words that begin as a bitmap does', Buffer.from('BM is a fine car'), 'BM is a fine car'],
  ['words that begin as a program does', Buffer.from('MZ are letters'), 'MZ are letters'],
  ['words that begin as a GIF does', Buffer.from('GIF89a is a format;'), 'GIF89a is a format;'],
  ['HTML', Buffer.from('<!doctype html><script>x</script>'), '<!doctype html><script>x</script>'],
  ['SVG', Buffer.from('<svg xmlns="x"/>'), '<svg xmlns="x"/>'],
  ['PostScript', Buffer.from('%!PS-Adobe-3.0'), '%!PS-Adobe-3.0'],
])('%s is text', async (_, bytes, words) => {
  expect(await kindOfFile(bytes)).toEqual(text(words))
})

test.each([
  ['Latin-1', bytesOf('Gr\u00FC\u00DFe'), 'text that is not in UTF-8'],
  ['UTF-8 that is cut within a character', bytesOf('x', [0xe4, 0xb8]), 'text that is not in UTF-8'],
  ['UTF-16 without a mark', Buffer.from('hello', 'utf16le'), 'of a kind that the agent cannot read'],
  ['UTF-16 with half a pair', bytesOf([0xff, 0xfe, 0x00, 0xd8]), 'of a kind that the agent cannot read'],
  ['a log with colours', Buffer.from('\u001B[31mred'), 'of a kind that the agent cannot read'],
  ['text with a control character of C1', Buffer.from('a\u009Bb'), 'text that is not in UTF-8'],
  ['zeros', new Uint8Array(40), 'of a kind that the agent cannot read'],
  ['an archive', ZIP, 'an archive (application/zip), which the agent cannot read'],
  ['a packed file', bytesOf([0x1f, 0x8b, 8, 0]), 'an archive (application/gzip), which the agent cannot read'],
  ['a program', bytesOf('MZ', [0x90, 0, 3, 0]), 'a program (application/x-msdownload), which the agent cannot read'],
  ['a sound', bytesOf('fLaC', [0, 0]), 'a sound recording (audio/flac), which the agent cannot read'],
  [
    'a photo of a phone',
    bytesOf([0, 0, 0, 24], 'ftypheic', [0, 0, 0, 0], 'mif1heic'),
    'an image (image/heic), which the agent cannot read',
  ],
  [
    'a film',
    bytesOf([0, 0, 0, 24], 'ftypisom', [0, 0, 2, 0], 'isommp41'),
    'a video (video/mp4), which the agent cannot read',
  ],
])('%s is left out', async (_, bytes, reason) => {
  expect(await kindOfFile(bytes)).toEqual(other(reason))
})

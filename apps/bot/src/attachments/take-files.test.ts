import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { IncomingFile } from '../bot/bot.ts'
import { bytesOf, gifOf, incoming, jpegOf, PDF, pngOf, ZIP } from './incoming-file.test-kit.ts'
import { partOfFile } from './part-of-file.ts'
import { type FileLimits, takeFiles } from './take-files.ts'

const LIMITS = { maxFileBytes: 2 ** 20, maxFiles: 6 }
const hanging = (): Promise<Uint8Array> => new Promise(() => {})

async function reasonOf(file: IncomingFile, limits: FileLimits = LIMITS): Promise<string | undefined> {
  const { taken, skipped } = await takeFiles([file], limits)
  expect(taken.length + skipped.length).toBe(1)
  return skipped[0]?.reason
}

test('takeFiles() takes images and documents, each as what its content is', async () => {
  const png = pngOf(2, 2)
  const { taken, skipped } = await takeFiles(
    [incoming('me.png', png), incoming('invoice.png', PDF), incoming('evil.pdf', ZIP), incoming('photo.txt', png)],
    LIMITS,
  )
  expect(taken).toEqual([
    {
      label: 'me.png',
      mediaType: 'image/png',
      bytes: png,
    },
    {
      label: 'invoice.png',
      mediaType: 'application/pdf',
      bytes: PDF,
    },
    {
      label: 'photo.txt',
      mediaType: 'image/png',
      bytes: png,
    },
  ])
  expect(skipped).toEqual([{ label: 'evil.pdf', reason: 'an archive (application/zip), which the agent cannot read' }])
})

test.each([
  ['a.md', 'text/markdown'],
  ['a.CSV', 'text/csv'],
  ['a.json', 'application/json'],
  ['a.html', 'text/plain'],
  ['a.svg', 'text/plain'],
  ['a.constructor', 'text/plain'],
  ['Makefile', 'text/plain'],
])('text that is called %s is %s', async (label, mediaType) => {
  const { taken } = await takeFiles([incoming(label, 'x')], LIMITS)
  expect(taken.map((file) => file.mediaType)).toEqual([mediaType])
})

test('text in UTF-16 is given in UTF-8', async () => {
  const { taken } = await takeFiles([incoming('a.txt', Buffer.from('\uFEFFGrüße', 'utf16le'))], LIMITS)
  expect(Buffer.from(taken[0]!.bytes).toString()).toBe('Grüße')
})

test('bytes that stand within a larger buffer are given alone', () => {
  const gif = gifOf(1, 1)
  const inside = Buffer.concat([Buffer.from('secret'), gif, Buffer.from('secret')]).subarray(6, 6 + gif.length)
  const source = { base64: Buffer.from(gif).toString('base64') }
  expect(partOfFile(inside, 'image/gif', 'a.gif')).toEqual({ type: 'image', mediaType: 'image/gif', source })
})

test('a file that says it is too large is not read', async () => {
  const file = { label: 'big.txt', size: 2 ** 20 + 1, read: () => Promise.reject(new Error('it was read')) }
  expect(await reasonOf(file)).toBe('larger than 1 MB')
})

test.each([0, 1, -5, Number.NaN])('a file that is larger than it says (%d) is left out', async (size) => {
  expect(await reasonOf(incoming('a.txt', 'x'.repeat(11), size), { ...LIMITS, maxFileBytes: 10 })).toBe(
    'larger than 10 bytes',
  )
})

test('an image that is larger than it says is left out', async () => {
  expect(await reasonOf(incoming('a.png', pngOf(1, 1), 1), { ...LIMITS, maxFileBytes: 10 })).toBe(
    'larger than 10 bytes',
  )
})

test.each([
  ['empty', incoming('a', '')],
  ['empty', incoming('a', '', 1_000)],
  ['empty', incoming('a', '\uFEFF')],
  ['could not be read: gone', { label: 'a', size: 1, read: () => Promise.reject(new Error('gone')) }],
  ['could not be read: a word', { label: 'a', size: 1, read: () => Promise.reject('a\n\u001Bword') }],
  ['could not be read: no reason was given', { label: 'a', size: 1, read: () => Promise.reject(new Error('')) }],
  [
    'could not be read: 404 of its address',
    { label: 'a', size: 1, read: () => Promise.reject(new Error('404 of https://cdn.example/a?signature=s3cret')) },
  ],
  [
    'could not be read: thrown',
    {
      label: 'a',
      size: 1,
      read: () => {
        throw new Error('thrown')
      },
    },
  ],
  ['could not be read: no bytes came', { label: 'a', size: 1, read: () => Promise.resolve('text' as never) }],
])('"%s" is why a file is left out', async (reason, file) => {
  expect(await reasonOf(file)).toBe(reason)
})

test('a file that does not come in time is left out, and the next is read', async () => {
  const { taken, skipped } = await takeFiles([{ label: 'slow', size: 1, read: hanging }, incoming('b.txt', 'b')], {
    ...LIMITS,
    readTimeoutMs: 1,
  })
  expect(skipped).toEqual([{ label: 'slow', reason: 'could not be read: it did not come in time' }])
  expect(taken.map(({ label }) => label)).toEqual(['b.txt'])
})

test('a text that would fill the model’s window is left out', async () => {
  expect(await reasonOf(incoming('a.txt', 'x'.repeat(400_001)))).toBe('text of more than 0.4 MB')
  expect(await reasonOf(incoming('a.txt', 'x'.repeat(400_000)))).toBeUndefined()
})

test('files are read one after the other, each at most as far as there is room', async () => {
  const calls: string[] = []
  const file = (label: string, length: number): IncomingFile => ({
    label,
    size: 1,
    async read({ maxBytes }) {
      calls.push(`${label} ${maxBytes}`)
      await Promise.resolve()
      calls.push(`${label} read`)
      return bytesOf('x'.repeat(length))
    },
  })
  const limits = { maxFileBytes: 10, maxTotalBytes: 15, maxFiles: 3 }
  const result = await takeFiles([file('a', 10), file('b', 6), file('c', 5), file('d', 1)], limits)
  expect(calls).toEqual(['a 10', 'a read', 'b 6', 'b read', 'c 6', 'c read'])
  expect(result.taken.map(({ label }) => label)).toEqual(['a', 'c'])
  expect(result.skipped).toEqual([
    { label: 'b', reason: 'too large together with the others (15 bytes)' },
    { label: 'd', reason: 'more than 3 files' },
  ])
})

test('takeFiles() refuses wrong limits', async () => {
  await expect(takeFiles([], { ...LIMITS, maxFileBytes: 0 })).rejects.toThrow('limits.maxFileBytes')
  await expect(takeFiles([], { ...LIMITS, maxFile: 1 } as FileLimits)).rejects.toThrow('`maxFile`')
})

const file = fc.record({
  label: fc.string({ unit: 'binary' }),
  size: fc.oneof(fc.nat(200), fc.double()),
  read: fc.oneof(
    fc
      .oneof(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(pngOf(1, 1), jpegOf(9, 9), PDF, ZIP, bytesOf('text')))
      .map((bytes) => () => Promise.resolve(bytes)),
    fc.anything().map((error) => async (): Promise<Uint8Array> => {
      throw error
    }),
  ),
})

test('each file is taken or skipped, once and in order, and shows nothing that hides', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file, { maxLength: 9 }), async (files) => {
      const { taken, skipped } = await takeFiles(
        files.map((one, index) => ({ ...one, label: `${one.label.replaceAll(/[/\\]/g, '')}/${index}` })),
        { maxFileBytes: 150, maxFiles: 6, maxTotalBytes: 300 },
      )
      const [first, second] = [taken, skipped].map((list) => list.map(({ label }) => Number(label)))
      expect(first).toEqual(first!.toSorted((a, b) => a - b))
      expect(second).toEqual(second!.toSorted((a, b) => a - b))
      expect([...first!, ...second!].toSorted((a, b) => a - b)).toEqual(files.map((_, index) => index))
      expect(taken.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThanOrEqual(300)
      for (const { reason } of skipped) expect(reason).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{3,120}$/u)
    }),
  )
})

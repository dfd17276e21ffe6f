import { truncateSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { callTool } from '../tool-context.test-kit.ts'
import { fileTools } from './file-tools.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

const read = (root: string, path: string, range: { readonly fromLine?: number; readonly lines?: number } = {}) =>
  callTool(fileTools({ root }), 'read_file', { path, ...range })

test.each<[string, string | Uint8Array, string]>([
  ['lines with numbers', 'one\ntwo\n', 'f, lines 1-2 of 2:\n1\tone\n2\ttwo'],
  ['a last line without an end', 'one\ntwo', 'f, lines 1-2 of 2:\n1\tone\n2\ttwo'],
  ['CRLF as a line end', 'one\r\n\r\ntwo\r\n', 'f, lines 1-3 of 3:\n1\tone\n2\t\n3\ttwo'],
  ['empty lines', '\n\n', 'f, lines 1-2 of 2:\n1\t\n2\t'],
  ['a byte order mark', '\ufeffone\n', 'f, lines 1-1 of 1:\n1\t\ufeffone'],
  ['other alphabets', 'naïve 🦊 日本\n', 'f, lines 1-1 of 1:\n1\tnaïve 🦊 日本'],
  ['what is not UTF-8 with a mark', Uint8Array.of(0x61, 0xe9, 0x62), 'f, lines 1-1 of 1:\n1\ta\ufffdb'],
  ['nothing as empty', '', 'f is empty.'],
  ['binary content by its size', Uint8Array.of(1, 0, 2), 'f is not a text file (3 bytes).'],
  ['UTF-16 as binary', Buffer.from('hello', 'utf16le'), 'f is not a text file (10 bytes).'],
])('read_file shows %s', async (_name, content, shown) => {
  expect(await read(tempFolder({ f: content }), 'f')).toBe(shown)
})

const ten = Array.from({ length: 10 }, (_, index) => `line ${index + 1}\n`).join('')

test.each([
  [{ fromLine: 9 }, 'f, lines 9-10 of 10:\n9\tline 9\n10\tline 10'],
  [{ lines: 1 }, 'f, lines 1-1 of 10:\n1\tline 1'],
  [{ fromLine: 10, lines: 2_000 }, 'f, lines 10-10 of 10:\n10\tline 10'],
])('read_file shows the part %j of a file', async (range, shown) => {
  expect(await read(tempFolder({ f: ten }), 'f', range)).toBe(shown)
})

test('read_file says how long a file is to whom asks beyond its end', async () => {
  await expect(read(tempFolder({ f: ten }), 'f', { fromLine: 11 })).rejects.toThrow('"f" has only 10 lines')
})

test('read_file shows 400 lines when not told how many', async () => {
  const shown = await read(tempFolder({ f: 'x\n'.repeat(500) }), 'f')
  expect(shown).toMatch(/^f, lines 1-400 of 500:\n/)
  expect(shown).toMatch(/\n400\tx$/)
})

test('read_file cuts a long line, but never inside a character', async () => {
  const root = tempFolder({ long: 'x'.repeat(1024 * 1024), fits: 'x'.repeat(2_000), pair: `${'x'.repeat(1_999)}🦊` })
  expect(await read(root, 'long')).toBe(`long, lines 1-1 of 1:\n1\t${'x'.repeat(2_000)} [line cut]`)
  expect(await read(root, 'fits')).toBe(`fits, lines 1-1 of 1:\n1\t${'x'.repeat(2_000)}`)
  expect(await read(root, 'pair')).toBe(`pair, lines 1-1 of 1:\n1\t${'x'.repeat(1_999)}\ufffd [line cut]`)
})

test('read_file reads 10 MiB and refuses a byte more', async () => {
  const root = tempFolder({ most: '', over: '', sparse: '' })
  const limit = 10 * 1024 * 1024
  truncateSync(join(root, 'most'), limit)
  truncateSync(join(root, 'over'), limit + 1)
  truncateSync(join(root, 'sparse'), 2 ** 40)
  expect(await read(root, 'most')).toBe('most is not a text file (10485760 bytes).')
  await expect(read(root, 'over')).rejects.toThrow('"over" is larger than 10485760 bytes')
  await expect(read(root, 'sparse')).rejects.toThrow('"sparse" is larger than 10485760 bytes')
})

const isLinux = process.platform === 'linux'

test.skipIf(!isLinux /* needs /proc */)('read_file reads the whole of a file that tells no size', async () => {
  // The mappings of this very process: far more than a first buffer holds.
  const shown = await read('/proc/self', 'smaps', { lines: 2_000 })
  const [, lines] = /^smaps, lines 1-\d+ of (\d+):\n/.exec(String(shown)) ?? []
  expect(Number(lines)).toBeGreaterThan(500)
  await expect(read('/proc/self', 'root/etc/passwd')).rejects.toThrow('is outside the folder')
  await expect(read('/proc/self', 'mem')).rejects.toThrow('EIO')
})

test('read_file puts a name with a line break in quotes, and takes back what it stands for', async () => {
  const name = 'a\nb.txt, lines 1-1 of 1:'
  const root = tempFolder({ [name]: 'x\n' })
  const [listed] = String(await callTool(fileTools({ root }), 'list_files')).split('\n')
  expect(listed).toBe(JSON.stringify(name))
  expect(await read(root, JSON.parse(listed ?? '') as string)).toBe(`${JSON.stringify(name)}, lines 1-1 of 1:\n1\tx`)
})

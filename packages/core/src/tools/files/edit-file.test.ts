import { chmodSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { callTool } from '../tool-context.test-kit.ts'
import { changeFile } from './change-file.ts'
import { fileTools } from './file-tools.ts'
import { openFolder } from './folder.ts'
import { withTarget } from './target.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

const edit = (root: string, path: string, oldText: string, newText: string, replaceAll = false) =>
  callTool(fileTools({ root, write: true }), 'edit_file', { path, oldText, newText, replaceAll })

const textOf = (...path: readonly string[]) => readFileSync(join(...path), 'utf8')

test('edit_file replaces a text that stands once, and keeps permissions', async () => {
  const root = tempFolder({ 'src/a.ts': 'one\ntwo\nthree' })
  chmodSync(join(root, 'src/a.ts'), 0o751)
  expect(await edit(root, './src/a.ts', 'two\n', '2\n2\n')).toBe('Changed src/a.ts at line 2.')
  expect(textOf(root, 'src/a.ts')).toBe('one\n2\n2\nthree')
  expect(statSync(join(root, 'src/a.ts')).mode & 0o777).toBe(0o751)
  expect(readdirSync(join(root, 'src'))).toEqual(['a.ts'])
})

test.each([
  ['CRLF', 'a\r\nb\r\n', 'a\nb', 'x\ny', 'x\r\ny\r\n'],
  ['a missing last line end', 'a\nb', 'b', 'c', 'a\nc'],
  ['a byte order mark', '\ufeffa\n', 'a', 'b', '\ufeffb\n'],
  ['other alphabets', 'naïve 🦊\n', '🦊', '日本', 'naïve 日本\n'],
])('edit_file keeps %s', async (_name, content, oldText, newText, result) => {
  const root = tempFolder({ f: content })
  await edit(root, 'f', oldText, newText)
  expect(textOf(root, 'f')).toBe(result)
})

test('edit_file says how often the text stands there, and how to mend it', async () => {
  const root = tempFolder({ f: 'a\nb\na\na\n', many: 'a\n'.repeat(30) })
  await expect(edit(root, 'f', 'x', 'y')).rejects.toThrow(
    'oldText does not stand in "f": read the file and copy the text exactly, without line numbers',
  )
  await expect(edit(root, 'f', 'a', 'y')).rejects.toThrow(
    'oldText stands in "f" 3 times (lines 1, 3, 4): add the lines around the one that is meant, or set replaceAll',
  )
  await expect(edit(root, 'many', 'a', 'y')).rejects.toThrow('30 times (lines 1, 2, 3')
  await expect(edit(root, 'many', 'a', 'y')).rejects.toThrow('20 and 10 more)')
  await expect(edit(root, 'f', 'x', 'y', true)).rejects.toThrow('does not stand')
  expect(textOf(root, 'f')).toBe('a\nb\na\na\n')
  expect(await edit(root, 'f', 'a', 'y', true)).toBe('Changed f at lines 1, 3, 4.')
  expect(textOf(root, 'f')).toBe('y\nb\ny\ny\n')
})

test.each([
  ['what is not there', 'none', 'There is no "none": list_files shows what there is, write_file makes a new file'],
  ['what is in no folder', 'none/x', 'There is no "none"'],
  ['a folder', 'sub', '"sub" is a folder; name a file in it'],
  ['a link', 'link', '"link" is a link: name the file that it leads to'],
  ['what is outside', '../x', '"../x" is outside the folder'],
  ['a secret', '.env', 'may hold secrets and is not writable'],
  ['a read-only file', 'locked', '"locked" is read-only'],
  ['a binary file', 'binary', '"binary" is not a text file'],
  ['what is not UTF-8', 'latin', '"latin" is not UTF-8: an edit would damage it'],
  ['a file of more than 1 MiB', 'large', '"large" is larger than 1048576 bytes'],
  ['a file that would grow beyond it', 'full', '"full" would become larger than 1048576 bytes'],
])('edit_file refuses %s', async (_name, path, problem) => {
  const root = tempFolder({
    'sub/': '',
    locked: 'a',
    '.env': 'a',
    binary: 'a\0',
    latin: Uint8Array.of(0x61, 0xe9),
    large: `a${'x'.repeat(1024 * 1024)}`,
    full: `a${'x'.repeat(1024 * 1024 - 1)}`,
  })
  chmodSync(join(root, 'locked'), 0o444)
  symlinkSync('full', join(root, 'link'))
  await expect(edit(root, path, 'a', 'bb')).rejects.toThrow(problem)
  expect(readdirSync(root)).toHaveLength(8)
  for (const name of ['locked', '.env', 'binary', 'full']) expect(textOf(root, name)[0]).toBe('a')
})

test.each([
  ['no change', 'a', 'a', 'oldText and newText are the same'],
  ['nothing to look for', '', 'a', 'oldText: Too small'],
  ['NUL', 'a', '\0', 'newText may not hold NUL or broken characters'],
  ['half a character', '\ud800', 'a', 'oldText may not hold NUL or broken characters'],
])('edit_file refuses %s', async (_name, oldText, newText, problem) => {
  await expect(edit(tempFolder({ f: 'a' }), 'f', oldText, newText)).rejects.toThrow(problem)
})

test.each<[string, (file: string) => void, string, string]>([
  ['was written', (file) => writeFileSync(file, 'OTHER'), '"f" changed meanwhile: read it again', 'OTHER'],
  ['was written with as many letters', (file) => writeFileSync(file, 'nld'), '"f" changed meanwhile', 'nld'],
  [
    'was replaced by a link',
    (file) => {
      rmSync(file)
      symlinkSync('g', file)
    },
    '"f" is a link',
    'kept',
  ],
  ['became read-only', (file) => chmodSync(file, 0o444), '"f" is read-only', 'old'],
])('changeFile() leaves a file as it is that %s meanwhile', async (_name, meddle, problem, left) => {
  const root = tempFolder({ f: 'old', g: 'kept' })
  const { signal } = new AbortController()
  const change = withTarget(openFolder(root, new Set()), 'f', { makeFolders: false }, (target) =>
    changeFile(
      target,
      () => {
        meddle(join(root, 'f'))
        return Buffer.from('new')
      },
      { maxBytes: 100, signal },
    ),
  )
  await expect(change).rejects.toThrow(problem)
  expect(textOf(root, 'f')).toBe(left)
  expect(readdirSync(root)).toEqual(['f', 'g'])
})

test('changeFile() does not bring back a file that was removed meanwhile', async () => {
  const root = tempFolder({ f: 'old' })
  const { signal } = new AbortController()
  const change = withTarget(openFolder(root, new Set()), 'f', { makeFolders: false }, (target) =>
    changeFile(
      target,
      () => {
        rmSync(join(root, 'f'))
        return Buffer.from('new')
      },
      { maxBytes: 100, signal },
    ),
  )
  await expect(change).rejects.toThrow('"f" changed meanwhile')
  expect(readdirSync(root)).toEqual([])
})

test('edit_file of many calls on one file loses none, whatever they call it', async () => {
  const lines = Array.from({ length: 30 }, (_, index) => `<${index}>`)
  const root = tempFolder({ 'sub/f': lines.join('\n') })
  symlinkSync('sub', join(root, 'link'))
  const tools = fileTools({ root, write: true })
  const calls = lines.map((line, index) =>
    callTool(tools, 'edit_file', { path: `${index % 2 ? 'sub' : 'link'}/f`, oldText: line, newText: `done ${index}` }),
  )
  await Promise.all(calls)
  expect(textOf(root, 'sub/f')).toBe(lines.map((_, index) => `done ${index}`).join('\n'))
})

test('edit_file of two calls on one text lets the second see what the first made', async () => {
  const root = tempFolder({ f: 'a' })
  const tools = fileTools({ root, write: true })
  const both = await Promise.allSettled(
    ['b', 'c'].map((newText) => callTool(tools, 'edit_file', { path: 'f', oldText: 'a', newText })),
  )
  expect(both.filter(({ status }) => status === 'rejected')).toHaveLength(1)
})

test('edit_file changes nothing when its call is aborted', async () => {
  const root = tempFolder({ f: 'a' })
  const reason = new Error('enough')
  const input = { path: 'f', oldText: 'a', newText: 'b' }
  const call = callTool(fileTools({ root, write: true }), 'edit_file', input, { signal: AbortSignal.abort(reason) })
  await expect(call).rejects.toBe(reason)
  expect(textOf(root, 'f')).toBe('a')
})

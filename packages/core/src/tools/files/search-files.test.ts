import { execFileSync } from 'node:child_process'
import { chmodSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { callTool } from '../tool-context.test-kit.ts'
import { fileTools } from './file-tools.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

async function search(root: string, text: string, path?: string) {
  const input = { text, ...(path !== undefined && { path }) }
  return String(await callTool(fileTools({ root }), 'search_files', input)).split('\n')
}

test('search_files gives path, line number and content, whatever the case', async () => {
  const root = tempFolder({ 'a.txt': 'nothing\n  The FOX ran\r\nfox\r\n', 'my docs/b.md': 'a fox, a Fox' })
  const found = ['a.txt:2: The FOX ran', 'a.txt:3: fox', 'my docs/b.md:1: a fox, a Fox']
  expect(await search(root, 'Fox')).toEqual(found)
  expect(await search(root, 'ÉTÉ')).toEqual(['No match for "ÉTÉ" in 2 text files.'])
})

test.each(['.*', 'a|b', '[x', '(a+)+$', '\\d', '$&', '^', '{a,b}', '\\'])(
  'search_files takes %j literally',
  async (text) => {
    const root = tempFolder({ 'hit.txt': `before ${text} after\n`, 'miss.txt': 'a b x 1\n' })
    expect(await search(root, text)).toEqual([`hit.txt:1: before ${text} after`])
  },
)

test('search_files looks only below the folder it is given', async () => {
  const root = tempFolder({ 'a/x.txt': 'fox\n', 'b/x.txt': 'fox\n' })
  expect(await search(root, 'fox', 'b')).toEqual(['b/x.txt:1: fox'])
  await expect(search(root, 'fox', '..')).rejects.toThrow('".." is outside the folder that can be read')
  await expect(search(root, 'fox', 'none')).rejects.toThrow('There is no "none"')
  await expect(search(root, 'fox', 'a/x.txt')).rejects.toThrow('"a/x.txt" is not a folder')
})

test('search_files leaves out secrets, links, skipped folders, binary and large files', async () => {
  const root = tempFolder({
    '.env': 'fox',
    '.git/config': 'fox',
    'node_modules/x.js': 'fox',
    'binary.bin': 'fox\0',
    'large.txt': `fox\n${'x'.repeat(2 * 1024 * 1024)}`,
    'sub/.npmrc': 'fox',
    'empty.txt': '',
  })
  symlinkSync('.env', join(root, 'link.txt'))
  symlinkSync('..', join(root, 'sub', 'up'))
  execFileSync('mkfifo', [join(root, 'pipe')])
  expect(await search(root, 'fox')).toEqual([
    'No match for "fox" in 1 text files.',
    '[not searched, as larger than 2 MiB: large.txt]',
  ])
  expect(await search(root, 'fox', '.git')).toEqual(['No match for "fox" in 0 text files.'])
})

test.skipIf(process.getuid?.() === 0 /* who may read everything */)(
  'search_files leaves out what may not be read',
  async () => {
    const root = tempFolder({ 'locked/x.txt': 'fox', 'locked.txt': 'fox', 'open/y.txt': 'fox' })
    for (const name of ['locked.txt', 'locked']) chmodSync(join(root, name), 0)
    expect(await search(root, 'fox')).toEqual(['open/y.txt:1: fox'])
    chmodSync(join(root, 'locked'), 0o700)
  },
)

test('search_files looks 32 levels deep', async () => {
  const folders = Array.from({ length: 32 }, (_, index) => `d${index}`)
  const root = tempFolder({
    [`${folders.slice(0, 31).join('/')}/in.txt`]: 'fox',
    [`${folders.join('/')}/beyond.txt`]: 'fox',
  })
  expect(await search(root, 'fox')).toEqual([`${folders.slice(0, 31).join('/')}/in.txt:1: fox`])
})

test('search_files shows 20 matches of a file, and says so when there are more', async () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `fox ${index + 1}\n`).join('')
  const root = tempFolder({ 'all.txt': lines(20), 'more.txt': lines(21), 'z.txt': 'fox\n' })
  const found = await search(root, 'fox')
  expect(found.slice(19, 21)).toEqual(['all.txt:20: fox 20', 'more.txt:1: fox 1'])
  expect(found.slice(39)).toEqual([
    'more.txt:20: fox 20',
    '[more in more.txt: its first 20 matches are shown]',
    'z.txt:1: fox',
  ])
})

test('search_files stops after 200 matches and says so', async () => {
  const root = tempFolder(
    Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`${10 + index}`, 'fox\n'.repeat(15)])),
  )
  const found = await search(root, 'fox')
  expect(found.filter((line) => line.endsWith(': fox'))).toHaveLength(200)
  expect(found.slice(-2)).toEqual(['23:5: fox', '[stopped after 200 matches]'])
})

test('search_files shows of a long line the part around the match', async () => {
  const root = tempFolder({ f: `${'a'.repeat(1024 * 1024)}FOX${'b'.repeat(1_000)}\nfox${'c'.repeat(400)}\n` })
  expect(await search(root, 'fox')).toEqual([
    `f:1: …${'a'.repeat(100)}FOX${'b'.repeat(197)}…`,
    `f:2: fox${'c'.repeat(297)}…`,
  ])
})

test('search_files puts a name with a line break in quotes', async () => {
  const root = tempFolder({ 'a\nb.txt:1: fake': 'fox' })
  expect(await search(root, 'fox')).toEqual([String.raw`"a\nb.txt:1: fake":1: fox`])
})

test('search_files refuses a text of several lines, as it would never find one', async () => {
  await expect(search(tempFolder({ f: 'a\nb' }), 'a\nb')).rejects.toThrow('Only single lines are searched')
})

test('search_files names five of the texts that are too large, and no images', async () => {
  const root = tempFolder({ 'photo.jpg': '\0', 'a.txt': 'fox' })
  for (const name of ['b', 'c', 'd', 'e', 'f', 'g', 'h']) writeFileSync(join(root, name), 'x'.repeat(3 * 1024 * 1024))
  truncateSync(join(root, 'photo.jpg'), 3 * 1024 * 1024)
  expect(await search(root, 'fox')).toEqual([
    'a.txt:1: fox',
    '[not searched, as larger than 2 MiB: b, c, d, e, f and 2 more]',
  ])
})

test('search_files stops when its call is aborted', async () => {
  const root = tempFolder({ f: 'fox' })
  const reason = new Error('enough')
  const call = callTool(fileTools({ root }), 'search_files', { text: 'fox' }, { signal: AbortSignal.abort(reason) })
  await expect(call).rejects.toBe(reason)
})

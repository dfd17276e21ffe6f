import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { callTool } from '../tool-context.test-kit.ts'
import { fileTools, type FileToolsOptions } from './file-tools.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

async function list(root: string, input: object = {}, options: Omit<FileToolsOptions, 'root'> = {}) {
  return String(await callTool(fileTools({ root, ...options }), 'list_files', input)).split('\n')
}

const deep = { 'top.txt': '', 'a/one.txt': '', 'a/b/two.txt': '', 'a/b/c/three.txt': '' }

test('list_files lists two levels, folders before what is in them', async () => {
  expect(await list(tempFolder(deep))).toEqual(['a/', 'a/b/', 'a/one.txt', 'top.txt'])
})

test.each([
  [1, ['a/', 'top.txt']],
  [3, ['a/', 'a/b/', 'a/b/c/', 'a/b/two.txt', 'a/one.txt', 'top.txt']],
  [8, ['a/', 'a/b/', 'a/b/c/', 'a/b/c/three.txt', 'a/b/two.txt', 'a/one.txt', 'top.txt']],
])('list_files looks as deep as it is told: %i', async (depth, listed) => {
  expect(await list(tempFolder(deep), { depth })).toEqual(listed)
})

test.each(['a/b', './a//b/', 'top/../a/b'])('list_files gives paths from the root also for %j', async (path) => {
  expect(await list(tempFolder(deep), { path })).toEqual(['a/b/c/', 'a/b/c/three.txt', 'a/b/two.txt'])
})

test('list_files says that a folder is empty', async () => {
  expect(await list(tempFolder())).toEqual(['The folder is empty.'])
})

test('list_files names skipped folders and does not enter them, unless it is asked to', async () => {
  const root = tempFolder({ 'node_modules/x/i.js': '', '.git/HEAD': '', 'src/dist/o.js': '', 'build/x.js': '', z: '' })
  expect(await list(root, { depth: 4 })).toEqual(['.git/', 'build/', 'node_modules/', 'src/', 'src/dist/', 'z'])
  expect(await list(root, { path: 'node_modules' })).toEqual(['node_modules/x/', 'node_modules/x/i.js'])
  expect(await list(root, { depth: 4 }, { skip: ['node_modules', '.git', 'src'] })).toEqual([
    '.git/',
    'build/',
    'build/x.js',
    'node_modules/',
    'src/',
    'z',
  ])
})

test('list_files names secret files, which is not to read them', async () => {
  expect(await list(tempFolder({ '.env': 'KEY' }))).toEqual(['.env'])
})

test('list_files leaves out links, and so is not led in circles', async () => {
  const root = tempFolder({ 'a/x': '' })
  symlinkSync('..', join(root, 'a', 'up'))
  symlinkSync('/', join(root, 'everything'))
  expect(await list(root, { depth: 8 })).toEqual(['a/', 'a/x'])
  expect(await list(root, { path: 'a/up', depth: 8 })).toEqual(['a/', 'a/x'])
  await expect(list(root, { path: 'everything' })).rejects.toThrow('"everything" is outside the folder')
})

test('list_files puts names with line breaks and escapes in quotes', async () => {
  const root = tempFolder({ 'a\nb': '', 'c\u001b[31m/d': '' })
  expect(await list(root)).toEqual([String.raw`"a\nb"`, String.raw`"c\u001b[31m/"`, String.raw`"c\u001b[31m/d"`])
})

test('list_files lists 1000 entries, and says so when there are more', async () => {
  const root = tempFolder(
    Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`most/${1_000 + index}`, ''])),
  )
  const whole = await list(root, { path: 'most' })
  expect(whole).toHaveLength(1_000)
  expect(whole.at(-1)).toBe('most/1999')

  const cut = await list(root)
  expect(cut).toHaveLength(1_001)
  expect(cut.slice(-2)).toEqual([
    'most/1998',
    '[cut after 1000 entries, the deepest left out: list a folder further down, or a smaller depth]',
  ])
})

test.skipIf(process.getuid?.() === 0 /* who may read everything */)(
  'list_files leaves out what is in a folder that may not be read',
  async () => {
    const root = tempFolder({ 'locked/x': '', 'open/y': '' })
    chmodSync(join(root, 'locked'), 0)
    expect(await list(root)).toEqual(['locked/', 'open/', 'open/y'])
    chmodSync(join(root, 'locked'), 0o700)
  },
)

test('list_files stops when its call is aborted', async () => {
  const root = tempFolder(deep)
  const reason = new Error('enough')
  await expect(callTool(fileTools({ root }), 'list_files', {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  )
})

test('list_files shows every top folder before it cuts what is deep', async () => {
  const files = Object.fromEntries(Array.from({ length: 1_100 }, (_, index) => [`a/${1_000 + index}`, '']))
  const cut = await list(tempFolder({ ...files, 'a-b/x': '', 'z/y': '', top: '' }))
  expect(cut).toHaveLength(1_001)
  expect(cut.slice(0, 2)).toEqual(['a/', 'a/1000'])
  expect(cut.slice(-5, -1)).toEqual(['a/1995', 'a-b/', 'top', 'z/'])
})

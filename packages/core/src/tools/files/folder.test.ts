import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, openSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

import { expect, onTestFinished, test } from 'vitest'

import { openFolder, readFolder, withFile } from './folder.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

/** What `withFile` opens at `path`: its real path and its text. */
function read(root: string, path: string): Promise<string> {
  return withFile(
    openFolder(root, new Set()),
    path,
    async (file) => `${file.path}: ${await file.handle.readFile('utf8')}`,
  )
}

const names = async (root: string, path = '.') =>
  (await readFolder(openFolder(root, new Set()), path)).map((entry) => entry.path)

/** A root `ws` with a file, beside folders that only look like it. */
function tree(): string {
  const top = tempFolder({ 'ws/in.txt': 'IN', 'ws/sub/deep.txt': 'DEEP', 'ws-evil/x.txt': 'OUT', 'secret.txt': 'OUT' })
  return join(top, 'ws')
}

test.each([
  ['in.txt', 'in.txt: IN'],
  ['./sub/../in.txt', 'in.txt: IN'],
  ['sub//deep.txt', 'sub/deep.txt: DEEP'],
  ['no/such/../../sub/deep.txt', 'sub/deep.txt: DEEP'],
])('withFile() opens %j', async (path, found) => {
  expect(await read(tree(), path)).toBe(found)
})

test('withFile() opens an absolute path inside its root', async () => {
  const root = tree()
  expect(await read(root, join(root, 'sub', 'deep.txt'))).toBe('sub/deep.txt: DEEP')
})

test.each(['..foo', '...', '..foo/..bar'])('withFile() takes a name like %j for what it is', async (path) => {
  expect(await read(tempFolder({ [path]: 'dots' }), path)).toBe(`${path}: dots`)
})

test.each([
  ['the parent', () => '..'],
  ['a file of the parent', () => '../secret.txt'],
  ['a way out that begins inside', () => 'sub/../../secret.txt'],
  ['a neighbour whose name begins alike', () => '../ws-evil/x.txt'],
  ['an absolute neighbour', (root: string) => `${root}-evil/x.txt`],
  ['an absolute path elsewhere', () => '/etc/passwd'],
  ['what is not even there', () => '../none.txt'],
])('withFile() refuses %s', async (_name, pathIn) => {
  const root = tree()
  const path = pathIn(root)
  await expect(read(root, path)).rejects.toThrow(`"${path}" is outside the folder that can be read`)
})

test.each([
  ['a link to a file outside', 'secret.txt', 'link'],
  ['a link to a folder outside', 'ws-evil', 'link/x.txt'],
])('withFile() refuses %s', async (_name, target, path) => {
  const root = tree()
  symlinkSync(join('..', target), join(root, 'link'))
  await expect(read(root, path)).rejects.toThrow(`"${path}" is outside the folder that can be read`)
})

test('withFile() refuses links that lead outside by way of one another', async () => {
  const root = tree()
  symlinkSync('..', join(root, 'sub', 'up'))
  symlinkSync('sub/up/..', join(root, 'top'))
  await expect(read(root, 'top/secret.txt')).rejects.toThrow('is outside the folder')
  await expect(names(root, 'top')).rejects.toThrow('is outside the folder')
})

test('withFile() follows links that stay inside, and gives the real path', async () => {
  const root = tree()
  symlinkSync('in.txt', join(root, 'link'))
  symlinkSync(join(root, 'sub'), join(root, 'folder'))
  expect(await read(root, 'link')).toBe('in.txt: IN')
  expect(await read(root, 'folder/deep.txt')).toBe('sub/deep.txt: DEEP')
})

test('withFile() says what is wrong with a link that leads nowhere or to itself', async () => {
  const root = tree()
  symlinkSync('none', join(root, 'dangling'))
  symlinkSync('loop', join(root, 'loop'))
  await expect(read(root, 'dangling')).rejects.toThrow('There is no "dangling"')
  await expect(read(root, 'loop')).rejects.toThrow('"loop" is not a usable path (ELOOP)')
})

test.each([
  ['what is not there', 'none.txt', 'There is no "none.txt"'],
  ['a folder', 'sub', '"sub" is a folder; list_files shows what is in it'],
  ['a way through a file', 'in.txt/x', '"in.txt/x" is not a folder'],
  ['a name of 300 letters', 'n'.repeat(300), 'is not a usable path (ENAMETOOLONG)'],
  ['a path of 6000 letters', 'n/'.repeat(3_000), 'is not a usable path (ENAMETOOLONG)'],
  ['a path with NUL', 'a\0b', 'A path may not hold NUL or broken characters'],
  ['half a character', '\ud800', 'A path may not hold NUL or broken characters'],
])('withFile() says what is wrong with %s', async (_name, path, problem) => {
  await expect(read(tree(), path)).rejects.toThrow(problem)
})

test.each(['with space', 'emoji 🦊', 'line\nbreak', '#%?&', 'quote\'"', '-rf', '\\back'])(
  'withFile() opens a file named %j',
  async (name) => {
    const root = tempFolder({ [`${name}/${name}`]: 'x' })
    expect(await read(root, `${name}/${name}`)).toBe(`${name}/${name}: x`)
    expect(await names(root, name)).toEqual([`${name}/${name}`])
  },
)

test.skipIf(process.platform === 'darwin' /* where both are one name */)(
  'withFile() tells composed and decomposed names apart',
  async () => {
    const root = tempFolder({ 'caf\u00e9': 'composed', 'cafe\u0301': 'decomposed' })
    expect(await read(root, 'caf\u00e9')).toBe('caf\u00e9: composed')
    expect(await read(root, 'cafe\u0301')).toBe('cafe\u0301: decomposed')
  },
)

test('withFile() refuses a secret file, whatever name or link leads to it', async () => {
  const root = tempFolder({ '.env': 'KEY', 'lib/.git/config': 'TOKEN', '.SSH/id': 'KEY' })
  symlinkSync('.env', join(root, 'notes.txt'))
  symlinkSync('.SSH', join(root, 'docs'))
  for (const path of ['.env', 'notes.txt', 'lib/.git/config', 'lib/../.env', '.SSH/id', 'docs/id'])
    await expect(read(root, path)).rejects.toThrow(`"${path}" may hold secrets and is not readable`)
})

test('withFile() opens a file whose name ends like that of a removed one', async () => {
  expect(await read(tempFolder({ 'x (deleted)': 'here' }), 'x (deleted)')).toBe('x (deleted): here')
})

const isLinux = process.platform === 'linux'
test.skipIf(!isLinux /* needs /proc */)('withFile() refuses a file that was removed while it was opened', async () => {
  const root = tempFolder({ '.env': 'KEY' })
  // The way to the open file of a name that is gone: what a reader holds who lost the race against `rm`.
  const descriptor = openSync(join(root, '.env'), 'r')
  onTestFinished(() => closeSync(descriptor))
  symlinkSync(`/proc/${process.pid}/fd/${descriptor}`, join(root, 'innocent'))
  await expect(read(root, 'innocent')).rejects.toThrow('may hold secrets')
  rmSync(join(root, '.env'))
  await expect(read(root, 'innocent')).rejects.toThrow('"innocent" changed while it was opened')
})

// Swaps a folder for a link to the outside and back, in a thread of its own, as fast as the disk allows.
const SWAPPER = `
  const { renameSync, symlinkSync, unlinkSync } = require('node:fs')
  const { parentPort, workerData } = require('node:worker_threads')
  const { folder, outside } = workerData
  parentPort.postMessage('begun')
  for (;;) {
    renameSync(folder, folder + '.kept')
    symlinkSync(outside, folder)
    unlinkSync(folder)
    renameSync(folder + '.kept', folder)
  }
`

test('withFile() never gives what is outside while its folder is swapped for a link', async () => {
  const top = tempFolder({ 'ws/sub/x.txt': 'IN', 'outside/x.txt': 'OUT' })
  const root = join(top, 'ws')
  const workerData = { folder: join(root, 'sub'), outside: join(top, 'outside') }
  const swapper = new Worker(SWAPPER, { eval: true, workerData })
  await once(swapper, 'message')

  const seen = new Set<string>()
  for (let tries = 0; tries < 3_000; tries++)
    seen.add(await read(root, 'sub/x.txt').catch((error: unknown) => (error as Error).message))
  await swapper.terminate()

  const safe = [
    'sub/x.txt: IN',
    'sub.kept/x.txt: IN',
    'There is no "sub/x.txt"',
    '"sub/x.txt" is outside the folder that can be read',
  ]
  expect([...seen].filter((each) => !safe.includes(each))).toEqual([])
})

test.skipIf(process.platform === 'win32')('withFile() does not wait for the writer of a pipe', async () => {
  const root = tempFolder()
  execFileSync('mkfifo', [join(root, 'pipe')])
  await expect(read(root, 'pipe')).rejects.toThrow('"pipe" is not a regular file')
})

test.skipIf(process.getuid?.() === 0 /* who may read everything */)(
  'withFile() and readFolder() say what may not be read',
  async () => {
    const root = tempFolder({ 'locked.txt': 'x', 'locked/x.txt': 'x' })
    for (const name of ['locked.txt', 'locked']) chmodSync(join(root, name), 0)
    await expect(read(root, 'locked.txt')).rejects.toThrow('"locked.txt" may not be read')
    await expect(names(root, 'locked')).rejects.toThrow('"locked" may not be read')
    chmodSync(join(root, 'locked'), 0o700)
  },
)

test('readFolder() gives files and folders by name, and leaves out links and pipes', async () => {
  const root = tempFolder({ 'b.txt': '', 'a/x': '', '.hidden': '', 'B.txt': '' })
  symlinkSync('b.txt', join(root, 'link'))
  symlinkSync('a', join(root, 'other'))
  execFileSync('mkfifo', [join(root, 'pipe')])
  expect(await readFolder(openFolder(root, new Set()), '.')).toEqual([
    { path: '.hidden', name: '.hidden', isFolder: false },
    { path: 'B.txt', name: 'B.txt', isFolder: false },
    { path: 'a', name: 'a', isFolder: true },
    { path: 'b.txt', name: 'b.txt', isFolder: false },
  ])
  expect(await names(root, 'other')).toEqual(['a/x'])
  await expect(readFolder(openFolder(root, new Set()), 'b.txt')).rejects.toThrow('"b.txt" is not a folder')
})

test('withFile() takes an absolute path through a link in its root, and no further', async () => {
  const top = tempFolder({ 'real/in.txt': 'IN', 'secret.txt': 'OUT' })
  symlinkSync('real', join(top, 'link'))
  const root = join(top, 'link')
  expect(await read(root, join(root, 'in.txt'))).toBe('in.txt: IN')
  expect(await read(root, join(top, 'real', 'in.txt'))).toBe('in.txt: IN')
  await expect(read(root, `${root}/../secret.txt`)).rejects.toThrow('is outside the folder that can be read')
  await expect(read(root, join(top, 'secret.txt'))).rejects.toThrow('is outside the folder that can be read')
})

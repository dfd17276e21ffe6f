import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { callTool } from '../tool-context.test-kit.ts'
import { fileTools } from './file-tools.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

const write = (root: string, path: string, content: string, overwrite?: boolean) =>
  callTool(fileTools({ root, write: true }), 'write_file', {
    path,
    content,
    ...(overwrite !== undefined && { overwrite }),
  })

const textOf = (...path: readonly string[]) => readFileSync(join(...path), 'utf8')

test('fileTools() writes only when it is asked to', () => {
  const root = tempFolder()
  expect(fileTools({ root }).map(({ name }) => name)).toEqual(['list_files', 'read_file', 'search_files'])
  expect(fileTools({ root, write: false })).toHaveLength(3)
  expect(() => fileTools({ root, write: 'yes' as never })).toThrow(
    new TypeError("Expected `fileTools.write` to be a boolean, got `'yes'`"),
  )
})

test('write_file makes a file and the folders above it, and leaves nothing else', async () => {
  const root = tempFolder({ 'usual.txt': '' })
  expect(await write(root, 'a/b/c.txt', 'naïve\n')).toBe('Created a/b/c.txt (7 bytes).')
  expect(textOf(root, 'a/b/c.txt')).toBe('naïve\n')
  expect(readdirSync(join(root, 'a/b'))).toEqual(['c.txt'])
  expect(statSync(join(root, 'a/b/c.txt')).mode & 0o777).toBe(statSync(join(root, 'usual.txt')).mode & 0o777)
})

test('write_file replaces a file only when told, and keeps its permissions', async () => {
  const root = tempFolder({ 'run.sh': 'old' })
  chmodSync(join(root, 'run.sh'), 0o4751)
  await expect(write(root, 'run.sh', 'new')).rejects.toThrow(
    '"run.sh" exists: set overwrite to replace all of it, or change a part with edit_file',
  )
  expect(textOf(root, 'run.sh')).toBe('old')
  expect(await write(root, 'run.sh', 'new', true)).toBe('Replaced run.sh (3 bytes).')
  expect(textOf(root, 'run.sh')).toBe('new')
  expect(statSync(join(root, 'run.sh')).mode & 0o7777).toBe(0o751)
})

test('write_file run again after a crash finds its work done', async () => {
  const root = tempFolder()
  await write(root, 'a.txt', 'same')
  const { ino } = statSync(join(root, 'a.txt'))
  expect(await write(root, 'a.txt', 'same')).toBe('a.txt holds exactly this already.')
  expect(await write(root, 'a.txt', 'same', true)).toBe('a.txt holds exactly this already.')
  expect(statSync(join(root, 'a.txt')).ino).toBe(ino)
  await expect(write(root, 'a.txt', 'Same')).rejects.toThrow('exists')
})

test.each([
  ['the parent', '../x.txt'],
  ['a new folder outside', '../new/x.txt'],
  ['an absolute path elsewhere', '/tmp/executus-x.txt'],
  ['a way out that begins inside', 'none/../../x.txt'],
])('write_file refuses %s', async (_name, path) => {
  const top = tempFolder({ 'ws/': '' })
  await expect(write(join(top, 'ws'), path, 'x')).rejects.toThrow(`"${path}" is outside the folder`)
  expect(readdirSync(top)).toEqual(['ws'])
})

test.each(['out/x.txt', 'out/new/x.txt', 'out/new/deep/x.txt'])(
  'write_file makes nothing at %s where a link leads outside',
  async (path) => {
    const top = tempFolder({ 'ws/': '', 'outside/': '' })
    symlinkSync('../outside', join(top, 'ws/out'))
    await expect(write(join(top, 'ws'), path, 'x')).rejects.toThrow('is outside the folder')
    expect(readdirSync(join(top, 'outside'))).toEqual([])
  },
)

test('write_file writes through a link between folders of the root, under the real name', async () => {
  const root = tempFolder({ 'real/': '' })
  symlinkSync('real', join(root, 'link'))
  expect(await write(root, 'link/sub/x.txt', 'x')).toBe('Created real/sub/x.txt (1 bytes).')
})

test('write_file never writes through a link at the name itself', async () => {
  const top = tempFolder({ 'ws/in.txt': 'IN', 'secret.txt': 'OUT' })
  const root = join(top, 'ws')
  symlinkSync('in.txt', join(root, 'inner'))
  symlinkSync('../secret.txt', join(root, 'outer'))
  symlinkSync('../new.txt', join(root, 'dangling'))
  for (const path of ['inner', 'outer', 'dangling'])
    for (const overwrite of [true, false])
      await expect(write(root, path, 'x', overwrite)).rejects.toThrow(
        `"${path}" is a link: name the file that it leads to`,
      )
  symlinkSync('../none', join(root, 'folder'))
  await expect(write(root, 'folder/x', 'x')).rejects.toThrow('There is no "folder"')
  expect([textOf(root, 'in.txt'), textOf(top, 'secret.txt'), readdirSync(top)]).toEqual([
    'IN',
    'OUT',
    ['secret.txt', 'ws'],
  ])
})

test.each([
  ['a secret file', '.env', '".env" may hold secrets and is not writable'],
  ['a secret folder that is not there', '.ssh/authorized_keys', 'may hold secrets and is not writable'],
  ['the repository', '.git/hooks/pre-commit', '".git/hooks/pre-commit" steers other programs and is not writable'],
  ['the repository in other letters', 'lib/.Git/x', 'steers other programs'],
  ['what a link calls otherwise', 'innocent/hooks', 'steers other programs'],
  ['settings of a shell', '.bashrc', 'steers other programs'],
  ['the root', '.', '"." is a folder; name a file in it'],
  ['a folder', 'sub', '"sub" is a folder; name a file in it'],
  ['a new folder', 'new/', '"new/" is a folder; name a file in it'],
  ['a pipe', 'pipe', '"pipe" is not a regular file'],
  ['a way through a file', 'a.txt/x', '"a.txt" is not a folder'],
  ['a name of 300 letters', 'n'.repeat(300), 'is not a usable path (ENAMETOOLONG)'],
  ['a path of 6000 letters', 'n/'.repeat(3_000) + 'n', 'is not a usable path (ENAMETOOLONG)'],
  ['a path with NUL', 'a\0b', 'A path may not hold NUL or broken characters'],
  ['a read-only file', 'locked.txt', '"locked.txt" is read-only'],
])('write_file refuses %s and makes nothing', async (_name, path, problem) => {
  const root = tempFolder({ '.git/HEAD': 'ref', 'a.txt': 'a', 'locked.txt': 'l', 'sub/': '', 'lib/': '' })
  symlinkSync('.git', join(root, 'innocent'))
  execFileSync('mkfifo', [join(root, 'pipe')])
  chmodSync(join(root, 'locked.txt'), 0o444)
  const before = readdirSync(root, { recursive: true })
  await expect(write(root, path, 'x', true)).rejects.toThrow(problem)
  expect(readdirSync(root, { recursive: true })).toEqual(before)
  expect(textOf(root, 'locked.txt')).toBe('l')
})

test('write_file writes 1 MiB and refuses a byte more, or what would not come back', async () => {
  const root = tempFolder()
  const most = 'x'.repeat(1024 * 1024)
  expect(await write(root, 'most', most)).toBe('Created most (1048576 bytes).')
  await expect(write(root, 'over', `${most}x`)).rejects.toThrow(
    'content is larger than 1048576 bytes: write several files instead',
  )
  await expect(write(root, 'nul', 'a\0')).rejects.toThrow('content may not hold NUL or broken characters')
  await expect(write(root, 'half', '\ud800')).rejects.toThrow('content may not hold NUL or broken characters')
  expect(readdirSync(root)).toEqual(['most'])
})

test('write_file gives a hard link a file of its own', async () => {
  const top = tempFolder({ 'ws/': '', 'outside.txt': 'OUT' })
  linkSync(join(top, 'outside.txt'), join(top, 'ws/x.txt'))
  await write(join(top, 'ws'), 'x.txt', 'new', true)
  expect(textOf(top, 'outside.txt')).toBe('OUT')
})

test.skipIf(process.getuid?.() === 0 /* who may write everywhere */)(
  'write_file says when a folder may not be written',
  async () => {
    const root = tempFolder({ 'locked/': '' })
    chmodSync(join(root, 'locked'), 0o500)
    await expect(write(root, 'locked/x', 'x')).rejects.toThrow('"locked/x" may not be written')
    chmodSync(join(root, 'locked'), 0o700)
  },
)

test('write_file of two calls for one new file lets the first win', async () => {
  const root = tempFolder()
  const tools = fileTools({ root, write: true })
  const both = await Promise.allSettled(
    ['one', 'two'].map((content) => callTool(tools, 'write_file', { path: 'sub/x', content })),
  )
  expect(both.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(readdirSync(join(root, 'sub'))).toEqual(['x'])
})

test('write_file writes nothing when its call is aborted', async () => {
  const root = tempFolder({ 'a.txt': 'old' })
  const reason = new Error('enough')
  const call = callTool(
    fileTools({ root, write: true }),
    'write_file',
    { path: 'a.txt', content: 'new', overwrite: true },
    { signal: AbortSignal.abort(reason) },
  )
  await expect(call).rejects.toBe(reason)
  expect(readdirSync(root)).toEqual(['a.txt'])
  expect(textOf(root, 'a.txt')).toBe('old')
})

test('write_file tells no path of the host', async () => {
  const root = tempFolder({ 'a.txt': 'a' })
  mkdirSync(join(root, 'sub'))
  for (const path of ['sub', 'a.txt', 'a.txt/x', '../x', '.env', 'n'.repeat(300)]) {
    const error: unknown = await write(root, path, 'x').catch((reason: unknown) => reason)
    expect(String(error)).not.toMatch(/\/tmp|\/proc|executus-/)
  }
  expect(existsSync(join(root, '.env'))).toBe(false)
})

import { chmodSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { DiffError } from './errors.ts'
import { gitSource } from './git-source.ts'
import { parseDiff } from './parse-diff.ts'
import { numstatOf, Repository } from './repository.test-kit.ts'

const signal = new AbortController().signal

test('the lines of nasty but legal files are those that git counts', async () => {
  const { repository, base } = nastyRepository()
  const { files } = await gitSource({ cwd: repository.folder, base }).read({ signal })
  const numstat = numstatOf(
    Buffer.from(repository.git('diff', '-M', '--numstat', '-z', base, 'HEAD'), 'latin1').toString(),
  )

  expect(
    new Map(
      files.map(({ path, isBinary, addedLines, deletedLines }) => [
        path,
        isBinary ? [undefined, undefined] : [addedLines, deletedLines],
      ]),
    ),
  ).toEqual(numstat)
  expect(Object.fromEntries(files.map(({ path, kind }) => [path, kind]))).toMatchObject({
    'grüße/日本.txt': 'modified',
    'tab\there.txt': 'modified',
    'a b/c b/d.txt': 'modified',
    'gone.txt': 'deleted',
    'edited-after.txt': 'renamed',
    'pure-after.txt': 'renamed',
    'run.sh': 'mode-changed',
    link: 'added',
    'was-file': 'modified',
  })
  expect(files.find(({ path }) => path === 'was-file')).toMatchObject({ isSymlink: true })
  expect(files.find(({ path }) => path === 'picture.png')).toMatchObject({ isBinary: true, hunks: [] })
})

test.each([
  ['without prefixes', ['--no-prefix']],
  ['with mnemonic prefixes', ['-c', 'x']],
  ['with all context', ['--unified=99999']],
  ['without context', ['--unified=0']],
  ['as a binary patch', ['--binary']],
])('a user’s own diff is read alike: %s', (_, flags) => {
  const { repository, base } = nastyRepository()
  const args = flags[0] === '-c' ? ['-c', 'diff.mnemonicPrefix=true', 'diff', '-M'] : ['diff', '-M', ...flags]
  const told = parseDiff(Buffer.from(repository.git(...args, base, 'HEAD'), 'latin1').toString()).files
  const plain = parseDiff(Buffer.from(repository.git('diff', '-M', base, 'HEAD'), 'latin1').toString()).files
  const short = (files: typeof told) =>
    files.map(({ path, oldPath, kind, isBinary, addedLines, deletedLines }) => [
      path,
      oldPath,
      kind,
      isBinary,
      addedLines,
      deletedLines,
    ])
  expect(short(told)).toEqual(short(plain))
})

test('a change is what happened on its side since both parted, whatever the user’s settings say', async () => {
  const repository = new Repository()
  repository.write('a.txt', 'one\n')
  const base = repository.commit()
  repository.git('checkout', '--quiet', '-b', 'side')
  repository.write('b.txt', 'two\n')
  repository.commit()
  repository.git('checkout', '--quiet', 'main')
  repository.write('c.txt', 'three\n')
  repository.commit()
  repository.git('config', 'diff.noprefix', 'true')
  repository.git('config', 'color.ui', 'always')
  repository.git('config', 'diff.external', 'false')
  const source = gitSource({ cwd: repository.folder, base: 'main', head: 'side' })
  expect((await source.read({ signal })).files).toMatchObject([{ path: 'b.txt', kind: 'added', addedLines: 1 }])
  expect(await source.readBase('a.txt')).toBe('one\n')
  expect(await source.readBase('b.txt')).toBeUndefined()
  expect(await source.readHead('b.txt')).toBe('two\n')
  expect(base).toHaveLength(40)
})

test('what git cannot do is told with what to do about it', async () => {
  const repository = new Repository()
  repository.write('a.txt', 'one\n')
  repository.commit()
  const problemWith = (base: string, cwd = repository.folder) =>
    gitSource({ cwd, base })
      .read({ signal })
      .catch((error: unknown) => {
        if (DiffError.is(error)) return [error.code, error.message]
        throw error
      })
  expect(await problemWith('nothing')).toEqual([
    'unknown-revision',
    'git knows no commit nothing; in a shallow clone, fetch more first',
  ])
  expect(await problemWith('@{upstream}')).toMatchObject({ 1: expect.stringContaining('no upstream configured') })
  expect(await problemWith('--output=x')).toMatchObject({ 0: 'unknown-revision' })
  expect(await problemWith('main', '/')).toMatchObject({ 0: 'no-repository' })
  repository.git('checkout', '--quiet', '--orphan', 'other')
  repository.write('other.txt', 'x')
  repository.commit()
  expect(await problemWith('main')).toEqual([
    'unknown-revision',
    'main and HEAD have no commit in common; in a shallow clone, fetch more first',
  ])
})

test('a folder of the repository is as good as its root', async () => {
  const { repository, base } = nastyRepository()
  repository.git('config', 'diff.relative', 'true')
  const read = async (cwd: string) => (await gitSource({ cwd, base }).read({ signal })).files
  expect(await read(join(repository.folder, 'a b'))).toEqual(await read(repository.folder))
})

test('a change that calls its own code binary is seen all the same, and what is binary stays so', async () => {
  const repository = new Repository()
  repository.write('a.ts', 'x\n')
  const base = repository.commit()
  repository.write('a.ts', 'eval(x)\n')
  repository.write('b.png', Buffer.from([0x89, 0, 1]))
  repository.write('.gitattributes', '*.ts -diff\n')
  repository.commit()
  const { files } = await gitSource({ cwd: repository.folder, base }).read({ signal })
  expect(files.map(({ path, isBinary, addedLines }) => [path, isBinary, addedLines])).toEqual([
    ['.gitattributes', false, 1],
    ['a.ts', false, 1],
    ['b.png', true, 0],
  ])
})

test('what stands for a file and is none is not read', async () => {
  const repository = new Repository()
  repository.write('folder/a.txt', 'one\n')
  symlinkSync('folder/a.txt', join(repository.folder, 'link'))
  const base = repository.commit()
  const source = gitSource({ cwd: join(repository.folder, 'folder'), base })
  expect(await source.readBase('folder')).toBeUndefined()
  expect(await source.readBase('link')).toBeUndefined()
  expect(await source.readBase('folder/*.txt')).toBeUndefined()
  expect(await source.readBase('folder/a.txt')).toBe('one\n')
})

function nastyRepository() {
  const repository = new Repository()
  const { folder } = repository
  const lines = (count: number, of = 'line') => Array.from({ length: count }, (_, index) => `${of} ${index}\n`).join('')
  repository.write('grüße/日本.txt', 'a\n')
  repository.write('tab\there.txt', 'a\n')
  repository.write('quote"d\\.txt', 'a\n')
  repository.write('new\nline.txt', 'a\n')
  repository.write('a b/c b/d.txt', 'a\n')
  repository.write('ends in space ', 'a\n')
  repository.write('marks.sql', '-- one\n++ two\n-- three\n')
  repository.write('hunk.txt', '@@ -1,2 +1,2 @@\ndiff --git a/x b/x\n')
  repository.write('no-newline.txt', 'a\nb')
  repository.write('crlf.txt', 'a\r\nb\r\n')
  repository.write('lone-cr.txt', 'a\rb\rc\n')
  repository.write('separators.txt', 'a\u2028b\u2029c\fd\n')
  repository.write('latin1.txt', Buffer.from([0x67, 0x72, 0xfc, 0xdf, 0x65, 0x0a]))
  repository.write('gone.txt', lines(3))
  repository.write('empty.txt', '')
  repository.write('edited-before.txt', lines(30))
  repository.write('pure-before.txt', lines(20, 'pure'))
  repository.write('run.sh', 'echo\n')
  repository.write('was-file', 'text\nof a file\n')
  repository.write('picture.png', Buffer.from([0x89, 0, 1, 2, 3]))
  repository.write('patch.diff', '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n')
  const base = repository.commit()

  repository.write('grüße/日本.txt', 'a\nü\n')
  repository.write('tab\there.txt', 'b\n')
  repository.write('quote"d\\.txt', 'b\n')
  repository.write('new\nline.txt', 'b\n')
  repository.write('a b/c b/d.txt', 'b\n')
  repository.write('ends in space ', 'b\n')
  repository.write('marks.sql', '++ two\n-- four\n--- five\n+++ six\n')
  repository.write('hunk.txt', '@@ -1,2 +1,2 @@\n@@ -3 +3 @@ x\n')
  repository.write('no-newline.txt', 'a\nc')
  repository.write('crlf.txt', 'a\r\nc\r\n')
  repository.write('lone-cr.txt', 'a\rb\rd\n')
  repository.write('separators.txt', 'a\u2028b\u2029c\fe\n')
  repository.write('latin1.txt', Buffer.from([0x67, 0x72, 0xfc, 0x0a]))
  rmSync(join(folder, 'gone.txt'))
  rmSync(join(folder, 'empty.txt'))
  repository.write('new-empty.txt', '')
  renameSync(join(folder, 'edited-before.txt'), join(folder, 'edited-after.txt'))
  repository.write('edited-after.txt', `${lines(30)}more\n`)
  renameSync(join(folder, 'pure-before.txt'), join(folder, 'pure-after.txt'))
  chmodSync(join(folder, 'run.sh'), 0o755)
  rmSync(join(folder, 'was-file'))
  symlinkSync('run.sh', join(folder, 'was-file'))
  symlinkSync('run.sh', join(folder, 'link'))
  repository.write('picture.png', Buffer.from([0x89, 0, 1, 2, 4]))
  repository.write('patch.diff', '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+c\n')
  repository.commit()
  return { repository, base }
}

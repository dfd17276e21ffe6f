import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { withFileInside } from './open-inside.ts'
import { skillFolder, type SkillFolderOptions } from './skill-folder.ts'
import { skillText, tempFolder, write } from './temp-folder.test-kit.ts'

const isWindows = process.platform === 'win32'
const isRoot = process.getuid?.() === 0

/** What is found: names of skills, and what is told as [code, path]. */
async function seen(root: string, options: SkillFolderOptions = {}) {
  const folder = await skillFolder(root, { trust: () => true, ...options })
  return {
    names: folder.list().map(({ name }) => name),
    told: folder.diagnostics().map(({ level, code, path }) => [level, code, path.slice(root.length + 1)]),
  }
}

test('a path that is not there, or is no folder, holds no skills', async () => {
  const root = tempFolder()
  write(root, { file: 'x' })
  expect(await seen(join(root, 'gone'))).toMatchObject({ names: [], told: [['error', 'no-folder', '']] })
  expect(await seen(join(root, 'file'))).toMatchObject({ names: [], told: [['error', 'no-folder', '']] })
  expect(await seen(`${root}\0`)).toMatchObject({ names: [], told: [['error', 'no-folder', '']] })
})

test.skipIf(isWindows)('what is called SKILL.md and is no file is no skill, and hides no other', async () => {
  const root = tempFolder()
  write(root, { 'sound/SKILL.md': skillText('sound'), 'elsewhere.md': skillText('elsewhere') })
  for (const name of ['folder', 'pipe', 'link', 'nowhere', 'circle']) mkdirSync(join(root, name))
  mkdirSync(join(root, 'folder/SKILL.md'))
  execFileSync('mkfifo', [join(root, 'pipe/SKILL.md')])
  symlinkSync('../elsewhere.md', join(root, 'link/SKILL.md'))
  symlinkSync('gone', join(root, 'nowhere/SKILL.md'))
  symlinkSync('SKILL.md', join(root, 'circle/SKILL.md'))
  expect(await seen(root)).toEqual({
    names: ['sound'],
    told: ['circle', 'folder', 'link', 'nowhere', 'pipe'].map((name) => ['error', 'not-a-file', name]),
  })
})

test('a SKILL.md of a gigabyte, and a folder that is too large, are not read', async () => {
  const root = tempFolder()
  for (const name of ['a', 'b', 'c', 'd', 'e']) write(root, { [`${name}/SKILL.md`]: skillText(name) })
  truncateSync(join(root, 'a/SKILL.md'), 1024 ** 3)
  write(root, { 'b/data.bin': '' })
  truncateSync(join(root, 'b/data.bin'), 1024 ** 4)
  for (let index = 0; index < 20; index++) write(root, { [`c/${index}`]: '' })
  mkdirSync(join(root, 'd', ...Array.from({ length: 20 }, () => 'd')), { recursive: true })
  const told = ['a', 'b', 'c', 'd'].map((name) => ['error', 'too-large', name])
  expect(await seen(root, { bounds: { maxFiles: 19 } })).toEqual({ names: ['e'], told })
})

test('all files of a skill together may be so large', async () => {
  const root = tempFolder()
  write(root, { 'a/SKILL.md': skillText('a'), 'a/x': 'x'.repeat(60), 'a/y': 'x'.repeat(60) })
  expect(await seen(root, { bounds: { maxFolderBytes: 170 } })).toEqual({ names: ['a'], told: [] })
  expect(await seen(root, { bounds: { maxFolderBytes: 160 } })).toEqual({
    names: [],
    told: [['error', 'too-large', 'a']],
  })
})

test.skipIf(isWindows)('a pipe in the place of a file is not opened as one', async () => {
  const root = tempFolder()
  execFileSync('mkfifo', [join(root, 'pipe')])
  const reading = withFileInside(root, 'pipe', () => Promise.resolve('read'))
  await expect(reading).rejects.toThrow('It is not a regular file')
})

test.skipIf(isWindows)('links are not followed: not to skills, not in them, not in circles', async () => {
  const [root, outside] = [tempFolder(), tempFolder()]
  write(outside, { 'evil/SKILL.md': skillText('evil'), secret: 'key' })
  write(root, { 'a/SKILL.md': skillText('a'), 'a/own.md': 'own' })
  symlinkSync(join(outside, 'evil'), join(root, 'evil'))
  symlinkSync('.', join(root, 'loop'))
  symlinkSync('nowhere', join(root, 'dangling'))
  symlinkSync(join(outside, 'secret'), join(root, 'a/secret.md'))
  symlinkSync('..', join(root, 'a/up'))
  expect(await seen(root)).toEqual({
    names: ['a'],
    told: expect.arrayContaining([
      ['warning', 'link', 'evil'],
      ['warning', 'link', 'loop'],
      ['warning', 'link', 'a/secret.md'],
      ['warning', 'link', 'a/up'],
    ]),
  })
  const folder = await skillFolder(root, { trust: () => true })
  expect(folder.list()[0]!.files.map(({ path }) => path)).toEqual(['SKILL.md', 'own.md'])
  const digest = folder.list()[0]!.digest
  rmSync(join(root, 'a/secret.md'))
  symlinkSync(join(outside, 'other'), join(root, 'a/secret.md'))
  await folder.reload()
  expect(folder.list()[0]!.digest).not.toBe(digest)
})

test('of many skills there are as many as may be, and of many names some are not looked at', async () => {
  const root = tempFolder()
  for (let index = 0; index < 300; index++) mkdirSync(join(root, `s${index}`))
  for (let index = 0; index < 60; index++) writeFileSync(join(root, `s${index}`, 'SKILL.md'), skillText(`s${index}`))
  const told = ['error', 'too-many', '']
  expect(await seen(root, { bounds: { maxSkills: 60, maxNames: 300 } })).toMatchObject({
    names: { length: 60 },
    told: [],
  })
  expect(await seen(root, { bounds: { maxSkills: 59 } })).toMatchObject({ names: { length: 59 }, told: [told] })
  expect(await seen(root, { bounds: { maxNames: 299 } })).toMatchObject({ told: [told] })
})

test('folders of any name are folders', async () => {
  const root = tempFolder()
  const names = ['..a', 'a..b', '-rf', 'a b', 'ä', ...(isWindows ? [] : ['a\nb', '"', '\\', '*'])]
  for (const name of names) write(root, { [`${name}/SKILL.md`]: `---\ndescription: x\n---\n` })
  const { names: found, told } = await seen(root)
  expect(found.toSorted()).toEqual(names.filter((name) => name !== 'a\nb').toSorted())
  expect(told.filter(([level]) => level === 'error')).toEqual(isWindows ? [] : [['error', 'bad-name', 'a\nb']])
})

test.skipIf(isWindows || isRoot)('what may not be read leaves out its skill alone', async () => {
  const root = tempFolder()
  for (const name of ['a', 'b', 'c']) write(root, { [`${name}/SKILL.md`]: skillText(name), [`${name}/x/y`]: 'z' })
  chmodSync(join(root, 'a/x/y'), 0)
  chmodSync(join(root, 'b/x'), 0)
  try {
    expect(await seen(root)).toEqual({
      names: ['c'],
      told: [
        ['error', 'unreadable', 'a'],
        ['error', 'unreadable', 'b'],
      ],
    })
  } finally {
    chmodSync(join(root, 'b/x'), 0o700)
  }
})

test.skipIf(process.platform !== 'linux')('a name that is no UTF-8 leaves out its skill', async () => {
  const root = tempFolder()
  write(root, { 'a/SKILL.md': skillText('a'), 'b/SKILL.md': skillText('b') })
  writeFileSync(Buffer.concat([Buffer.from(`${root}/a/`), Buffer.from([0xff])]), 'x')
  expect(await seen(root)).toEqual({ names: ['b'], told: [['error', 'unreadable', 'a']] })
})

test.skipIf(isWindows)(
  'a folder that is swapped for a link while it is read gives nothing of what is outside',
  { timeout: 30_000 },
  async () => {
    const [root, outside] = [tempFolder(), tempFolder()]
    write(outside, { 'x.md': 'SECRET OUTSIDE' })
    write(root, { 'a/SKILL.md': skillText('a'), 'a/docs/x.md': 'public' })
    const folder = await skillFolder(root, { trust: () => true })
    const own = folder.list()[0]!.digest
    const docs = join(root, 'a/docs')
    for (let round = 0; round < 100; round++) {
      const state = { isDone: false }
      const reading = folder.reload().then(() => (state.isDone = true))
      for (let turn = 0; !state.isDone && turn < 1_000; turn++) {
        renameSync(docs, join(root, 'kept'))
        symlinkSync(outside, docs)
        await new Promise((resolve) => setImmediate(resolve))
        rmSync(docs)
        renameSync(join(root, 'kept'), docs)
        await new Promise((resolve) => setImmediate(resolve))
      }
      await reading
      // It was seen as it is, with a link, or not at all; never with what the link leads to.
      const sizes = folder.list().flatMap(({ files }) => files.map(({ path, sizeBytes }) => `${path} ${sizeBytes}`))
      expect(sizes).not.toContain('docs/x.md 14')
    }
    await folder.reload()
    expect(folder.list()[0]!.digest).toBe(own)
  },
)

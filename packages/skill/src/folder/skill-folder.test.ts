import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { noLogger } from '@executus/core'
import { recordingLogger } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { digestOf, type FolderSkill, skillFolder } from './skill-folder.ts'
import { skillText, tempFolder, write } from './temp-folder.test-kit.ts'

const trust = () => true
const namesOf = (skills: readonly FolderSkill[]) => skills.map(({ name }) => name)

test('each folder with a SKILL.md is a skill, by name, and nothing else is', async () => {
  const root = tempFolder()
  write(root, {
    'pdf/SKILL.md': skillText('pdf'),
    'pdf/scripts/x.py': 'print(1)',
    'csv/SKILL.md': skillText('csv'),
    'README.md': 'x',
    'SKILL.md': skillText('not-this'),
    'empty/README.md': 'x',
    'deep/below/SKILL.md': skillText('below'),
    'lower/skill.md': skillText('lower'),
    'node_modules/SKILL.md': skillText('node'),
    '.git/SKILL.md': skillText('git'),
  })
  const folder = await skillFolder(root)
  expect(folder.list()).toEqual([
    expect.objectContaining({
      name: 'csv',
      description: 'What csv does.',
      folder: join(root, 'csv'),
      isTrusted: false,
    }),
    expect.objectContaining({
      name: 'pdf',
      fields: { name: 'pdf', description: 'What pdf does.' },
      files: [
        expect.objectContaining({ path: 'SKILL.md' }),
        { path: 'scripts/x.py', sizeBytes: 8, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
      digest: await digestOf(join(root, 'pdf')),
      diagnostics: [],
    }),
  ])
  expect(folder.diagnostics()).toEqual([])
})

test('a skill that is not trusted is told to the host, and to no model', async () => {
  const root = tempFolder()
  write(root, { 'a/SKILL.md': skillText('a'), 'b/SKILL.md': skillText('b') })
  const none = await skillFolder(root)
  expect(none.list().map(({ isTrusted }) => isTrusted)).toEqual([false, false])
  expect([none.catalogue(), none.contentOf('a'), await none.sessionTools(undefined as never)]).toEqual([
    '',
    undefined,
    { tools: [] },
  ])
  const some = await skillFolder(root, { trust: ({ folder }) => Promise.resolve(folder === join(root, 'b')) })
  expect(some.catalogue()).toContain('<name>b</name>')
  expect(some.catalogue()).not.toContain('<name>a</name>')
  expect([some.contentOf('a'), some.contentOf('b')]).toEqual([
    undefined,
    '<skill_content name="b">\nDo it.\n</skill_content>',
  ])
})

test('trust that is bound to a digest ends with any change of any file', async () => {
  const root = tempFolder()
  write(root, { 'a/SKILL.md': skillText('a'), 'a/x/y.sh': 'echo 1', 'b/SKILL.md': skillText('b') })
  const trustedDigests = new Set([await digestOf(join(root, 'a'))])
  const folder = await skillFolder(root, { trustedDigests })
  const trusted = () => namesOf(folder.list().filter(({ isTrusted }) => isTrusted))
  expect(trusted()).toEqual(['a'])
  for (const [path, content] of [
    ['x/y.sh', 'echo 2'],
    ['SKILL.md', skillText('a', 'Do it!\n')],
    ['new.md', ''],
  ] as const) {
    write(root, { [`a/${path}`]: content })
    await folder.reload()
    expect([path, ...trusted()]).toEqual([path])
    trustedDigests.add(await digestOf(join(root, 'a')))
    await folder.reload()
    expect([path, ...trusted()]).toEqual([path, 'a'])
  }
  const digest = await digestOf(join(root, 'a'))
  rmSync(join(root, 'a/new.md'))
  expect(await digestOf(join(root, 'a'))).not.toBe(digest)
})

test('a digest says what each file holds, and not only all of them together', async () => {
  const root = tempFolder()
  const text = skillText('a')
  write(root, {
    'a/SKILL.md': text,
    'a/x': '12',
    'a/y': '',
    'b/SKILL.md': text,
    'b/x': '1',
    'b/y': '2',
    'c/SKILL.md': text,
    'c/xy': '12',
    'd/SKILL.md': text,
    'd/y': '12',
    'd/x': '',
    'e/SKILL.md': text,
    'e/x': '12',
    'e/y': '',
    'e/.git/HEAD': 'x',
    'f/SKILL.md': text,
    'f/x': '12',
    'f/z': '',
  })
  const digests = await Promise.all(['a', 'b', 'c', 'd', 'f', 'e'].map((name) => digestOf(join(root, name))))
  expect(new Set(digests.slice(0, 5)).size).toBe(5)
  expect(digests[5]).toBe(digests[0])
})

test('the earlier path comes first, but only what is trusted hides another', async () => {
  const [project, user] = [tempFolder(), tempFolder()]
  write(project, { 'pdf/SKILL.md': skillText('pdf', 'Project.\n') })
  write(user, { 'pdf/SKILL.md': skillText('pdf', 'User.\n') })
  const both = await skillFolder([project, user, project], { trust })
  expect(both.contentOf('pdf')).toContain('Project.')
  expect(both.list().length).toBe(2)
  expect(both.diagnostics()).toMatchObject([{ level: 'warning', code: 'shadowed', path: join(user, 'pdf') }])
  const one = await skillFolder([project, user], { trust: ({ folder }) => folder.startsWith(user) })
  expect(one.contentOf('pdf')).toContain('User.')
  expect(one.diagnostics()).toEqual([])
})

test('a `trust` that throws means no, and is told', async () => {
  const root = tempFolder()
  write(root, { 'a/SKILL.md': skillText('a') })
  const logger = recordingLogger()
  const folder = await skillFolder(root, { trust: () => Promise.reject(new Error('gone')), logger })
  expect(folder.list()).toMatchObject([{ isTrusted: false, diagnostics: [{ code: 'trust-failed' }] }])
  expect(logger.lines).toMatchObject([{ level: 'error' }])
  const yes = await skillFolder(root, { trust: () => 'yes' as never, logger: noLogger })
  expect(yes.list()).toMatchObject([{ isTrusted: false }])
})

test('what a host does with what it was given changes nothing', async () => {
  const root = tempFolder()
  write(root, { 'a/SKILL.md': skillText('a') })
  const folder = await skillFolder(root, {
    trust(skill) {
      ;(skill.files as object[]).length = 0
      ;(skill as { name: string }).name = 'other'
      return true
    },
  })
  const [skill] = folder.list() as unknown as { name: string }[]
  skill!.name = 'mine'
  expect(namesOf(folder.list())).toEqual(['a'])
  expect(folder.list()[0]!.files.length).toBe(1)
  expect(folder.contentOf('a')).toBeDefined()
})

test('a skill that is disabled, or for people alone, is not shown to models', async () => {
  const root = tempFolder()
  write(root, {
    'a/SKILL.md': skillText('a'),
    'b/SKILL.md': skillText('b'),
    'c/SKILL.md': skillText('c', 'By hand.', 'disable-model-invocation: true\n'),
  })
  const folder = await skillFolder(root, { trust, disabled: ['b'] })
  expect(folder.catalogue().match(/<name>.<\/name>/g)).toEqual(['<name>a</name>'])
  expect([folder.contentOf('b'), folder.contentOf('c')]).toEqual([undefined, expect.stringContaining('By hand.')])
})

test('a catalogue is one line for each description, and shows markup as text', async () => {
  const root = tempFolder()
  write(root, {
    'a/SKILL.md': `---\nname: "a</name><b>"\ndescription: |\n  One\n  </skill> & two\n---\n`,
    'b/SKILL.md': `---\nname: b\ndescription: ${'x'.repeat(1_200)}\n---\n`,
  })
  const lines = (await skillFolder(root, { trust })).catalogue().split('\n')
  expect(lines).toContain('<name>a&lt;/name&gt;&lt;b&gt;</name>')
  expect(lines).toContain('<description>One &lt;/skill&gt; &amp; two</description>')
  expect(lines).toContain(`<description>${'x'.repeat(1_024)}…</description>`)
})

test('a reload sees what is new, what is gone and what has changed, and the last one counts', async () => {
  const root = tempFolder()
  write(root, { 'a/SKILL.md': skillText('a'), 'b/SKILL.md': skillText('b') })
  const folder = await skillFolder(root, { trust })
  rmSync(join(root, 'a'), { recursive: true })
  write(root, { 'b/SKILL.md': skillText('b', 'Anew.'), 'c/SKILL.md': skillText('c') })
  const first = folder.reload()
  writeFileSync(join(root, 'c/SKILL.md'), 'broken')
  await Promise.all([first, folder.reload()])
  expect(namesOf(folder.list())).toEqual(['b'])
  expect(folder.contentOf('b')).toContain('Anew.')
  expect(folder.diagnostics()).toMatchObject([{ level: 'error', code: 'no-front-matter', path: join(root, 'c') }])
  rmSync(root, { recursive: true })
  await folder.reload()
  expect(folder.list()).toEqual([])
  expect(folder.diagnostics()).toMatchObject([{ code: 'no-folder', path: root }])
})

test('a reading that takes longer does not replace a later one', async () => {
  const root = tempFolder()
  write(root, { 'a/SKILL.md': skillText('a', 'Old.') })
  const gate = Promise.withResolvers<boolean>()
  const seen = { asked: 0 }
  const folder = await skillFolder(root, {
    trust() {
      seen.asked += 1
      return seen.asked === 2 ? gate.promise : true
    },
  })
  const first = folder.reload()
  for (let turn = 0; turn < 1_000 && seen.asked < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
  write(root, { 'a/SKILL.md': skillText('a', 'New.') })
  const second = folder.reload()
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
  gate.resolve(true)
  await Promise.all([first, second])
  expect(folder.contentOf('a')).toContain('New.')
})

test('mistakes of the caller name what was wrong', async () => {
  const wrong: readonly (readonly [unknown, unknown, string])[] = [
    [7, {}, 'paths'],
    [[''], {}, 'paths[0]'],
    ['x', { trusted: true }, 'no option `trusted`'],
    ['x', { trust: true }, 'options.trust'],
    ['x', { trustedDigests: 'sha256-1' }, 'options.trustedDigests'],
    ['x', { disabled: 'a' }, 'options.disabled'],
    ['x', { isCatalogueInTool: 1 }, 'options.isCatalogueInTool'],
    ['x', { bounds: { maxSkills: 0 } }, 'options.bounds.maxSkills'],
    ['x', { bounds: { maxDepth: 1 } }, 'no option `maxDepth`'],
  ]
  for (const [paths, options, message] of wrong)
    await expect(skillFolder(paths as string, options as object)).rejects.toThrow(message)
  await expect(digestOf(tempFolder())).rejects.toThrow('SKILL.md is not a regular file')
})

import { renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Tool } from '@executus/core'
import { scriptedHost, type ScriptTurn } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { type SkillFolder, skillFolder, type SkillFolderOptions } from './skill-folder.ts'
import { skillText, tempFolder, write } from './temp-folder.test-kit.ts'

const FILES = {
  'pdf/SKILL.md': skillText('pdf', '\nRead it.\nSee docs/a.md.\n'),
  'pdf/docs/a.md': 'Alpha\n',
  'pdf/logo.png': Uint8Array.from([0x89, 0x50, 0, 1]),
  'pdf/big.txt': 'x'.repeat(100),
  'csv/SKILL.md': skillText('csv'),
}

async function opened(options: SkillFolderOptions = {}): Promise<{ root: string; folder: SkillFolder }> {
  const root = tempFolder()
  write(root, FILES)
  return { root, folder: await skillFolder(root, { trust: () => true, bounds: { maxReadBytes: 50 }, ...options }) }
}

async function call(folder: SkillFolder, name: string, input: unknown, tools?: readonly Tool[]): Promise<unknown> {
  const all = tools ?? (await folder.sessionTools(undefined as never)).tools
  const tool = all.find((one) => one.name === name)!
  const parsed = await tool.parse(input)
  if (!parsed.ok) throw new Error(parsed.problem)
  return tool.run(parsed.value, {} as never)
}

const CONTENT = `<skill_content name="pdf">
Read it.
See docs/a.md.

<skill_resources>
<file bytes="100">big.txt</file>
<file bytes="6">docs/a.md</file>
<file bytes="4">logo.png</file>
</skill_resources>
Paths are relative to the skill. Read them with read_skill_file, skill "pdf".
</skill_content>`

test('a model sees a catalogue, activates a skill, and reads a file of it', async () => {
  const { folder } = await opened()
  const turns: readonly ScriptTurn[] = [
    { calls: [{ name: 'activate_skill', input: { name: 'pdf' } }] },
    { calls: [{ name: 'activate_skill', input: { name: 'pdf' } }] },
    { calls: [{ name: 'read_skill_file', input: { skill: 'pdf', path: './docs/../docs/a.md' } }] },
    { calls: [{ name: 'activate_skill', input: { name: 'pdf', again: true } }] },
    { calls: [{ name: 'activate_skill', input: { name: 'zip' } }] },
    { text: 'Done.' },
  ]
  const { executor, model } = scriptedHost(turns, { sessionTools: folder.sessionTools })
  expect(await executor.run({ name: 'reader' }, 'go')).toMatchObject({ status: 'ok', output: 'Done.' })
  const [activate, read] = model.requests[0]!.tools!
  expect(activate!.description).toContain(folder.catalogue())
  expect(activate!.inputSchema).toMatchObject({ properties: { name: { enum: ['csv', 'pdf'] } }, required: ['name'] })
  expect(read!.inputSchema).toMatchObject({ required: ['skill', 'path'] })
  const results = model.requests.slice(1).map((request) => request.messages.at(-1)!.content)
  expect(results).toMatchObject([
    [{ isError: false, content: [{ text: CONTENT }] }],
    [{ isError: false, content: [{ text: 'The skill pdf is active already; its instructions were given above.' }] }],
    [{ isError: false, content: [{ text: 'Alpha\n' }] }],
    [{ isError: false, content: [{ text: CONTENT }] }],
    [{ isError: true, content: [{ text: expect.stringContaining('expected one of csv, pdf') }] }],
  ])
})

test('each run has skills of its own, as they were when it began', async () => {
  const { root, folder } = await opened()
  const before = (await folder.sessionTools(undefined as never)).tools
  expect(await call(folder, 'activate_skill', { name: 'csv' }, before)).toContain('Do it.')
  writeFileSync(join(root, 'csv/SKILL.md'), skillText('csv', 'Do it otherwise.'))
  await folder.reload()
  expect(await call(folder, 'activate_skill', { name: 'csv', again: true }, before)).toContain('Do it.')
  expect(await call(folder, 'activate_skill', { name: 'csv' })).toContain('Do it otherwise.')
})

test('the catalogue can stand elsewhere', async () => {
  const { folder } = await opened({ isCatalogueInTool: false })
  const { tools } = await folder.sessionTools(undefined as never)
  expect(tools[0]!.spec.description).toBe('Gives the instructions of a skill, to be followed from then on.')
  expect(tools.map(({ effect, replay, capabilities }) => [effect, replay, capabilities])).toEqual([
    ['read', 'rerun', ['fs.read']],
    ['read', 'rerun', ['fs.read']],
  ])
})

test.each([
  '../csv/SKILL.md',
  '/etc/passwd',
  'docs',
  'docs/../../csv/SKILL.md',
  'docs/a.md/',
  'DOCS/A.MD',
  'docs\\a.md',
  'a\0.md',
  '.',
  '~/.ssh/id_rsa',
  'file:///etc/passwd',
])('%j is no file of the skill', async (path) => {
  const { folder } = await opened()
  await expect(call(folder, 'read_skill_file', { skill: 'pdf', path })).rejects.toThrow(
    'The skill pdf has no file "' + path + '"; it has SKILL.md, big.txt, docs/a.md, logo.png',
  )
})

test('what is too large or no text is refused', async () => {
  const { folder } = await opened()
  const read = (path: string) => call(folder, 'read_skill_file', { skill: 'pdf', path })
  await expect(read('big.txt')).rejects.toThrow('"big.txt" has 100 bytes, more than the 50 that can be read')
  await expect(read('logo.png')).rejects.toThrow('"logo.png" is no text (4 bytes)')
  await expect(read('')).rejects.toThrow('path: expected a text of 1 to 1000 characters')
})

test('what has changed since it was trusted is not read', async () => {
  const { root, folder } = await opened()
  const path = join(root, 'pdf/docs/a.md')
  const read = () => call(folder, 'read_skill_file', { skill: 'pdf', path: 'docs/a.md' })
  for (const content of ['Omega\n', 'Alpha\nand more', '']) {
    writeFileSync(path, content)
    await expect(read()).rejects.toThrow('"docs/a.md" changed since the skill was loaded, and is not read')
  }
  writeFileSync(path, 'Alpha\n')
  expect(await read()).toBe('Alpha\n')
})

test.skipIf(process.platform === 'win32')(
  'a link that has taken the place of a file or a folder is not followed',
  async () => {
    const { root, folder } = await opened()
    const read = () => call(folder, 'read_skill_file', { skill: 'pdf', path: 'docs/a.md' })
    renameSync(join(root, 'pdf/docs'), join(root, 'docs'))
    symlinkSync(join(root, 'docs'), join(root, 'pdf/docs'))
    await expect(read()).rejects.toThrow('changed since')
  },
)

test('a skill of many files names some of them', async () => {
  const root = tempFolder()
  write(root, { 'a/SKILL.md': skillText('a') })
  for (let index = 0; index < 120; index++) write(root, { [`a/f${index}`]: '' })
  const folder = await skillFolder(root, { trust: () => true })
  expect(folder.contentOf('a')!.match(/<file /g)!.length).toBe(100)
  expect(folder.contentOf('a')).toContain('and 20 more\n</skill_resources>')
  await expect(call(folder, 'read_skill_file', { skill: 'a', path: 'x' })).rejects.toThrow(' and 101 more')
})

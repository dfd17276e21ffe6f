import { symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { fileTools } from './file-tools.ts'
import { openFolder } from './folder.ts'
import { pathResource } from './path-resource.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

const valueOf = async (root: string, path: string) => {
  const [resource] = await pathResource(openFolder(root, new Set()), path)
  return resource?.value
}

test.each([
  ['src/main.ts', 'src/main.ts'],
  ['./src/../src//main.ts', 'src/main.ts'],
  ['.', '.'],
  ['', '.'],
  ['none/new.txt', 'none/new.txt'],
  ['src/main.ts/below', 'src/main.ts/below'],
  ['..foo', '..foo'],
])('pathResource() spells %j as %j', async (path, value) => {
  expect(await valueOf(tempFolder({ 'src/main.ts': '' }), path)).toBe(value)
})

test('pathResource() follows links, also above what is not there', async () => {
  const root = tempFolder({ 'private/a.txt': '' })
  symlinkSync('private', join(root, 'docs'))
  symlinkSync('private/a.txt', join(root, 'b.txt'))
  expect(await valueOf(root, 'docs/new.txt')).toBe('private/new.txt')
  expect(await valueOf(root, 'b.txt')).toBe('private/a.txt')
  expect(await valueOf(root, join(root, 'docs'))).toBe('private')
})

test('pathResource() refuses what leads outside', async () => {
  const root = tempFolder()
  symlinkSync('..', join(root, 'up'))
  for (const path of ['../x', 'up', 'up/x', '/etc/passwd'])
    await expect(valueOf(root, path)).rejects.toThrow(`"${path}" is outside the folder that can be read`)
})

test('fileTools() declares what each tool can reach and what a call touches', async () => {
  const root = tempFolder()
  const tools = fileTools({ root, write: true })
  expect(tools.map(({ name, effect, replay, capabilities }) => [name, effect, replay, ...capabilities])).toEqual([
    ['list_files', 'read', 'rerun', 'fs.read'],
    ['read_file', 'read', 'rerun', 'fs.read'],
    ['search_files', 'read', 'rerun', 'fs.read'],
    ['write_file', 'write', 'idempotent', 'fs.write'],
    ['edit_file', 'write', 'once', 'fs.write'],
  ])
  for (const tool of tools)
    expect(await tool.resources?.({ path: join(root, 'a', '..', 'b.txt') })).toEqual([{ kind: 'path', value: 'b.txt' }])
})

import { symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { type ScriptedCall, scriptedHost } from '../../testing/index.ts'
import { fileTools, type FileToolsOptions } from './file-tools.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

/** What the model reads when it makes these calls in one step. */
async function resultsOf(root: string, calls: readonly ScriptedCall[]) {
  const { executor } = scriptedHost([{ calls }, { text: 'done' }], { tools: fileTools({ root }) })
  const tools = ['list_files', 'read_file', 'search_files']
  const { messages } = await executor.run({ name: 'guide', tools }, 'Look.')
  const results = messages[2]?.role === 'tool' ? messages[2].content : []
  return results.map(({ content, isError }) => [isError, content[0]?.type === 'text' && content[0].text])
}

test('fileTools() gives a run three tools that look into one folder', async () => {
  const root = tempFolder({ 'README.md': '# Hello\n', 'src/main.ts': "console.log('hello')\n" })

  const results = await resultsOf(root, [
    { name: 'list_files' },
    { name: 'read_file', input: { path: 'README.md' } },
    { name: 'read_file', input: { path: join(root, 'src/main.ts') } },
    { name: 'search_files', input: { text: 'HELLO' } },
  ])

  expect(results).toEqual([
    [false, 'README.md\nsrc/\nsrc/main.ts'],
    [false, 'README.md, lines 1-1 of 1:\n1\t# Hello'],
    [false, "src/main.ts, lines 1-1 of 1:\n1\tconsole.log('hello')"],
    [false, "README.md:1: # Hello\nsrc/main.ts:1: console.log('hello')"],
  ])
})

test('fileTools() tells the model what is wrong with its call', async () => {
  const root = tempFolder({ '.env': 'KEY=secret\n', 'a.txt': 'a\n' })

  const results = await resultsOf(root, [
    { name: 'read_file', input: { path: '../etc/passwd' } },
    { name: 'read_file', input: { path: '.env' } },
    { name: 'read_file', input: { path: 'a.txt', fromLine: 0 } },
    { name: 'list_files', input: { depth: 9 } },
    { name: 'search_files', input: { text: '' } },
    { name: 'read_file', argumentsText: '{"path":"a\\u0000.txt"}' },
    { name: 'read_file', argumentsText: '{"path":"\\ud800.txt"}' },
  ])

  expect(results).toEqual([
    [true, 'read_file was not called: "../etc/passwd" is outside the folder that can be read'],
    [true, 'read_file failed: ".env" may hold secrets and is not readable'],
    [true, 'read_file was not called: fromLine: Too small: expected number to be >=1.'],
    [true, 'list_files was not called: depth: Too big: expected number to be <=8.'],
    [true, 'search_files was not called: text: Too small: expected string to have >=1 characters.'],
    [true, 'read_file was not called: A path may not hold NUL or broken characters'],
    [true, 'read_file failed: There is no "\ufffd.txt"'],
  ])
})

test('fileTools() with write lets a run make and change a file', async () => {
  const root = tempFolder()
  const calls = [
    { name: 'write_file', input: { path: 'notes/a.txt', content: 'one\ntwo\n' } },
    { name: 'edit_file', input: { path: 'notes/a.txt', oldText: 'two', newText: '2' } },
    { name: 'read_file', input: { path: 'notes/a.txt' } },
  ]
  const turns = [...calls.map((call) => ({ calls: [call] })), { text: 'done' }]
  const { executor } = scriptedHost(turns, { tools: fileTools({ root, write: true }) })
  const tools = ['write_file', 'edit_file', 'read_file']
  const { messages } = await executor.run({ name: 'guide', tools }, 'Write.')
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.content : []))
  expect(results.map(({ content }) => content[0]?.type === 'text' && content[0].text)).toEqual([
    'Created notes/a.txt (8 bytes).',
    'Changed notes/a.txt at line 2.',
    'notes/a.txt, lines 1-2 of 2:\n1\tone\n2\t2',
  ])
})

test('fileTools() gives tools that only read', () => {
  expect(fileTools({ root: tempFolder() }).map(({ name, effect }) => [name, effect])).toEqual([
    ['list_files', 'read'],
    ['read_file', 'read'],
    ['search_files', 'read'],
  ])
})

test('fileTools() finds files under a root that is itself a link', async () => {
  const root = tempFolder({ 'real/a.txt': 'a\n' })
  symlinkSync('real', join(root, 'link'))

  const results = await resultsOf(join(root, 'link'), [{ name: 'read_file', input: { path: 'a.txt' } }])

  expect(results).toEqual([[false, 'a.txt, lines 1-1 of 1:\n1\ta']])
})

const here = import.meta.dirname
test.each<[string, unknown, ErrorConstructor, string]>([
  ['no options', undefined, TypeError, 'Expected `fileTools` to be an object, got `undefined`'],
  ['a misspelt option', { rot: '.' }, TypeError, 'Expected `fileTools` to have no option `rot`. Did you mean `root`?'],
  ['no root', {}, TypeError, 'Expected `fileTools.root` to be a string, got `undefined`'],
  ['a root that is no text', { root: 7 }, TypeError, 'Expected `fileTools.root` to be a string, got `7`'],
  ['a blank root', { root: ' ' }, RangeError, 'Expected `fileTools.root` to be a string that is not blank, got ` `'],
  ['a missing root', { root: '/no/where' }, RangeError, 'Expected `fileTools.root` to be a folder, got `/no/where`'],
  ['a file as root', { root: import.meta.filename }, RangeError, 'Expected `fileTools.root` to be a folder, got'],
  [
    'a root below a file',
    { root: `${import.meta.filename}/x` },
    RangeError,
    'Expected `fileTools.root` to be a folder',
  ],
  ['a root with NUL', { root: 'a\0b' }, RangeError, 'Expected `fileTools.root` to be a folder, got `a\0b`'],
  [
    'a root of 300 letters',
    { root: 'a'.repeat(300) },
    RangeError,
    'Expected `fileTools.root` to be a folder, got `aaa',
  ],
  [
    'skip as one text',
    { root: here, skip: 'x' },
    TypeError,
    "Expected `fileTools.skip` to be a list of strings, got `'x'`",
  ],
  [
    'a blank in skip',
    { root: here, skip: ['a', ''] },
    RangeError,
    'Expected `fileTools.skip[1]` to be a string that is not',
  ],
  ['a number in skip', { root: here, skip: [1] }, TypeError, 'Expected `fileTools.skip[0]` to be a string, got `1`'],
])('fileTools() refuses %s', (_name, options, type, message) => {
  const make = () => fileTools(options as FileToolsOptions)
  expect(make).toThrow(type)
  expect(make).toThrow(message)
})

test('fileTools() refuses a root that is a link to itself', () => {
  const root = join(tempFolder(), 'loop')
  symlinkSync('loop', root)
  expect(() => fileTools({ root })).toThrow(
    new RangeError(`Expected \`fileTools.root\` to be a folder, got \`${root}\``),
  )
})

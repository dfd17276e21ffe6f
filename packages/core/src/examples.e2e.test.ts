import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { startWireServer, type WireTurn } from './testing/index.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const examples = globSync('packages/*/examples/*.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/'))

/** What the model says in the examples that ask one. */
const turnsOf: Readonly<Record<string, readonly WireTurn[]>> = {
  'packages/core/examples/weather.ts': [
    { calls: [{ name: 'weather', input: { city: 'Oslo' } }] },
    { text: 'Yes, take an umbrella: it rains in Oslo.' },
  ],
  'packages/core/examples/tools.ts': [
    { calls: [{ name: 'write_file', input: { path: 'boiler.md', content: 'Boiler: checked on Friday.' } }] },
    { text: 'Noted.' },
  ],
  'packages/core/examples/phases.ts': [
    { calls: [{ name: 'forecast', input: { place: 'Galdhøpiggen' } }] },
    { text: '- 12 mm of rain\n- wind of 9 m/s' },
    { text: 'Go the day after.' },
  ],
  'packages/core/examples/fan-out.ts': Array.from({ length: 4 }, () => ({
    calls: [{ name: 'answer', input: { isFine: true, why: 'there is little to go wrong' } }],
  })),
  'packages/critic/examples/nudge.ts': [
    { calls: [{ name: 'search_archive', input: { query: 'old bridge' } }] },
    { text: 'The archive does not say who built it.' },
  ],
  'packages/critic/examples/kill.ts': [{ stalls: true }],
  'packages/audit/examples/what-happened.ts': [
    { calls: [{ name: 'stock', input: { item: 'tea' } }] },
    { text: 'There are 12 boxes of tea left.' },
  ],
  'packages/budget/examples/two-a-day.ts': [{ text: 'Oslo.' }, { text: 'Stockholm.' }],
  'packages/persona/examples/made-by-ann.ts': [
    { calls: [{ name: 'agent__cook', input: { task: 'What is for dinner?' } }] },
    { text: 'Pumpkin soup.' },
    { text: 'There will be pumpkin soup.' },
    { text: 'I know of no cook.' },
  ],
  'packages/skill/examples/folder-and-saved.ts': [
    { calls: [{ name: 'activate_skill', input: { name: 'minutes' } }] },
    { calls: [{ name: 'read_skill_file', input: { skill: 'minutes', path: 'template.md' } }] },
    { calls: [{ name: 'skill__translate', input: { text: 'Decided: tea.', language: 'German' } }] },
    { text: 'Beschlossen: Tee.' },
    { text: 'Minutes: Beschlossen: Tee.' },
  ],
  'packages/checkpoint/examples/approve-later.ts': [
    { calls: [{ name: 'pay', input: { euros: 40 } }] },
    { text: 'The water bill is paid.' },
  ],
  'packages/store-sqlite/examples/survive-a-kill.ts': [
    { calls: [{ name: 'weather', input: { city: 'Oslo' } }] },
    { text: 'Yes, take an umbrella: it rains in Oslo.' },
  ],
  'packages/llm/examples/chain.ts': [{ text: 'Hello!' }],
  'packages/llm/examples/shape.ts': [{ calls: [{ name: 'answer', input: { name: 'Oslo', country: 'Norway' } }] }],
}

interface Block {
  readonly readme: string
  readonly kind: string
  readonly example: string
  readonly text: string
}

/** The fenced blocks of all READMEs that say which example they show, or show the output of. */
const blocks: readonly Block[] = ['README.md', ...globSync('packages/*/README.md', { cwd: root })].flatMap((readme) =>
  [...readFileSync(join(root, readme), 'utf8').matchAll(/```\w+ (file|output)=(\S+)\r?\n([\s\S]*?)```/g)].map(
    ([, kind = '', example = '', text = '']) => ({ readme, kind, example, text }),
  ),
)

test('every example is shown in a README, with its output', () => {
  const shown = (kind: string) => [
    ...new Set(blocks.filter((block) => block.kind === kind).map((block) => block.example)),
  ]
  expect(shown('file').toSorted()).toEqual(examples.toSorted())
  expect(shown('output').toSorted()).toEqual(examples.toSorted())
})

test.each(blocks.filter(({ kind }) => kind === 'file'))('$readme shows $example as it is', ({ example, text }) => {
  expect(text).toBe(readFileSync(join(root, example), 'utf8'))
})

test.each(blocks.filter(({ kind }) => kind === 'output'))(
  '$readme shows what $example prints',
  async ({ example, text }) => {
    const server = await startWireServer(turnsOf[example] ?? [])
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [join(root, example)], {
        env: { OPENAI_BASE_URL: server.openaiUrl },
      })
      expect(stdout.trimEnd()).toBe(text.trimEnd())
    } finally {
      await server.close()
    }
  },
)

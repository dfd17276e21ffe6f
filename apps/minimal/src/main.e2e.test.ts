import { join } from 'node:path'

import { startWireServer, type WireServer, type WireTurn } from '@executus/core/testing'
import { expect, onTestFinished, test } from 'vitest'

import { startApp, tempFolder } from './start-app.test-kit.ts'

const NO_MODEL =
  'No model is configured (ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL): ' +
  'the model’s words are scripted, but its tools really run.\n'

async function serve(turns: readonly WireTurn[]): Promise<WireServer> {
  const server = await startWireServer(turns)
  onTestFinished(() => server.close())
  return server
}

test('without a model it says so in one line, and answers from the files that are there', async () => {
  const folder = tempFolder({
    'README.md': 'About boats.\n',
    'src/sail maker.ts': 'export function makeSail() {}\n',
    'src/oar.ts': 'export const oar = 1\n',
  })

  const { code, stdout, stderr } = await startApp(['Where is the function makeSail?', '--folder', folder]).ended

  expect(code).toBe(0)
  expect(stdout).toContain('src/sail maker.ts, lines 1-1 of 1:\n1\texport function makeSail() {}\n')
  expect(stdout).not.toContain('oar')
  expect(stderr.startsWith(`${NO_MODEL}model: scripted/demo\nstep 1\n`)).toBe(true)
  expect(stderr).toMatch(/\n  list_files \{"depth":3\} -> 4 lines, \d+ ms\n/)
  expect(stderr).toMatch(/\nok after 3 steps\n$/)
})

test('without a model it names what there is when no file mentions what was asked', async () => {
  const folder = tempFolder({ 'boat.txt': 'wood\n' })
  const { code, stdout } = await startApp(['What does the elephant eat?', '--folder', folder]).ended
  expect(code).toBe(0)
  expect(stdout).toMatch(/\nNo file mentions it\. The folder holds:\nboat\.txt\n$/)
})

test('without arguments it finds the run loop of this repository', async () => {
  const { code, stdout, stderr } = await startApp([]).ended
  expect(code).toBe(0)
  expect(stdout).toContain('packages/core/src/run/loop.ts')
  expect(stdout).toContain('@executus/core')
  expect(stdout).toContain('export async function runLoop(')
  expect(stdout + stderr).not.toContain('\u001b')
})

test.each([
  ['OPENAI_BASE_URL', (server: WireServer) => ({ OPENAI_BASE_URL: server.openaiUrl }), 'openai-chat/auto'],
  [
    'ANTHROPIC_BASE_URL',
    (server: WireServer) => ({ ANTHROPIC_BASE_URL: server.anthropicUrl, ANTHROPIC_API_KEY: 'test-key' }),
    'anthropic/claude-haiku-4-5',
  ],
])('a model behind %s calls a tool, reads its result and answers', async (_name, env, spec) => {
  const server = await serve([
    {
      text: 'I look.',
      calls: [{ name: 'read_file', input: { path: 'a.txt' } }],
      usage: { inputTokens: 11, outputTokens: 7 },
    },
    { text: 'The fox lives in a.txt.', usage: { inputTokens: 31, outputTokens: 9 } },
  ])
  const folder = tempFolder({ 'a.txt': 'fox\n' })

  const { code, stdout, stderr } = await startApp(['Where', 'is the fox?', '--folder', folder], env(server)).ended

  expect([code, stdout]).toEqual([0, 'I look.\nThe fox lives in a.txt.\n'])
  expect(stderr.replace(/\d+ ms/, '5 ms')).toBe(
    [
      `model: ${spec}`,
      'step 1',
      '  read_file {"path":"a.txt"} -> 2 lines, 5 ms',
      'step 2',
      'ok after 2 steps, 42 tokens in and 16 out\n',
    ].join('\n'),
  )
  const [first, second] = server.requests.map(({ body }) => JSON.stringify(body))
  expect(first).toContain('Where is the fox?')
  expect(second).toContain(JSON.stringify('a.txt, lines 1-1 of 1:\n1\tfox'))
})

test('a tool that fails is told to the model and shown, and the run goes on', async () => {
  const server = await serve([{ calls: [{ name: 'read_file', input: { path: '../x' } }] }, { text: 'I cannot.' }])
  const { code, stdout, stderr } = await startApp(['?', '--folder', tempFolder({})], {
    OPENAI_BASE_URL: server.openaiUrl,
  }).ended
  expect([code, stdout]).toEqual([0, 'I cannot.\n'])
  const problem = 'read_file was not called: "../x" is outside the folder that can be read'
  expect(stderr).toContain(`\n  read_file {"path":"../x"} -> ${problem}, `)
  expect(JSON.stringify(server.requests[1]?.body)).toContain(JSON.stringify(problem))
})

test('a model that fails ends it with code 1 and a line that says why', async () => {
  const server = await serve([{ status: 401, body: { error: { message: 'bad key' } } }])
  const { code, stdout, stderr } = await startApp(['?'], { OPENAI_BASE_URL: server.openaiUrl }).ended
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/\nerror after 1 step\nopenai-chat\/auto: bad key\n$/)
  expect(stderr).not.toContain('    at ')
})

test('what would steer the terminal is left out of what a model writes', async () => {
  const server = await serve([{ text: 'a\u001b[31m red\u0007\tb\r\nc\u009b2J' }])
  const { stdout } = await startApp(['?'], { OPENAI_BASE_URL: server.openaiUrl }).ended
  expect(stdout).toBe('a[31m red\tb\nc2J\n')
})

test.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
  ['a flag that is unknown', ['--bogus'], {}, "Unknown option '--bogus'"],
  ['a flag without its value', ['--folder'], {}, "'--folder <value>' argument missing"],
  ['a folder that is not there', ['--folder', '/no/where'], {}, '`fileTools.root` to be a folder, got `/no/where`'],
  ['a file as folder', ['--folder', import.meta.filename], {}, `to be a folder, got \`${import.meta.filename}\``],
  ['a tier that names no model', [], { EXECUTUS_TIER_FAST: 'nonsense' }, 'tier `nonsense` (named by fast)'],
  ['a tier with a misspelt provider', [], { EXECUTUS_TIER_FAST: 'anthropc/x' }, 'Tier `fast`: '],
])('%s ends it with code 2 and one line that names it', async (_name, args, env, problem) => {
  const { code, stdout, stderr } = await startApp(args, env).ended
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(problem)
  expect(stderr).toMatch(/^.+\n$/)
})

test.each(['with space', '# % &', 'emoji 🦊'])('a folder named %j is searched', async (name) => {
  const folder = join(tempFolder({ [`${name}/fox.txt`]: 'the quick animal\n' }), name)
  const { code, stdout } = await startApp(['quick animal', '--folder', folder]).ended
  expect(code).toBe(0)
  expect(stdout).toContain('fox.txt, line 1, has it')
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { folderWith } from '../config/config-folder.test-kit.ts'

const PROGRAM = fileURLToPath(new URL('./print-check.test-kit.ts', import.meta.url))
const CANARY = 'sk_canary_0123456789'

/** Reads the configuration as Node itself does, which runs TypeScript in its own way. */
async function check(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const cwd = folderWith(files)
  const child = spawn(process.execPath, [PROGRAM, '--check', ...args], { cwd, env: {}, timeout: 50_000 })
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await once(child, 'close')) as [number | null]
  const [out, errors] = await said
  return { code, out: out.replaceAll(cwd, '.'), errors }
}

test('the config file of the app runs, and is right', async () => {
  const { code, out, errors } = await check({})
  expect([code, errors]).toEqual([0, ''])
  expect(out).toMatch(/bot\.config\.ts is right\.\nNo model is configured/)
})

test('a config file may be typed, and import others', async () => {
  const files = {
    'port.mts': 'export const port: number = 7',
    'bot.config.ts':
      "import { port } from './port.mts'\ninterface Own { web: { port: number } }\nexport const config: Own = { web: { port } }",
  }
  const { code, out, errors } = await check(files)
  expect([code, errors]).toEqual([0, ''])
  expect(out).toMatch(/^web\.port +7 +file$/m)
})

test.each([
  [
    'syntax',
    'bot.config.ts',
    `export const config = {\n  token: x ${CANARY} y\n}`,
    "SyntaxError: Expected ',', got … (line 2)",
  ],
  ['a script', 'own.mjs', `export const config = ${CANARY} x`, 'SyntaxError: Unexpected identifier …'],
  [
    'what cannot be stripped',
    'own.mts',
    'enum X { a }',
    'SyntaxError: TypeScript enum is not supported in strip-only mode (line 1)',
  ],
])('a file is told that Node cannot run for %s, without a piece of it', async (_what, name, source, why) => {
  const { code, out } = await check({ [name]: source }, '--config', name)
  expect(code).toBe(2)
  expect(out).toBe(`This is wrong with the configuration:\n  The config file \`./${name}\` does not run: ${why}\n`)
})

test('a file that names what is not there is told', async () => {
  const { code, out } = await check({ 'bot.config.ts': "import './none.ts'\nexport const config = {}" })
  expect(code).toBe(2)
  expect(out).toContain("does not run: Error: Cannot find module './none.ts'")
})

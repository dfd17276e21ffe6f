import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

import { expect, test } from 'vitest'

const MAIN = `${import.meta.dirname}/../main.ts`
const DIFF = `diff --git a/x.ts b/x.ts
--- a/x.ts
+++ b/x.ts
@@ -1 +1,2 @@
 a
+eval(b)
`

/** Runs the program on a diff, without any setting, so that the demo fleet reviews. */
async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: {}, timeout: 50_000 })
  child.stdin.on('error', () => {}) // who refuses its arguments reads nothing
  child.stdin.end(DIFF)
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await once(child, 'close')) as [number | null]
  const [out, errors] = await said
  return { code, out, errors }
}

test('a report is on standard output, how far it is on standard error', async () => {
  const { code, out, errors } = await run('--diff', '-', '--format', 'json', '--lens', 'security')
  expect(code).toBe(0)
  const { isDemo, coverage, findings } = JSON.parse(out) as Record<string, { isComplete?: boolean; length?: number }>
  expect([isDemo, coverage?.isComplete, findings?.length]).toEqual([true, true, 1])
  expect(errors.split('\n').slice(0, -1)).toSatisfy((lines: readonly string[]) =>
    lines.every((line) => line.startsWith('executus-review: ')),
  )
})

test('a finding as bad as asked for is exit code 1', async () => {
  expect(await run('--diff', '-', '--lens', 'security', '--fail-on', 'critical')).toMatchObject({ code: 1 })
})

test('with events, standard error is JSON lines from the first to the last, and a report without a place is not lost', async () => {
  const args = ['--diff', '-', '--lens', 'security', '--events', 'jsonl', '--output', `${MAIN}/report.txt`]
  const { code, out, errors } = await run(...args)
  expect(code).toBe(2)
  expect(out).toContain('CRITICAL Text becomes code here')
  const types = errors
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type)
  expect(types[0]).toBe('plan')
  expect(types.at(-1)).toBe('error')
})

test('a plan asks nobody', async () => {
  const { code, out, errors } = await run('--diff', '-', '--plan')
  expect([code, errors]).toEqual([0, ''])
  expect(out).toContain('18 questions (3 models x 6 lenses x 1 bundle)')
})

test.each([
  [['--diff', '-', '--lens', 'nope'], /^There is no lens nope: expected one of security, /],
  [['--diff', '/nowhere/at/all'], /^\/nowhere\/at\/all cannot be read: ENOENT/],
  [['--pr', 'https://github.com/o/r/pull/1', '--post'], /^--post needs a token in EXECUTUS_REVIEW_TOKEN\n/],
  [['--base', 'a', '--diff', 'b'], /^Expected one of --base REVISION, --diff FILE and --pr URL\n/],
])('%j is exit code 2 and one sentence', async (args, message) => {
  const { code, out, errors } = await run(...args)
  expect([code, out]).toEqual([2, ''])
  expect(errors).toMatch(message)
  expect(errors).not.toContain(' at ')
})

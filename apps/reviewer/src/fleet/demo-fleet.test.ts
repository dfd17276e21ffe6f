import { createExecutor } from '@executus/core'
import { expect, test } from 'vitest'

import { bundleFiles } from '../bundle/bundle-files.ts'
import { changedFile } from '../change/changes.test-kit.ts'
import { reportedFindings } from '../finding/finding.ts'
import { BUILT_IN_LENSES } from '../lens/built-in-lenses.ts'
import { questionOf, reviewerOf } from '../swarm/instructions.ts'
import { demoFleet } from './demo-fleet.ts'

test.concurrent.each([
  ['a.ts', ['+eval(input)'], ['code-injection']],
  ['a.py', ['+    eval(request.args)'], ['code-injection']],
  ['a.ts', ["+const password = 'hunter2-4711'"], ['hard-coded-secret']],
  ['deploy.tf', ['+  api_key = "k3y-9f8e7d6c"'], ['hard-coded-secret']],
  ['a.ts', ['+try { a() } catch {}'], ['swallowed-error']],
  ['a.ts', ['+// TODO: the rest'], ['unfinished-code']],
  ['a.ts', ['+if (a == b) go()'], ['loose-comparison']],
  ['a.ts', ['+all.forEach(async (one) => one())'], ['floating-promise']],
  ['a.ts', ['+await sleep(500)'], ['timing-dependence']],
  ['a.ts', ['-export function a() {', '+function a() {'], ['removed-export']],
  ['a.ts', ['-export const a = 1', '-export const b = 2', '+const c = 3'], ['removed-export']],
  ['a.test.ts', ["+test.only('a', () => {})"], ['disabled-test']],
  ['a.ts', ['+console.log(a)'], ['debug-output']],
  ['a.ts', ['+function a(b: any) {'], ['untyped-value']],
])('the demo sees what is wrong in %s: %j', async (path, lines, categories) => {
  expect(await categoriesOf(path, lines)).toEqual(categories)
})

test.concurrent.each([
  ['a.test.ts', ["+  expect(text).toBe('eval(b)')"]],
  ['a.ts', ["+const said = 'eval(b)' // eval(c)"]],
  ['a.ts', ['+ * any text: any words, eval(a), `console.log(b)`']],
  ['a.ts', ['+const pattern = /x == y|eval(a): any/']],
  ['a.ts', ['+#count = 0']],
  ['docs/a.md', ["+const token = 'abc-12345678'; eval(a); console.log(b) // TODO x"]],
  ['a.ts', ["+const token = '[redacted]'", "+const secret = 'the words of a sentence'"]],
  ['a.ts', ["+const token = process.env['TOKEN']"]],
  ['a.test.ts', ["+const TOKEN = 'canary-9f3b'"]],
  ['a.ts', ['+try { a() } catch { /* there is nothing to close */ }']],
  ['a.ts', ["+const word = 'TODO'"]],
  ['a.ts', ['+if (a == null || b === c || d !== e) go()']],
  ['a.py', ['+if a == b:']],
  ['a.ts', ['+while (!done) await sleep(500)', '+await this.sleep(waitMs)']],
  ['a.ts', ['-export function a(b) {', '+export function a(b, c) {']],
  ['a.ts', ['-export const a = 1']],
  ['src/cli/print.ts', ['+console.log(report)']],
  ['scripts/build.mjs', ['+console.log(report)']],
])('the demo has nothing to say about %s: %j', async (path, lines) => {
  expect(await categoriesOf(path, lines)).toEqual([])
})

/** What the first of the fleet, who knows all rules, reports through all lenses. */
async function categoriesOf(path: string, lines: readonly string[]): Promise<readonly string[]> {
  const { members, options } = demoFleet()
  const executor = createExecutor(options)
  const [bundle] = bundleFiles([changedFile(path, lines)], { maxTokens: 1_000 }).bundles
  const found = await Promise.all(
    BUILT_IN_LENSES.map(async (lens) => {
      const agent = reviewerOf(members[0]!, lens, undefined)
      const { object } = await executor.run(agent, questionOf({}, bundle!), { output: reportedFindings })
      return object!.findings.map(({ category }) => category)
    }),
  )
  return [...new Set(found.flat())]
}

import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { createAudit } from '@executus/audit'
import { defineTool } from '@executus/core'
import { scriptedHost } from '@executus/core/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { sqliteAuditStore } from '../sqlite-audit-store.ts'
import { tempFile } from '../temp-folder.test-kit.ts'

const SECRET = 'c4nary+7f3/9b1d'
const encoded = Buffer.from(SECRET).toString('base64')

/** Every byte of the database and of the files beside it. */
function bytesOf(path: string): string {
  const files = globSync('*', { cwd: dirname(path) })
  return files.map((file) => readFileSync(join(dirname(path), file), 'latin1')).join('\n')
}

const leak = defineTool({
  name: 'leak',
  description: 'x',
  effect: 'read',
  input: z.object({ password: z.string(), note: z.string() }),
  run: () => ({ plain: SECRET, encoded, url: `https://h/?q=${encodeURIComponent(SECRET)}&token=hidden-value` }),
})

test('no byte of the file or of its log is of a secret, and a forgotten run leaves none of its texts', async () => {
  const path = tempFile()
  const store = await sqliteAuditStore(path)
  const audit = createAudit({ store, secrets: [SECRET], chain: true })
  const calls = [{ name: 'leak', input: { password: 'hidden-value', note: `unmistakable ${SECRET}` } }]
  const { executor } = scriptedHost([{ calls }, { text: `It is ${SECRET}.` }], { audit, tools: [leak] })
  await executor.run({ name: 'a', tools: ['leak'] }, `Use ${SECRET}`, { runId: 'r', caller: 'eve', subject: SECRET })
  expect(await audit.verify('r')).toMatchObject({ isWhole: true, entries: 6 })
  expect(await audit.find('r')).toMatchObject({ output: 'It is [redacted:secret].', toolCalls: 1 })

  const written = bytesOf(path)
  expect(written).toContain('unmistakable [redacted:secret]')
  for (const trace of ['c4nary', '7f3/9b1d', encoded.slice(0, 8), 'hidden-value']) expect(written).not.toContain(trace)

  expect(await audit.forget('r')).toBe(1)
  await audit.close()
  expect(bytesOf(path)).not.toContain('unmistakable')
})

test('two connections write one audit', async () => {
  const path = tempFile()
  const audits = await Promise.all([1, 2].map(async () => createAudit({ store: await sqliteAuditStore(path) })))
  await Promise.all(
    audits.map(async (audit, index) => {
      const { executor } = scriptedHost([{ text: 'Hi.' }, { text: 'Ho.' }], { audit })
      for (const run of ['a', 'b']) await executor.run({ name: 'a' }, 'go', { runId: `${index}${run}`, caller: 'eve' })
    }),
  )
  const { runs } = await audits[0]!.list({ caller: 'eve' })
  const told = runs.map(({ runId, status, entries }) => `${runId} ${status} ${entries}`)
  expect(told.toSorted()).toEqual(['0a ok 3', '0b ok 3', '1a ok 3', '1b ok 3'])
  for (const audit of audits) await audit.close()
})

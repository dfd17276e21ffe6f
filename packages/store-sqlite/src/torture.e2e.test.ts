import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../../torture/main.ts', import.meta.url))

interface Report {
  readonly rows: readonly { readonly mode: string; readonly kills: number; readonly violations: number }[]
}

// A bounded part of `npm run test:torture`, with other moments each time: what it prints names the seed.
test('runs whose processes are killed come to their end, and nothing is lost or done twice', async () => {
  const seed = String(Math.floor(Math.random() * 1e6))
  const args = [program, '--kills', '12', '--seed', seed, '--minutes', '1', '--json']
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, args, (_, out, err) => resolve({ stdout: out, stderr: err }))
  })
  const all = stdout === '' ? undefined : (JSON.parse(stdout) as Report).rows.find(({ mode }) => mode === 'all')
  expect(all, `seed ${seed}\n${stderr}`).toMatchObject({ kills: 12, violations: 0 })
})

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../../torture/main.ts', import.meta.url))

type Row = Readonly<Record<string, number | string>>

// Bounded parts of `npm run test:torture`, with other moments each time: what they print names the seed.

test('runs whose processes are killed, stopped or taken for dead come to their end, and nothing is lost or done twice', async () => {
  const { rows, told } = await torture('--kills', '12', '--runs', '6')
  expect(new Set(rows.map(({ mode }) => mode)), `told: ${told}`).toEqual(
    new Set(['alone', 'pair', 'stopped', 'deceived', 'all']),
  )
  const all = rows.find(({ mode }) => mode === 'all')
  expect(all, `told: ${told}`).toMatchObject({ kills: 12, violations: 0 })
  expect(all?.['stops'], `told: ${told}`).toBeGreaterThan(0)
})

test('a process that dies at a write, or whose write fails, leaves what others can go on with', async ({ skip }) => {
  const { rows, told } = await torture('--syscalls', '--points', '1')
  skip(rows.length === 0 && told.includes('skipped: '), told)
  const wrong = rows.filter(({ tried, violations, hung }) => tried === 0 || violations !== 0 || hung !== 0)
  expect(wrong, `told: ${told}`).toEqual([])
  // A life may make fewer calls than the one that was counted.
  expect(rows.filter(({ met }) => met === 1).length, `told: ${told}`).toBeGreaterThan(rows.length / 2)
})

async function torture(...args: readonly string[]): Promise<{ readonly rows: readonly Row[]; readonly told: string }> {
  const seed = String(Math.floor(Math.random() * 1e6))
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [program, ...args, '--seed', seed, '--minutes', '1', '--json'], (_, out, err) =>
      resolve({ stdout: out, stderr: err }),
    )
  })
  const rows = stdout === '' ? [] : (JSON.parse(stdout) as { readonly rows: readonly Row[] }).rows
  return { rows, told: `seed ${seed}\n${stderr}` }
}

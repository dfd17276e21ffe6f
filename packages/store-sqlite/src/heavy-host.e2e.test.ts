import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { expect, onTestFinished, test } from 'vitest'

import { tempFolder } from './temp-folder.test-kit.ts'

const program = fileURLToPath(new URL('./heavy-host.test-kit.ts', import.meta.url))

test('a persona that a schedule began, that called a skill and was nudged by its critic, is killed, and comes to the end of its budget in the next process', async () => {
  const folder = tempFolder()
  const first = start(folder)
  expect(await first.line()).toEqual({ nudged: 'idle' })
  first.child.kill('SIGKILL')
  await first.ended

  const second = start(folder)
  const told = (await second.line()) as Record<string, Record<string, unknown>>
  await second.ended
  const { tools, ...audit } = told['audit']!
  expect({ ...told, audit }).toEqual({
    fired: 0,
    history: ['running'],
    resumed: ['error'],
    outcome: expect.objectContaining({ status: 'error', stopReason: 'budget' }),
    audit: { status: 'error', caller: 'ann', segments: 2, isSecretKept: false, below: ['ok'] },
    tokens: [{ used: 1_000, reserved: 0, left: 0 }],
    refused: 'budget',
    effects: 'fern\n',
  })
  expect(tools).toMatchObject({ 0: 'skill__water-plan', 1: 'water', 2: 'weather' })
  expect(second.child.exitCode).toBe(0)
  expect(existsSync(`${folder}/host.db-wal`)).toBe(false)
})

function start(folder: string) {
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const ended = once(child, 'close')
  return {
    child,
    ended,
    line: async (): Promise<unknown> => {
      const { value, done } = await lines.next()
      if (done === true) throw new Error('The host ended and told nothing')
      return JSON.parse(value) as unknown
    },
  }
}

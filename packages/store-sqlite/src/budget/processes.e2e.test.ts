import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { createBudget } from '@executus/budget'
import { fakeClock } from '@executus/core/testing'
import { expect, onTestFinished, test } from 'vitest'

import { sqliteBudgetStore } from '../sqlite-budget-store.ts'
import { tempFile } from '../temp-folder.test-kit.ts'

const program = fileURLToPath(new URL('./reserve.test-kit.ts', import.meta.url))

test('processes that reserve a thousand runs at once on one file never take more than there is', async () => {
  const path = tempFile()
  await (await sqliteBudgetStore(path)).close()
  const workers = ['a', 'b'].map((name) => {
    const child = spawn(process.execPath, [program, path, name, '500'], { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    return { child, next: async () => String((await lines.next()).value), closed: once(child, 'close') }
  })
  for (const { next } of workers) expect(await next()).toBe('ready')
  for (const { child } of workers) child.stdin.write('go\n')
  const told = await Promise.all(workers.map(({ next }) => next()))
  for (const { child } of workers) child.stdin.write('settle\n')
  await Promise.all(workers.map(({ closed }) => closed))
  const [got, grew] = [0, 1].map((column) => told.reduce((sum, line) => sum + Number(line.split(' ')[column]), 0))
  expect(got).toBe(142)
  expect(grew).toBe(1) // by the last six

  const store = await sqliteBudgetStore(path)
  const budget = createBudget({ store, clock: fakeClock(), limits: [{ window: 'day', tokens: 1_000 }] })
  const [left] = await budget.remaining({ caller: 'ann' })
  // Of each process that got some, one run was never settled, and stays set aside.
  expect(left!.used + left!.reserved).toBeLessThanOrEqual(1_000)
  expect(left!.used).toBe((142 - told.filter((line) => !line.startsWith('0 ')).length) * 7)
  await store.close()
})

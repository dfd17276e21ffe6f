import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { begin, rowsOf, said } from './stores.test-kit.ts'
import { tempFile } from './temp-folder.test-kit.ts'
import { start } from './worker-process.test-kit.ts'

test('what a killed process held can be claimed at once, and its lock is cleared away', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path)
  const worker = start('hold', path, 'r')
  await worker.line('ready')
  expect(await store.claim({ limit: 1, runId: 'r' })).toEqual([])
  expect(readdirSync(`${path}.owners`)).toHaveLength(2)
  await worker.kill()
  expect(await store.claim({ limit: 1 })).toMatchObject([{ runId: 'r', crashes: 1, crashStreak: 1 }])
  expect(readdirSync(`${path}.owners`)).toHaveLength(1)
  await store.close()
})

test('what a stopped process holds is its own, and it goes on with it', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path)
  const worker = start('hold', path, 'r')
  await worker.line('ready')
  worker.child.kill('SIGSTOP')
  await sleep(300)
  expect(await store.claim({ limit: 1 })).toEqual([])
  expect(await store.claim({ limit: 1, runId: 'r' })).toEqual([])
  worker.child.kill('SIGCONT')
  worker.child.stdin?.write('go\n')
  await worker.line('1')
  await worker.kill()
  expect(await store.claim({ limit: 1 })).toMatchObject([{ runId: 'r', head: 1 }])
  await store.close()
})

test('what was acknowledged is there after any number of kills', async () => {
  const path = tempFile()
  for (let round = 0; round < 12; round++) {
    const worker = start('append', path, 'r')
    await worker.line()
    await sleep(Math.random() * 60)
    await worker.kill()
    const store = await sqliteJournalStore(path)
    const entries = await store.read('r')
    expect(entries.length).toBeGreaterThanOrEqual(Number(worker.lines.at(-1)))
    expect(entries).toEqual(entries.map((_, index) => said(`${index} ${'x'.repeat(2_000)}`)))
    await store.close()
  }
  expect(rowsOf(path, 'SELECT crashes FROM runs')).toEqual([{ crashes: 11 }])
  expect(rowsOf(path, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
})

test('processes that make one file at once all find it whole', async () => {
  const path = tempFile()
  const workers = Array.from({ length: 4 }, (_, index) => start('hold', path, `r${index}`))
  for (const worker of workers) await worker.line('ready')
  const store = await sqliteJournalStore(path)
  expect((await store.list({ limit: 9, status: ['running'] })).runs).toHaveLength(4)
  expect(await store.claim({ limit: 9 })).toEqual([])
  await Promise.all(workers.map((worker) => worker.kill()))
  expect(await store.claim({ limit: 9 })).toHaveLength(4)
  await store.close()
})

test('processes that share the work do each run once', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path)
  const ids = Array.from({ length: 60 }, (_, index) => `r${index}`)
  for (const id of ids) await begin(store, id)
  const workers = Array.from({ length: 3 }, () => start('drain', path))
  for (const worker of workers) await worker.line('ready')
  await store.close()
  const closed = workers.map(({ child }) => once(child, 'close'))
  for (const { child } of workers) child.stdin?.write('go\n')
  await Promise.all(closed)
  const done = workers.map(({ lines }) => lines.filter((line) => line !== 'ready'))
  expect(done.flat().toSorted()).toEqual(ids.toSorted())
  expect(done.filter(({ length }) => length > 0).length).toBeGreaterThan(1)
  const again = await sqliteJournalStore(path)
  for (const id of ids) {
    const [first, second, ...more] = await again.read(id)
    expect(first).toEqual(second)
    expect(more).toEqual([])
  }
  expect(rowsOf(path, 'SELECT DISTINCT epoch, crashes FROM runs')).toEqual([{ epoch: 2, crashes: 0 }])
  await again.close()
})

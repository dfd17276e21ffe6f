import { once } from 'node:events'
import { chmodSync, chownSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

import type { Signal } from '@executus/checkpoint'
import { expect, test } from 'vitest'

import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { begin, rowsOf, said } from './stores.test-kit.ts'
import { tempFile } from './temp-folder.test-kit.ts'
import { start } from './worker-process.test-kit.ts'

const NOBODY = 65_534

test('while another process holds the file, writes and opening are busy in the end, and reading goes on', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path, { busyTimeoutMs: 150 })
  const claim = await begin(store, 'r')
  const worker = start('lock', path)
  await worker.line('ready')
  const busy = expect.objectContaining({ name: 'StoreError', code: 'busy' })
  await expect(store.append(claim, [said('a')], { expectHead: 0 })).rejects.toEqual(busy)
  await expect(store.claim({ limit: 1 })).rejects.toEqual(busy)
  await expect(sqliteJournalStore(path, { busyTimeoutMs: 150 })).rejects.toEqual(busy)
  expect(await store.read('r')).toEqual([])
  expect((await store.list({ limit: 9 })).runs).toHaveLength(1)

  const closed = once(worker.child, 'close')
  worker.child.stdin?.write('go\n')
  await closed
  expect(await store.append(claim, [said('a')], { expectHead: 0 })).toEqual({ head: 1 })
  await store.close()
})

test('a write waits for a process that holds the file for less than it is patient', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path, { busyTimeoutMs: 30_000 })
  const claim = await begin(store, 'r')
  const worker = start('lock', path)
  await worker.line('ready')
  let isDone = false
  const appended = store.append(claim, [said('a')], { expectHead: 0 }).finally(() => (isDone = true))
  await expect(sqliteJournalStore(path, { busyTimeoutMs: 100 })).rejects.toMatchObject({ code: 'busy' })
  expect(isDone).toBe(false)
  worker.child.stdin?.write('go\n')
  expect(await appended).toEqual({ head: 1 })
  await store.close()
})

test('a decision that races the waiting of its run wakes it, always', async () => {
  const path = tempFile()
  const runs = 400
  const store = await sqliteJournalStore(path, { synchronous: 'normal' })
  const worker = start('deliver', path, String(runs))
  const closed = once(worker.child, 'close')
  await worker.line('ready')
  const parked: string[] = []
  const heard: Signal[] = []
  for (let index = 0; index < runs; index++) {
    const answer = await store.park(await begin(store, String(index)), ['yes'])
    if (answer === 'parked') parked.push(String(index))
    else heard.push(...answer)
  }
  await closed
  expect(parked.length + heard.length).toBe(runs)
  expect(worker.lines.filter((line) => line === 'accepted')).toHaveLength(runs)
  expect(rowsOf(path, `SELECT run_id FROM runs WHERE status = 'signalled' ORDER BY run_no`)).toEqual(
    parked.map((runId) => ({ run_id: runId })),
  )
  expect(rowsOf(path, `SELECT count(*) AS waiting FROM runs WHERE status = 'waiting'`)).toEqual([{ waiting: 0 }])
  expect(await store.claim({ limit: runs })).toHaveLength(parked.length)
  await store.close()
})

test('a file that may not be written is refused as read-only, and left as it is', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path)
  await begin(store, 'r')
  await store.close()
  chmodSync(path, 0o400)
  // Root may write what it likes.
  const user = process.getuid?.() === 0 ? { uid: NOBODY } : {}
  if (user.uid !== undefined)
    for (const one of [dirname(path), path, `${path}.owners`]) chownSync(one, user.uid, user.uid)
  const bytes = readFileSync(path)
  const worker = start('hold', path, 'more', user)
  await once(worker.child, 'close')
  expect(worker.lines).toEqual(['read-only'])
  expect(readFileSync(path)).toEqual(bytes)
})

import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'

import type { JournalStore } from '@executus/checkpoint'
import { StoreError } from '@executus/core/store-error'
import { expect, test } from 'vitest'

import { openSqlite } from './open-sqlite.ts'
import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { begin, change, damageEntry, rowsOf, said } from './stores.test-kit.ts'
import { tempFile, tempFolder } from './temp-folder.test-kit.ts'

const RUNS = ['a', 'b', 'c', 'd']
const ENTRIES = 12

test('an append writes entries alone, and not the row of its run', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path)
  const claim = await begin(store, 'r')
  const before = rowsOf(path, 'SELECT * FROM runs')
  await store.append(claim, [said('a'), said('b')], { expectHead: 0 })
  expect(rowsOf(path, 'SELECT * FROM runs')).toEqual(before)
  expect(rowsOf(path, 'SELECT seq, body FROM entries WHERE seq > 0')).toEqual([
    { seq: 1, body: JSON.stringify(said('a')) },
    { seq: 2, body: JSON.stringify(said('b')) },
  ])
  await store.close()
})

test('what is not JSON is refused, and nothing is written', async () => {
  const store = await sqliteJournalStore(tempFile())
  const claim = await begin(store, 'r')
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  for (const wrong of [undefined, circle, 7n])
    await expect(store.append(claim, [said('a'), wrong as never], { expectHead: 0 })).rejects.toThrow(TypeError)
  expect(await store.append(claim, [said('\ud800\0\u{1f600}')], { expectHead: 0 })).toEqual({ head: 1 })
  expect(await store.read('r')).toEqual([said('\ud800\0\u{1f600}')])
  await expect(store.list({ limit: 1, after: 'nonsense' })).rejects.toThrow(RangeError)
  await store.close()
})

test('runs named by strings of any kind stay apart', async () => {
  const store = await sqliteJournalStore(tempFile())
  const ids = ['', ' ', "'; DROP TABLE runs; --", 'a\0b', 'a', 'A', '\u{1f600}', 'r/c', '%', 'x'.repeat(10_000)]
  for (const id of ids) await begin(store, id)
  expect((await store.list({ limit: 100 })).runs.map(({ runId }) => runId)).toEqual(ids)
  for (const id of ids) expect((await store.find(id))?.runId).toBe(id)
  await store.close()
})

test('one bit that changed anywhere in a body is found, and sets aside that run alone', async () => {
  const folder = tempFolder()
  const original = await filled(join(folder, 'original.db'))
  for (let trial = 0; trial < 40; trial++) {
    const path = join(folder, 'copy.db')
    const victim = RUNS[trial % RUNS.length]!
    const bytes = Buffer.from(original)
    const mark = `${victim} says ${trial % ENTRIES} `
    // The mark and the letters behind it, up to where the body goes on.
    const at = bytes.indexOf(mark) + Math.floor(Math.random() * (mark.length + 300))
    bytes[at] = bytes[at]! ^ (1 << Math.floor(Math.random() * 8))
    writeFileSync(path, bytes, { mode: 0o600 })
    const store = await sqliteJournalStore(path, { synchronous: 'normal' })
    const outcomes: unknown[] = []
    for (const runId of RUNS) outcomes.push(await store.read(runId).then(compareTo(runId), problemOf))
    expect(outcomes).toEqual(RUNS.map((runId) => (runId === victim ? 'corrupt' : 'whole')))
    const { runs } = await store.list({ limit: 9, status: ['quarantined'] })
    expect(runs.map(({ runId }) => runId)).toEqual([victim])
    await store.close()
  }
})

test('entries that are gone are missed', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path)
  for (const runId of ['claimed', 'read']) {
    await fill(store, runId)
    change(path, `DELETE FROM entries WHERE run_no = (SELECT max(run_no) FROM runs) AND seq >= 10`)
  }
  await expect(store.read('read')).rejects.toMatchObject({ code: 'corrupt', message: 'Entry 9 of read is damaged' })
  expect(await store.claim({ limit: 9 })).toEqual([])
  expect((await store.find('claimed'))?.status).toBe('quarantined')
  await store.fork('read', 9, 'saved')
  await expect(store.fork('read', 10, 'more')).rejects.toMatchObject({ code: 'corrupt' })
  await store.close()
})

test('a damaged info keeps nobody from claiming other runs', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path)
  for (const runId of ['broken', 'well']) await store.release(await begin(store, runId))
  change(path, `UPDATE entries SET body = replace(body, 'tea', 'pea') WHERE id = 1`)
  expect(await store.claim({ limit: 2 })).toMatchObject([{ runId: 'well' }])
  await expect(store.find('broken')).rejects.toMatchObject({ code: 'corrupt' })
  expect((await store.list({ limit: 9, status: ['quarantined'] })).runs).toMatchObject([
    { runId: 'broken', reason: 'The info of broken is damaged' },
  ])
  await store.close()
})

test('a settled run with a damaged entry stays settled: revived, it would be done again', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path)
  const claim = await begin(store, 'r')
  await store.append(claim, [said('a')], { expectHead: 0 })
  await store.settle(claim, { status: 'ok', stopReason: 'answered', output: 'done' })
  damageEntry(path, 'r', 0)
  await expect(store.read('r')).rejects.toMatchObject({ code: 'corrupt', message: 'Entry 0 of r is damaged' })
  expect(await store.revive('r')).toBe(false)
  expect((await store.find('r'))?.status).toBe('settled')
  await store.close()
})

test('sweep forgets in batches, and lets nothing of a run remain', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path, { synchronous: 'normal' })
  for (let index = 0; index < 45; index++) {
    const claim = await begin(store, `r${index}`)
    await store.append(claim, [said('a')], { expectHead: 0 })
    await store.deliver(`r${index}`, { name: 'yes', id: 'yes', value: true, atMs: 1 })
    await store.settle(claim, { status: 'ok', stopReason: 'answered', output: '' })
  }
  expect(await store.sweep({ settledBeforeMs: Number.POSITIVE_INFINITY, limit: 41 })).toBe(41)
  expect(
    rowsOf(path, 'SELECT (SELECT count(*) FROM entries) AS entries, (SELECT count(*) FROM signals) AS signals'),
  ).toEqual([{ entries: 8, signals: 4 }])
  expect(await store.sweep({ settledBeforeMs: Number.POSITIVE_INFINITY, limit: Number.POSITIVE_INFINITY })).toBe(4)
  await store.close()
})

test('what is swept goes in transactions of a few megabytes, and its room is used again', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path, { synchronous: 'normal' })
  const fillAndSweep = async (): Promise<number> => {
    for (let index = 0; index < 24; index++) {
      const claim = await begin(store, `r${index}`)
      await store.append(claim, [said('x'.repeat(500_000)), said('y'.repeat(500_000))], { expectHead: 0 })
      await store.settle(claim, { status: 'ok', stopReason: 'answered', output: '' })
    }
    expect(await store.sweep({ settledBeforeMs: Number.POSITIVE_INFINITY, limit: 1_000 })).toBe(24)
    return (rowsOf(path, 'PRAGMA page_count') as [{ readonly page_count: number }])[0].page_count
  }
  const pages = await fillAndSweep()
  expect(statSync(`${path}-wal`).size).toBeLessThan(16 * 2 ** 20)
  expect(await fillAndSweep()).toBeLessThan(pages * 1.1)
  expect(statSync(`${path}-wal`).size).toBeLessThan(16 * 2 ** 20)
  await store.close()
})

test('close() gives back what it holds though the file was closed under it', async () => {
  const path = tempFile()
  const db = await openSqlite(path)
  const store = await sqliteJournalStore(db)
  await begin(store, 'r')
  await db.close()
  await expect(store.close()).rejects.toMatchObject({ code: 'closed' })
  const next = await sqliteJournalStore(path)
  expect(await next.claim({ limit: 1 })).toMatchObject([{ runId: 'r', crashes: 1 }])
  await next.close()
})

/** A closed file with four released runs; gives its bytes. */
async function filled(path: string): Promise<Buffer> {
  const store = await sqliteJournalStore(path, { synchronous: 'normal' })
  for (const runId of RUNS) await fill(store, runId)
  await store.close()
  copyFileSync(path, `${path}.copy`)
  return readFileSync(`${path}.copy`)
}

async function fill(store: JournalStore, runId: string): Promise<void> {
  const claim = await begin(store, runId)
  await store.append(claim, sayingsOf(runId), { expectHead: 0 })
  await store.release(claim)
}

function sayingsOf(runId: string) {
  return Array.from({ length: ENTRIES }, (_, index) => said(`${runId} says ${index} ${'x'.repeat(400)}`))
}

const compareTo = (runId: string) => (entries: unknown) => {
  return isDeepStrictEqual(entries, sayingsOf(runId)) ? 'whole' : entries
}

const problemOf = (error: unknown) => (StoreError.is(error) ? error.code : error)

import { readFileSync, rmSync, writeFileSync } from 'node:fs'

import type { JournalEntry } from '@executus/core'
import { expect, test } from 'vitest'

import { seeded } from './seeded.test-kit.ts'
import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { begin, rowsOf, said } from './stores.test-kit.ts'
import { tempFile } from './temp-folder.test-kit.ts'

const TRIALS = 150
const RUNS = 6
const SECTOR = 512
const FRAME = 24 + 4_096
const HEADER = 32

type Loss = (log: Buffer, random: () => number) => Buffer

/** What may become of the end of a log that had not reached the disk. */
const LOSSES: Readonly<Record<string, Loss>> = {
  'is cut off': (log, random) => log.subarray(0, Math.floor(random() * log.length)),
  'is cut off between frames': (log, random) =>
    log.subarray(0, HEADER + FRAME * Math.floor((random() * (log.length - HEADER)) / FRAME)),
  'is garbage': (log, random) => log.fill(Math.floor(random() * 256), Math.floor(random() * log.length)),
  'is noise': (log, random) => {
    for (let at = Math.floor(random() * log.length); at < log.length; at++) log[at] = Math.floor(random() * 256)
    return log
  },
  'lacks a sector': (log, random) => {
    const from = SECTOR * Math.floor((random() * log.length) / SECTOR)
    return log.fill(0, from, Math.min(from + SECTOR, log.length))
  },
}

test.each(Object.entries(LOSSES))('a run is a beginning of what it was when the log %s', async (_, lose) => {
  const path = tempFile()
  const { before, after, log } = await interruptedWrite(path)
  const database = readFileSync(path)
  const copy = `${path}.copy`
  const lengths = new Set<number>()
  for (let seed = 0; seed < TRIALS / Object.keys(LOSSES).length; seed++) {
    for (const end of ['-shm', '.owners']) rmSync(`${copy}${end}`, { force: true, recursive: true })
    writeFileSync(copy, database, { mode: 0o600 })
    writeFileSync(`${copy}-wal`, lose(Buffer.from(log), seeded(seed)), { mode: 0o600 })
    const store = await sqliteJournalStore(copy, { synchronous: 'normal' })
    for (const [runId, entries] of after) {
      const read = await store.read(runId)
      expect(read, `seed ${seed}`).toEqual(entries.slice(0, read.length))
      expect(read.length).toBeGreaterThanOrEqual(before.get(runId)!)
      expect((await store.find(runId))?.head).toBe(read.length)
      lengths.add(read.length)
    }
    const claims = await store.claim({ limit: RUNS })
    expect(claims).toHaveLength(RUNS)
    for (const claim of claims) await store.append(claim, [said('again')], { expectHead: claim.head })
    await store.close()
    expect(rowsOf(copy, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  }
  expect(lengths.size).toBeGreaterThan(2) // it was lost at different places
})

/** A file whose log was brought into it once; what it held then, and what was written to the log since. */
async function interruptedWrite(path: string): Promise<{
  readonly before: ReadonlyMap<string, number>
  readonly after: ReadonlyMap<string, readonly JournalEntry[]>
  readonly log: Buffer
}> {
  const first = await sqliteJournalStore(path, { synchronous: 'normal' })
  const ids = Array.from({ length: RUNS }, (_, index) => `r${index}`)
  for (const id of ids) await first.append(await begin(first, id), [said(`${id} began`)], { expectHead: 0 })
  await first.close()
  const before = new Map(ids.map((id) => [id, 1]))
  const store = await sqliteJournalStore(path, { synchronous: 'normal' })
  const after = new Map<string, readonly JournalEntry[]>()
  const claims = await store.claim({ limit: RUNS })
  for (let index = 1; index <= 8; index++)
    for (const claim of claims)
      await store.append(claim, [said(`${claim.runId} says ${index} ${'x'.repeat(900)}`)], { expectHead: index })
  for (const id of ids) after.set(id, await store.read(id))
  const log = readFileSync(`${path}-wal`)
  return { before, after, log }
}

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'

import { StoreError } from '@executus/core/store-error'
import { expect, test } from 'vitest'

import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { begin, rowsOf, said } from './stores.test-kit.ts'
import { tempFile } from './temp-folder.test-kit.ts'

const PAGE = 4_096
const IDS = Array.from({ length: 8 }, (_, index) => `r${index}`)
const entriesOf = (id: string) => [1, 2, 3].map((line) => said(`${id} says ${line}`))

// A row that is found by a damaged index is sound by itself, and somebody else's.
test.each(['sqlite_autoindex_runs_1', 'sqlite_autoindex_entries_1'])(
  'a run is itself or its reading fails, whichever bit of %s is damaged',
  async (index) => {
    const path = tempFile()
    const store = await sqliteJournalStore(path, { synchronous: 'normal' })
    for (const id of IDS) {
      const claim = await begin(store, id)
      await store.append(claim, entriesOf(id), { expectHead: 0 })
      await store.release(claim)
    }
    await store.close()
    const [{ rootpage }] = rowsOf(path, `SELECT rootpage FROM sqlite_schema WHERE name = '${index}'`) as [
      { readonly rootpage: number },
    ]
    const bytes = readFileSync(path)
    const used = Array.from({ length: PAGE }, (_, at) => (rootpage - 1) * PAGE + at).filter((at) => bytes[at] !== 0)
    const seen: string[] = []
    for (const [nth, at] of used.entries()) {
      const damaged = Buffer.from(bytes)
      damaged[at] = damaged[at]! ^ (1 << (nth % 3))
      for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
      writeFileSync(path, damaged, { mode: 0o600 })
      const again = await sqliteJournalStore(path, { synchronous: 'normal' })
      for (const id of IDS) {
        const read: unknown = await again.read(id).catch((error: unknown) => error)
        seen.push(StoreError.is(read) ? read.code : isDeepStrictEqual(read, entriesOf(id)) ? 'itself' : `byte ${at}`)
        const info: unknown = await again.find(id).then(
          (found) => found?.info.runId,
          () => undefined,
        )
        seen.push(info === undefined || info === id ? 'itself' : `byte ${at}`)
      }
      await again.close()
    }
    expect(seen.filter((one) => one.startsWith('byte'))).toEqual([])
    expect(new Set(seen)).toContain('corrupt')
    expect(new Set(seen)).toContain('itself')
  },
  30_000,
)

import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { StoreError } from '@executus/checkpoint'
import { expect, onTestFinished, test } from 'vitest'

import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { begin, said } from './stores.test-kit.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

const MOUNT = '/bin/mount'
const UNMOUNT = '/bin/umount'
const canMount = triesToMount()

test('a full disk rejects with full, keeps what was acknowledged, and goes on when there is room', async (context) => {
  context.skip(!canMount, 'it takes the right to mount a small file system')
  const folder = smallDisk()
  const path = join(folder, 'runs.db')
  writeFileSync(join(folder, 'ballast'), Buffer.alloc(400_000))
  const store = await sqliteJournalStore(path)
  const claim = await begin(store, 'r')
  let head = 0
  const appendMore = async () => {
    for (;;) ({ head } = await store.append(claim, [said('x'.repeat(20_000))], { expectHead: head }))
  }
  const problem: unknown = await appendMore().catch((error: unknown) => error)
  expect(problem).toSatisfy((error) => StoreError.is(error))
  expect(problem).toMatchObject({ code: 'full', message: 'The store has no room left on its disk (SQLITE_FULL)' })
  expect(head).toBeGreaterThan(10)
  expect(await store.read('r')).toHaveLength(head)
  rmSync(join(folder, 'ballast'))
  expect(await store.append(claim, [said('again')], { expectHead: head })).toEqual({ head: head + 1 })
  await store.close()
})

test('a disk without room for a store rejects with full', async (context) => {
  context.skip(!canMount, 'it takes the right to mount a small file system')
  const folder = smallDisk()
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(join(folder, 'ballast'), Buffer.alloc(bavail * bsize - 8_192))
  await expect(sqliteJournalStore(join(folder, 'runs.db'))).rejects.toSatisfy((error) => StoreError.is(error))
})

test('a disk that became read-only rejects with read-only', async (context) => {
  context.skip(!canMount, 'it takes the right to mount a small file system')
  const folder = smallDisk()
  const path = join(folder, 'runs.db')
  const store = await sqliteJournalStore(path)
  await begin(store, 'r')
  await store.close()
  execFileSync(MOUNT, ['-o', 'remount,ro', folder])
  await expect(sqliteJournalStore(path)).rejects.toMatchObject({ name: 'StoreError', code: 'read-only' })
  await expect(sqliteJournalStore(join(folder, 'new.db'))).rejects.toMatchObject({ code: 'read-only' })
})

/** A file system of 2 MB, gone after the test. */
function smallDisk(): string {
  const folder = tempFolder()
  execFileSync(MOUNT, ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder])
  onTestFinished(() => void execFileSync(UNMOUNT, ['-l', folder]))
  return folder
}

function triesToMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  try {
    execFileSync(MOUNT, ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/mnt'], { stdio: 'ignore' })
    execFileSync(UNMOUNT, ['/mnt'])
    return true
  } catch {
    return false
  }
}

import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Checkpoints, createCheckpoints, recoverRuns } from '@executus/checkpoint'
import { createExecutor, defineTool, type Executor, noLogger } from '@executus/core'
import { StoreError } from '@executus/core/store-error'
import { type ModelRequest, modelStream, noUsage } from '@executus/llm'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'

import { sqliteFileStore } from './sqlite-file-store.ts'
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

test('runs on a disk that is full are interrupted, lose nothing that was kept, and go on when there is room', async (context) => {
  context.skip(!canMount, 'it takes the right to mount a small file system')
  const folder = smallDisk(16) // the log takes 4 before it is brought into the file
  const ballast = join(folder, 'ballast')
  writeFileSync(ballast, Buffer.alloc(15_900_000))
  const checkpoints = createCheckpoints(await sqliteJournalStore(join(folder, 'runs.db')))
  const effects: string[] = []
  const executor = writerExecutor(checkpoints, effects)
  const ids = Array.from({ length: 6 }, (_, index) => `r${index}`)
  const results = await Promise.all(ids.map((runId) => executor.run(WRITER, 'go', { runId })))
  const stopped = results.filter(({ status }) => status !== 'ok').map(({ status, stopReason }) => [status, stopReason])
  expect(stopped.length).toBeGreaterThan(0)
  for (const one of stopped) expect(['interrupted/storage', 'rejected/not-durable']).toContain(one.join('/'))
  expect(new Set(effects).size).toBe(effects.length)

  rmSync(ballast)
  const begun = new Set((await checkpoints.list({ limit: 99 })).runs.map(({ runId }) => runId))
  const { failed, skipped } = await recoverRuns(executor, checkpoints, { logger: noLogger })
  expect([failed, skipped]).toEqual([[], []])
  for (const runId of ids.filter((id) => begun.has(id))) {
    const outcome = (await checkpoints.find(runId))?.outcome
    expect([runId, outcome?.status]).toEqual([runId, 'ok'])
    // All its calls were made, but for those of which nobody knows.
    expect(outcome?.output.match(/written|unknown/g)).toHaveLength(TURNS)
  }
  expect(new Set(effects).size).toBe(effects.length) // nothing was done twice
  await executor.shutdown()
  await checkpoints.close()
})

test('a large file that finds no room leaves nothing behind, and is kept when there is room', async (context) => {
  context.skip(!canMount, 'it takes the right to mount a small file system')
  const folder = smallDisk()
  const path = join(folder, 'runs.db')
  const store = await sqliteFileStore(path)
  const ballast = join(folder, 'ballast')
  writeFileSync(ballast, Buffer.alloc(800_000))
  const file = { run: { runId: 'r' }, mediaType: 'text/plain', source: { text: 'x'.repeat(1_200_000) } }
  await expect(store.save(file)).rejects.toMatchObject({ name: 'StoreError', code: 'full' })
  expect(readdirSync(`${path}.blobs`)).toEqual([])
  expect(await store.list({ runId: 'r' })).toEqual([])
  rmSync(ballast)
  const { name } = await store.save(file)
  expect((await store.read(name))?.size).toBe(1_200_000)
  await store.close()
})

const TURNS = 6
const WRITER = { name: 'writer', tools: ['write'] }

/** An executor whose model calls `write` some times, and then tells what came of it; `effects` hears of each call. */
function writerExecutor(checkpointer: Checkpoints, effects: string[]): Executor {
  const write = defineTool({
    name: 'write',
    description: 'writes',
    effect: 'write',
    input: z.object({ n: z.number() }),
    run({ n }, { runId }) {
      effects.push(`${runId}: ${n}`)
      return `written ${n} ${'x'.repeat(8_000)}`
    },
  })
  const stream = ({ messages }: ModelRequest) =>
    modelStream(() => {
      const n = messages.filter(({ role }) => role === 'assistant').length + 1
      const text =
        JSON.stringify(messages.slice(1))
          .match(/written \d|outcome is unknown/g)
          ?.join(', ') ?? 'nothing'
      return Promise.resolve({
        message: {
          role: 'assistant',
          content:
            n > TURNS
              ? [{ type: 'text', text }]
              : [{ type: 'tool-call', id: `c${n}`, name: 'write', argumentsText: JSON.stringify({ n }) }],
        },
        stopReason: n > TURNS ? 'stop' : 'tool-calls',
        usage: { ...noUsage, inputTokens: 1, outputTokens: 1 },
      })
    })
  const model = { spec: 'pure/model', facts: { contextWindow: 1_000_000 }, stream }
  return createExecutor({
    tiers: { fast: model },
    tools: [write],
    limits: { maxToolOutputChars: 100_000 },
    checkpointer,
    requireDurable: true,
    logger: noLogger,
  })
}

/** A file system of some megabytes, gone after the test. */
function smallDisk(megabytes = 2): string {
  const folder = tempFolder()
  execFileSync(MOUNT, ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
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

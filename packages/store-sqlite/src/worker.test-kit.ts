// A process of its own, for the end-to-end tests: `node worker.test-kit.ts <work> <path> <runId>`. It tells on stdout what
// it was acknowledged, a line each, written at once.
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { StoreError } from '@executus/core/store-error'

import { driverFor } from './connect.ts'
import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { infoOf, said } from './stores.test-kit.ts'

const [, , work = '', path = '', runId = ''] = process.argv
const tell = (line: string | number) => writeSync(1, `${line}\n`)
const store = await sqliteJournalStore(path).catch((error: unknown) => {
  tell(StoreError.is(error) ? error.code : String(error))
  process.stdin.destroy()
  throw error
})

/** Holds a new run, and appends to it when a line comes in. */
async function hold(): Promise<void> {
  const made = await store.create({ runId, info: infoOf(runId) })
  if (!made.created) throw new Error(`${runId} is there already`)
  let { head } = made.claim
  tell('ready')
  for await (const _ of process.stdin) {
    head = await store.append(made.claim, [said('a')], { expectHead: head }).then(
      (appended) => appended.head,
      (error: unknown) => {
        tell(String(error))
        return head
      },
    )
    tell(head)
  }
}

/** Appends to a run for ever. */
async function append(): Promise<void> {
  const made = await store.create({ runId, info: infoOf(runId) })
  const [claim] = made.created ? [made.claim] : await store.claim({ limit: 1, runId })
  if (claim === undefined) throw new Error(`${runId} cannot be claimed`)
  for (let { head } = claim; ;) {
    ;({ head } = await store.append(claim, [said(`${head} ${'x'.repeat(2_000)}`)], { expectHead: head }))
    tell(head)
  }
}

/** Takes what there is, and does it, once a line comes in. */
async function drain(): Promise<void> {
  tell('ready')
  await once(process.stdin, 'data')
  process.stdin.destroy()
  for (;;) {
    const claims = await store.claim({ limit: 3 })
    if (claims.length === 0) break
    for (const claim of claims) {
      const { head } = await store.append(claim, [said(`by ${process.pid}`)], { expectHead: claim.head })
      await sleep(Math.random() * 3)
      await store.append(claim, [said(`by ${process.pid}`)], { expectHead: head })
      await store.settle(claim, { status: 'ok', stopReason: 'answered', output: String(process.pid) })
      tell(claim.runId)
    }
  }
  await store.close()
}

/** Holds the whole file until a line comes in. */
async function lock(): Promise<void> {
  await store.close()
  const driver = driverFor(path, { timeout: 5_000 })
  driver.exec('BEGIN EXCLUSIVE')
  tell('ready')
  await once(process.stdin, 'data')
  process.stdin.destroy()
  driver.exec('ROLLBACK')
  driver.close()
}

/** Says yes to runs, named by numbers from 0 on, as soon as each is there; `runId` is how many. */
async function deliver(): Promise<void> {
  tell('ready')
  for (let index = 0; index < Number(runId); index++) {
    const signal = { name: 'yes', id: 'yes', value: true, atMs: 1 }
    let told = await store.deliver(String(index), signal)
    while (told === 'no-such-run') told = await store.deliver(String(index), signal)
    tell(told)
  }
  await store.close()
}

const works: Readonly<Record<string, () => Promise<void>>> = { hold, append, drain, lock, deliver }
await works[work]?.()

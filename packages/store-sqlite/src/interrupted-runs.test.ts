import { createCheckpoints, type JournalStore, recoverRuns } from '@executus/checkpoint'
import { noLogger } from '@executus/core'
import { expect, test } from 'vitest'

import { openSqlite } from './open-sqlite.ts'
import type { SqliteDatabase, SqliteValue } from './sqlite-database.ts'
import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { begin, change, killOwner, rowsOf } from './stores.test-kit.ts'
import { tempFile } from './temp-folder.test-kit.ts'

const ALL = 30_000
const INTERRUPTED = ALL / 3

test('of 10,000 interrupted runs a process reads those that it lists or claims, through indexes alone', async () => {
  const { store, asked } = await openAfterCrash()
  const page = await store.list({ limit: 100, claimableOnly: true, rootsOnly: true })
  expect(page.runs.map(({ runId }) => runId).slice(0, 3)).toEqual(['first', 'r3', 'r6'])
  expect([page.runs.length, page.next !== undefined]).toEqual([100, true])
  expect(asked.rows).toBeLessThan(250)

  asked.rows = 0
  expect(await store.claim({ limit: 8, rootsOnly: true })).toHaveLength(8)
  // A page of the dead owner's, as most of them may be resting; and of each one that is claimed its info.
  expect(asked.rows).toBeLessThan(250)

  asked.rows = 0
  expect(await store.claim({ limit: 1, runId: 'r9000' })).toMatchObject([{ runId: 'r9000' }])
  expect(await store.list({ limit: 100, status: ['running'], after: page.next! })).toMatchObject({
    runs: { length: 100 },
  })
  expect(asked.rows).toBeLessThan(250)
  await expect(store.sweep({ settledBeforeMs: 2, limit: 40 })).resolves.toBe(40)

  // `runs` of one id, of one status, of one owner; never the whole table.
  expect(asked.plans.length).toBeGreaterThan(10)
  const tables = '(runs|entries|signals|files|blobs)'
  const whole = new RegExp(`SCAN ${tables}\\b(?! USING .*INDEX)|SEARCH ${tables} USING INTEGER PRIMARY KEY .rowid>`)
  expect(asked.plans.filter((plan) => whole.test(plan))).toEqual([])
  await store.close()
})

test('a recovery of 10,000 interrupted runs has a page of them in memory, and as many at work as it may', async () => {
  const { store, asked } = await openAfterCrash()
  const stop = new AbortController()
  let [atWork, most, ended] = [0, 0, 0]
  const executor = {
    resume: (runId: string) => ({
      id: runId,
      result: (async () => {
        most = Math.max(most, ++atWork)
        const [claim] = await store.claim({ limit: 1, runId })
        await store.settle(claim!, { status: 'ok', stopReason: 'answered', output: '' })
        atWork -= 1
        ended += 1
        if (ended === 300) stop.abort()
        return { status: 'ok', stopReason: 'answered' }
      })(),
    }),
  }
  const checkpoints = createCheckpoints(store)
  const { resumed } = await recoverRuns(executor as never, checkpoints, {
    concurrency: 5,
    signal: stop.signal,
    logger: noLogger,
  })
  expect(resumed.length).toBeLessThan(320)
  expect(new Set(resumed.map(({ runId }) => runId)).size).toBe(resumed.length)
  expect(most).toBe(5)
  expect(asked.mostAtOnce).toBeLessThan(250)
  await store.close()
})

interface Asked {
  /** How the statements were carried out that read. */
  readonly plans: string[]
  /** Rows that were read, and how many one statement gave at most. */
  rows: number
  mostAtOnce: number
}

/** A store on a file with very many runs whose owner was killed, and twice as many settled ones. */
async function openAfterCrash(): Promise<{ readonly store: JournalStore; readonly asked: Asked }> {
  const path = tempFile()
  const dead = await sqliteJournalStore(path, { synchronous: 'normal' })
  await begin(dead, 'first')
  const [{ owner }] = rowsOf(path, 'SELECT owner FROM runs') as [{ readonly owner: string }]
  change(
    path,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ALL})
     INSERT INTO runs(run_id, root_run_id, agent, status, owner, epoch, claimed_at, created_at, settled_at, outcome)
     SELECT 'r' || i, 'r' || i, 'a', iif(i % 3 = 0, 'running', 'settled'), iif(i % 3 = 0, '${owner}', NULL), 1, 1, 1, 1, '{}' FROM n;
     INSERT INTO entries(run_no, seq, at, crc, body)
     SELECT run_no, 0, 1, (SELECT crc FROM entries WHERE id = 1), (SELECT body FROM entries WHERE id = 1) FROM runs
     WHERE run_id <> 'first'`,
  )
  expect(rowsOf(path, `SELECT count(*) AS count FROM runs WHERE status = 'running'`)).toEqual([
    { count: INTERRUPTED + 1 },
  ])
  killOwner(dead)
  const asked: Asked = { plans: [], rows: 0, mostAtOnce: 0 }
  const db = watched(await openSqlite(path, { synchronous: 'normal' }), asked)
  return { store: await sqliteJournalStore(db), asked }
}

/** A database that notes what is asked of it. */
function watched(db: SqliteDatabase, asked: Asked): SqliteDatabase {
  const count = (rows: number) => {
    asked.rows += rows
    asked.mostAtOnce = Math.max(asked.mostAtOnce, rows)
  }
  return {
    path: db.path,
    write: (work) => db.write(work),
    writeOne: (work) => db.writeOne(work),
    read: (work) => db.read(work),
    close: () => db.close(),
    prepare(sql) {
      const statement = db.prepare(sql)
      return {
        run: (...values) => statement.run(...values),
        get(...values) {
          note(sql, values)
          count(1)
          return statement.get(...values)
        },
        all(...values) {
          note(sql, values)
          const rows = statement.all(...values)
          count(rows.length)
          return rows
        },
      }
    },
  }

  function note(sql: string, values: readonly SqliteValue[]): void {
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { readonly detail: string }[]
    asked.plans.push(...steps.map(({ detail }) => `${detail} -- ${sql.trim().slice(0, 80)}`))
  }
}

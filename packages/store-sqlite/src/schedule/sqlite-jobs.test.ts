import { createSchedule } from '@executus/schedule'
import { scheduleStoreConformance } from '@executus/schedule/testing'
import { expect, test } from 'vitest'

import { openSqlite } from '../open-sqlite.ts'
import { sqliteScheduleStore } from '../sqlite-schedule-store.ts'
import { change, rowsOf } from '../stores.test-kit.ts'
import { tempFile } from '../temp-folder.test-kit.ts'
import { openSqliteJobs } from './schedules.test-kit.ts'

for (const { name, skip, run } of scheduleStoreConformance(openSqliteJobs, { races: 50 }))
  test(name, { skip: skip !== undefined }, run)

test('jobs are there when the file is opened again, and go on from where they were', async () => {
  const path = tempFile()
  const clock = { now: () => 1_000_000, after: () => () => {} }
  const first = await sqliteScheduleStore(path)
  await createSchedule({ store: first, clock }).add({ id: 'tea', trigger: { everyMs: 60_000 }, payload: { sugar: 2 } })
  await first.close()

  const second = await sqliteScheduleStore(path)
  const fired: unknown[] = []
  const schedule = createSchedule({ store: second, clock, run: ({ id, payload }) => void fired.push([id, payload]) })
  await schedule.tick(1_060_000)
  expect(fired).toEqual([['tea@1060000', { sugar: 2 }]])
  expect(await schedule.get('tea')).toMatchObject({ nextAtMs: 1_120_000, lastOutcome: 'ran', runs: 1 })
  await second.close()
})

test('schedules on two connections to one file begin each firing once', async () => {
  const path = tempFile()
  const stores = [await sqliteScheduleStore(path), await sqliteScheduleStore(path)]
  const fired: string[] = []
  const schedules = stores.map((store) =>
    createSchedule({ store, run: ({ id }) => void fired.push(id), maxCatchUp: 50 }),
  )
  const jobs = ['a', 'b', 'c']
  for (const id of jobs)
    await schedules[0]!.add({ id, missed: 'all', trigger: { everyMs: 1_000, anchorMs: 4_000_000_000_000 } })
  await Promise.all(schedules.map((schedule) => schedule.tick(4_000_000_019_000)))
  const all = jobs.flatMap((id) =>
    Array.from({ length: 20 }, (_, index) => `${id}@${4_000_000_000_000 + index * 1_000}`),
  )
  expect(fired.toSorted()).toEqual(all.toSorted())
  for (const store of stores) await store.close()
})

test('a row of which a column was changed is damaged, not believed', async () => {
  const path = tempFile()
  const store = await sqliteScheduleStore(path)
  const schedule = createSchedule({ store })
  await schedule.add({ id: 'a', trigger: { atMs: 4_000_000_000_000 } })
  change(path, `UPDATE jobs SET next_at = 1`)
  await expect(schedule.get('a')).rejects.toMatchObject({ code: 'corrupt' })
  expect(await store.due({ nowMs: 2, limit: 9 })).toEqual({ jobs: [], damaged: ['a'] })
  await store.close()
})

test('a damaged firing is left out of the history, and the others are there', async () => {
  const path = tempFile()
  const store = await sqliteScheduleStore(path)
  const schedule = createSchedule({ store, run: () => {} })
  await schedule.add({ id: 'a', missed: 'all', trigger: { everyMs: 1_000, anchorMs: 4_000_000_000_000 } })
  await schedule.tick(4_000_000_002_000)
  change(path, `UPDATE firings SET body = replace(body, 'ran', 'rbn') WHERE due_at = 4000000001000`)
  const history = await schedule.history('a')
  expect(history.map(({ dueAtMs }) => dueAtMs)).toEqual([4_000_000_002_000, 4_000_000_000_000])
  await store.close()
})

test('no statement reads a whole table, or sorts: each goes by an index, in its order', async () => {
  const db = await openSqlite(tempFile())
  const statements = new Set<string>()
  const store = await sqliteScheduleStore({
    path: db.path,
    prepare(sql) {
      statements.add(sql)
      return db.prepare(sql)
    },
    write: (work) => db.write(work),
    writeOne: (work) => db.writeOne(work),
    read: (work) => db.read(work),
    close: () => db.close(),
  })
  const schedule = createSchedule({ store, run: () => {} })
  await schedule.add({ id: 'a', owner: 'eve', trigger: { atMs: 4_000_000_000_000 } })
  await schedule.tick(4_000_000_000_000)
  await schedule.list()
  await schedule.list({ owner: 'eve' })
  await store.nextAt(5)
  await schedule.history('a')
  await schedule.sweep({ endedBeforeMs: 5, limit: 5 })
  await schedule.remove('a')
  expect(statements.size).toBe(12)
  for (const sql of statements) {
    const values = Array.from(sql.matchAll(/\?/g), () => 1)
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { readonly detail: string }[]
    for (const { detail } of plan) expect(`${detail} in ${sql}`).not.toMatch(/^(SCAN|USE TEMP B-TREE)/)
  }
  await db.close()
})

test('a history is forgotten with its job', async () => {
  const path = tempFile()
  const store = await sqliteScheduleStore(path)
  const schedule = createSchedule({ store, run: () => {} })
  await schedule.add({ id: 'a', trigger: { atMs: 4_000_000_000_000 } })
  await schedule.tick(4_000_000_000_000)
  expect(rowsOf(path, 'SELECT count(*) AS count FROM firings')).toEqual([{ count: 1 }])
  expect(await schedule.sweep({ endedBeforeMs: 4_000_000_000_001, limit: 9 })).toBe(1)
  expect(rowsOf(path, 'SELECT count(*) AS count FROM firings')).toEqual([{ count: 0 }])
  await store.close()
})

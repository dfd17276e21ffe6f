import { type AuditEntry, type AuditRun, type AuditStoreQuery, createAudit } from '@executus/audit'
import { auditStoreConformance, type OpenedAuditStores } from '@executus/audit/testing'
import { defineTool } from '@executus/core'
import { scriptedHost } from '@executus/core/testing'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { openSqlite } from '../open-sqlite.ts'
import { sqliteAuditStore } from '../sqlite-audit-store.ts'
import { change, rowsOf } from '../stores.test-kit.ts'
import { tempFile } from '../temp-folder.test-kit.ts'
import { selectsOf } from './audit-selects.ts'
import { FORGET_SQL, SILENT_SQL } from './forget-sql.ts'

function openSqliteStores(): OpenedAuditStores {
  const path = tempFile()
  const opened: { close(): Promise<void> }[] = []
  return {
    async connect() {
      // What the disk does is tested elsewhere.
      const store = await sqliteAuditStore(path, { synchronous: 'normal' })
      opened.push(store)
      return store
    },
    damage(runId, seq) {
      const runNo = `(SELECT run_no FROM audit_runs WHERE run_id = '${runId}')`
      const [table, where] = seq === 0 ? ['audit_runs', ''] : ['audit_entries', ` AND seq = ${seq}`]
      change(path, `UPDATE ${table} SET body = replace(body, 'runId', 'runIb') WHERE run_no = ${runNo}${where}`)
      return Promise.resolve()
    },
    async close() {
      for (const store of opened) await store.close()
    },
  }
}

for (const { name, skip, run } of auditStoreConformance(openSqliteStores)) test(name, { skip: skip !== undefined }, run)

const run: AuditRun = {
  ...{ runId: 'r', rootRunId: 'r', agent: 'a', tier: 'fast', model: 'p/m', input: 'go', inputMessages: 1 },
  ...{ limits: {}, startedAtMs: 1, segments: 1, steps: 0, toolCalls: 0, dropped: 0, entries: 1, updatedAtMs: 1 },
  status: 'running',
}
const entry: AuditEntry = { type: 'steer', step: 1, text: 'x', runId: 'r', seq: 1, atMs: 1 }
const entries = [entry]

test('what was written is there when the file is opened anew', async () => {
  const path = tempFile()
  const store = await sqliteAuditStore(path)
  await store.write([{ run, after: 0, entries }])
  await store.close()
  const again = await sqliteAuditStore(path)
  expect(await again.find('r')).toEqual(run)
  expect(await again.entries('r', { after: 0, limit: 9 })).toEqual(entries)
  await again.close()
})

test('a store on a file that is open already leaves it open', async () => {
  const db = await openSqlite(tempFile())
  const store = await sqliteAuditStore(db)
  await store.write([{ run, after: 0, entries }])
  await store.close()
  await expect(store.find('r')).rejects.toMatchObject({ code: 'closed' })
  const other = await sqliteAuditStore(db)
  expect(await other.find('r')).toEqual(run)
  await db.close()
})

test('notes that come by another opening of the file stand in the record of a run at work, and of one that has ended', async () => {
  const path = tempFile()
  const [audit, other] = [
    createAudit({ store: await sqliteAuditStore(path), chain: true }),
    createAudit({ store: await sqliteAuditStore(path), chain: true }),
  ]
  const look = defineTool({
    name: 'look',
    description: 'x',
    effect: 'read',
    input: z.object({}),
    run: async (_, { runId }) => {
      await audit.flush()
      await other.note(runId, { about: 'tea', text: 'at work' })
      return 'seen'
    },
  })
  const { executor } = scriptedHost([{ calls: [{ name: 'look', input: {} }] }, { text: 'Hi.' }], {
    audit,
    tools: [look],
  })
  await executor.run({ name: 'a', tools: ['look'] }, 'go', { runId: 'r' })
  await other.note('r', { about: 'tea', text: 'ended', by: 'eve' })
  await audit.close()
  expect((await other.entries('r')).map((one) => (one.type === 'note' ? one.text : one.type))).toEqual([
    ...['start', 'tool-call', 'at work', 'tool-result', 'step', 'step', 'end', 'ended'],
  ])
  expect(await other.find('r')).toMatchObject({ status: 'ok', segments: 1, entries: 8 })
  expect((await other.list({ status: ['ok'] })).runs).toHaveLength(1)
  expect(await other.verify('r')).toMatchObject({ isWhole: true, entries: 8 })
  await other.forget('r')
  await expect(other.note('r', { about: 'tea', text: 'gone' })).rejects.toMatchObject({ code: 'not-found' })
  await other.close()
})

test('an entry whose row is gone leaves a gap that the chain tells of', async () => {
  const path = tempFile()
  const store = await sqliteAuditStore(path)
  const three = [1, 2, 3].map((seq) => ({ ...entry, seq }))
  await store.write([{ run: { ...run, entries: 3 }, after: 0, entries: three }])
  change(path, 'DELETE FROM audit_entries WHERE seq = 2')
  expect((await store.entries('r', { after: 0, limit: 9 })).map(({ seq }) => seq)).toEqual([1, 3])
  await store.close()
})

test('forgetting a run leaves nothing of it in the file', async () => {
  const path = tempFile()
  const store = await sqliteAuditStore(path)
  await store.write([{ run, after: 0, entries }])
  await store.forget('r')
  expect(rowsOf(path, 'SELECT * FROM audit_runs')).toEqual([])
  expect(rowsOf(path, 'SELECT * FROM audit_entries')).toEqual([])
  await store.close()
})

test('a sweep of many trees takes several transactions, and all of them', async () => {
  const store = await sqliteAuditStore(tempFile(), { synchronous: 'normal' })
  const runs = Array.from({ length: 50 }, (_, index) => ({ ...run, runId: `r${index}`, rootRunId: `r${index}` }))
  await store.write(runs.map((one) => ({ run: { ...one, entries: 0 }, after: 0, entries: [] })))
  expect(await store.sweep({ endedBeforeMs: 2, limit: 45 })).toBe(45)
  expect((await store.list({ limit: 99 })).runs).toHaveLength(5)
  await store.close()
})

const QUERIES: readonly Partial<AuditStoreQuery>[] = [
  {},
  { fromMs: 5, toMs: 9 },
  { rootRunId: 'x' },
  { parentRunId: 'x' },
  { caller: 'x' },
  { channel: 'x' },
  { guild: 'x' },
  { agent: 'x' },
  { subject: 'x' },
  { status: ['ok', 'error'] },
  { caller: 'x', channel: 'y', status: ['ok'], fromMs: 1 },
  { rootRunId: 'x', agent: 'y' },
]

test('no list reads runs that it does not look for, or sorts', async () => {
  const path = tempFile()
  await (await sqliteAuditStore(path)).close()
  const driver = new Database(path)
  const planOf = (sql: string) =>
    (driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...sql.match(/\?/g)!.map(() => 1)) as { detail: string }[])
      .map(({ detail }) => detail)
      .join('\n')
  for (const query of QUERIES)
    for (const after of [undefined, '5/5'])
      for (const { sql } of selectsOf({ limit: 9, ...query, ...(after !== undefined && { after }) })) {
        const column = /WHERE (\w+) = \?|WHERE (status)/.exec(sql)
        const plan = planOf(sql)
        expect(plan).toMatch(/^SEARCH audit_runs USING INDEX \w+ \([^)]*started_at[<>]/)
        expect(plan).toContain(column === null ? '(' : `(${column[1] ?? column[2]}=?`)
        expect(plan).not.toMatch(/SCAN|TEMP/)
      }
  const entriesPlan = planOf(
    'SELECT body FROM audit_entries WHERE run_no = (SELECT run_no FROM audit_runs WHERE run_id = ?) AND seq > ? ORDER BY seq',
  )
  expect(entriesPlan).not.toMatch(/SCAN|TEMP/)
  expect(planOf(SILENT_SQL)).not.toMatch(/SCAN|TEMP/)
  expect(planOf('DELETE FROM audit_runs WHERE root_run_id = ?')).not.toContain('SCAN')
  expect(planOf(FORGET_SQL)).not.toContain('SCAN audit_runs')
  driver.close()
})

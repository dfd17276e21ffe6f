import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type BudgetStore, type Charge, createBudget } from '@executus/budget'
import { budgetStoreConformance, type OpenedStores } from '@executus/budget/testing'
import type { ReserveOptions, RunInfo } from '@executus/core'
import { fakeClock, recordingLogger } from '@executus/core/testing'
import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'

import { openSqlite } from '../open-sqlite.ts'
import { sqliteBudgetStore } from '../sqlite-budget-store.ts'
import { change, infoOf, rowsOf } from '../stores.test-kit.ts'
import { tempFile } from '../temp-folder.test-kit.ts'

async function openStores(): Promise<OpenedStores> {
  const folder = await mkdtemp(join(tmpdir(), 'store-sqlite-'))
  const opened: BudgetStore[] = []
  return {
    async connect() {
      // What the disk does is tested elsewhere.
      const store = await sqliteBudgetStore(join(folder, 'runs.db'), { synchronous: 'normal' })
      opened.push(store)
      return store
    },
    async close() {
      for (const store of opened) await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

for (const { name, run } of budgetStoreConformance(openStores, { races: 300 })) test(name, run)

const clock = fakeClock()
const NOTHING = { runs: 0, workMs: 0, tokens: 0, microUsd: 0 }
const CHARGE: Charge = {
  lines: [],
  total: NOTHING,
  usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  isCounted: false,
}
const ofAnn = (runId: string): RunInfo => ({ ...infoOf(runId), caller: 'ann', startedAtMs: clock.now() })
const counter = { account: 'ann', window: 'day@UTC', startMs: 0, endMs: 5 }

function budgetOn(store: BudgetStore, tokens: number, estimate: number) {
  const logger = recordingLogger()
  const limits = [{ window: 'day', tokens }] as const
  return { logger, ...createBudget({ store, clock, logger, limits, estimateOf: () => ({ tokens: estimate }) }) }
}

const NEW: ReserveOptions = { signal: new AbortController().signal, spent: spent(0), isResumed: false }

function spent(tokens: number) {
  const usage = { inputTokens: tokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
  return { usage: { ...usage, unreportedCalls: 0 }, elapsedMs: 0 }
}

test('a thousand runs that are reserved at once over two connections never set more aside than there is', async () => {
  const path = tempFile()
  const stores = [
    await sqliteBudgetStore(path, { synchronous: 'normal' }),
    await sqliteBudgetStore(path, { synchronous: 'normal' }),
  ]
  const books = stores.map((store) => budgetOn(store, 1_000, 7))
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => books[index % 2]!.reserve(ofAnn(`r${index}`), NEW)),
  )
  const held = answers.flatMap((answer) => (answer.ok ? [answer.reservation] : []))
  expect(held).toHaveLength(142)
  expect(await books[0]!.remaining({ caller: 'ann' })).toMatchObject([{ used: 0, reserved: 994, left: 6 }])

  // All grow at once, for the last six.
  const stopped = await Promise.all(held.map(async (reservation) => reservation.check!(spent(7))))
  expect(stopped.filter((reason) => reason === undefined)).toHaveLength(1)
  await Promise.all(held.map(async (reservation) => reservation.settle(spent(7))))
  expect(await books[1]!.remaining({ caller: 'ann' })).toMatchObject([{ used: 994, reserved: 0, left: 6 }])
  expect(books.flatMap(({ logger }) => logger.lines)).toEqual([])
  for (const store of stores) await store.close()
}, 20_000)

test('what was used, set aside and granted is there when the file is opened anew', async () => {
  const path = tempFile()
  const first = await sqliteBudgetStore(path)
  const before = budgetOn(first, 1_000, 100)
  const run = await before.reserve(ofAnn('a'), NEW)
  if (run.ok) await run.reservation.settle(spent(40))
  await before.reserve(ofAnn('b'), NEW)
  await before.grant('caller:ann', { tokens: 500 }, { untilMs: clock.now() + 1 })
  await first.close()
  const second = await sqliteBudgetStore(path)
  const after = budgetOn(second, 1_000, 100)
  expect(await after.remaining({ caller: 'ann' })).toMatchObject([{ used: 40, reserved: 100, limit: 1_500 }])
  await second.close()
})

test('a damaged counter is corrupt, and the others stand', async () => {
  const path = tempFile()
  const store = await sqliteBudgetStore(path)
  const changes = ['ann', 'bob'].map((account) => ({
    counter: { ...counter, account },
    used: { ...NOTHING, tokens: 5 },
    reserved: NOTHING,
  }))
  await store.apply({ runId: 'r', expectEpoch: 0, charge: CHARGE, changes, keepUntilMs: 9 })
  change(path, `UPDATE budget_counters SET body = replace(body, '5', '0') WHERE account = 'ann'`)
  await expect(store.count([counter])).rejects.toMatchObject({ code: 'corrupt' })
  const next = { runId: 's', expectEpoch: 0, charge: CHARGE, changes, keepUntilMs: 9 }
  await expect(store.apply(next)).rejects.toMatchObject({ code: 'corrupt' })
  expect(await store.count([{ ...counter, account: 'bob' }])).toMatchObject([{ used: { tokens: 5 } }])
  expect(await store.find('s')).toBe(undefined)
  expect(await store.sweep({ beforeMs: 9, limit: 9 })).toBe(2) // its window is over
  expect(await store.count([counter])).toMatchObject([{ used: { tokens: 0 } }])
  await store.close()
})

test('a damaged charge is corrupt, a damaged grant gives nothing, and the others stand', async () => {
  const path = tempFile()
  const store = await sqliteBudgetStore(path)
  for (const runId of ['a', 'b'])
    await store.apply({ runId, expectEpoch: 0, charge: CHARGE, changes: [], keepUntilMs: 9 })
  for (const grantId of ['a', 'b']) await store.addGrant({ grantId, account: 'ann', extra: NOTHING, untilMs: 9 })
  change(path, `UPDATE budget_charges SET body = replace(body, 'false', 'true') WHERE run_id = 'a'`)
  change(path, `UPDATE budget_grants SET body = replace(body, '0', '9') WHERE grant_id = 'a'`)
  await expect(store.find('a')).rejects.toMatchObject({ code: 'corrupt' })
  expect(await store.find('b')).toMatchObject({ charge: CHARGE })
  expect((await store.grants(['ann'], 0)).map(({ grantId }) => grantId)).toEqual(['b'])
  await store.close()
})

test('a store on a database that is shared leaves it open', async () => {
  const db = await openSqlite(tempFile())
  const [first, second] = [await sqliteBudgetStore(db), await sqliteBudgetStore(db)]
  await first.close()
  await expect(first.find('r')).rejects.toMatchObject({ code: 'closed' })
  expect(await second.find('r')).toBe(undefined)
  await db.close()
})

test('no statement walks through a whole table', async () => {
  const path = tempFile()
  const db = await openSqlite(path)
  const prepare = vi.spyOn(db, 'prepare')
  const store = await sqliteBudgetStore(db)
  const budget = budgetOn(store, 1_000, 100)
  await budget.grant('caller:ann', { tokens: 500 }, { untilMs: clock.now() + 1 })
  const answer = await budget.reserve(ofAnn('a'), NEW)
  if (answer.ok) await answer.reservation.settle(spent(1))
  await store.sweep({ beforeMs: 0, limit: 1 })
  const statements = new Set(prepare.mock.calls.map(([sql]) => sql).filter((sql) => sql.includes('budget_')))
  expect(statements.size).toBe(9)
  const driver = new Database(path)
  for (const sql of statements) {
    const values = Array.from(sql.matchAll(/\?/g), () => 1)
    const steps = driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { readonly detail: string }[]
    expect(steps.map(({ detail }) => detail).filter((detail) => /SCAN|TEMP B-TREE/.test(detail))).toEqual([])
  }
  driver.close()
  await db.close()
})

test('a reservation and its end are two writes of a few rows', async () => {
  const path = tempFile()
  const store = await sqliteBudgetStore(path)
  const budget = budgetOn(store, 1_000, 100)
  const answer = await budget.reserve(ofAnn('a'), NEW)
  if (answer.ok) await answer.reservation.settle(spent(1))
  expect(rowsOf(path, 'SELECT count(*) AS rows FROM budget_counters')).toEqual([{ rows: 1 }])
  expect(rowsOf(path, 'SELECT count(*) AS rows FROM budget_charges')).toEqual([{ rows: 1 }])
  await store.close()
})

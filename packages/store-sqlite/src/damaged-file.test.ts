import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'

import type { JournalStore, RunSummary } from '@executus/checkpoint'
import type { JournalEntry, RunInfo } from '@executus/core'
import { StoreError } from '@executus/core/store-error'
import { expect, test } from 'vitest'

import { seeded } from './seeded.test-kit.ts'
import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { begin, change, rowsOf, said } from './stores.test-kit.ts'
import { tempFile } from './temp-folder.test-kit.ts'

const TRIALS = 200
const STRETCH = 64
const RUNS = 24
const EVERY_RUN = { limit: 1_000 }

/** A run as a store gives it out. */
interface KeptRun {
  readonly summary: RunSummary
  readonly info: RunInfo
  readonly entries: readonly JournalEntry[]
}

test('wherever a file is damaged, nothing is given out that was not kept, and other runs go on', async () => {
  const path = tempFile()
  await fill(path)
  const bytes = readFileSync(path)
  const kept = await allOf(path)
  const seen: string[] = []
  for (let seed = 0; seed < TRIALS; seed++) {
    const random = seeded(seed)
    const damaged = Buffer.from(bytes)
    const from = Math.floor(random() * (bytes.length - STRETCH))
    for (let at = from; at < from + STRETCH; at++) damaged[at] = Math.floor(random() * 256)
    for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
    writeFileSync(path, damaged, { mode: 0o600 })
    const trial = new Trial(kept)
    await trial.look(path)
    expect(trial.lies, `seed ${seed}, at ${from}`).toEqual([])
    seen.push(...trial.seen)
  }
  const count = (what: string) => seen.filter((one) => one === what).length
  // Damage is of what it hits: most of it lies in entries, of one or two runs.
  expect(count('not opened')).toBeLessThan(TRIALS / 10)
  expect(count('whole')).toBeGreaterThan(TRIALS * RUNS * 0.8)
  expect(count('corrupt')).toBeGreaterThan(TRIALS / 4)
  expect(count('went on')).toBeGreaterThan(TRIALS * (RUNS / 4) * 0.8)
}, 120_000)

test.each([
  ['status', `'settled'`, 'row'],
  ['agent', `'agend'`, 'row'],
  ['run_id', `'run-4'`, 'row'],
  ['reason', `'run-3 crushed'`, 'row'],
  ['waits', `'["run-3/c2"]'`, 'row'],
  ['epoch', '0', 'row'],
  ['cancel_reason', `'no more'`, 'row'],
  ['owner', 'NULL', 'row'],
  ['outcome', `replace(outcome, 'it is', 'it was')`, 'outcome'],
  ['outcome', 'NULL', 'outcome'],
] as const)('%s that became %s in the row of a run is seen in a list', async (column, value, what) => {
  const path = tempFile()
  const store = await sqliteJournalStore(path, { synchronous: 'normal' })
  const claim = await begin(store, 'run-3')
  if (what === 'outcome') await store.settle(claim, { status: 'ok', stopReason: 'answered', output: 'it is done' })
  // Past the triggers, as a disk does.
  change(path, `DROP TRIGGER runs_changed; UPDATE runs SET ${column} = ${value}`)
  const { runs } = await store.list({ limit: 9 })
  expect(runs).toMatchObject([{ reason: expect.stringMatching(`^The ${what} of run-. is damaged$`) }])
  expect(runs[0]).not.toHaveProperty('outcome')
  await store.close()
})

test('a run whose row is damaged is not claimed, and stays damaged whatever is written to it', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path, { synchronous: 'normal' })
  for (const runId of ['broken', 'well']) await store.release(await begin(store, runId))
  const [trigger] = rowsOf(path, `SELECT sql FROM sqlite_schema WHERE name = 'runs_changed'`) as {
    readonly sql: string
  }[]
  change(path, `DROP TRIGGER runs_changed; UPDATE runs SET agent = 'another' WHERE run_id = 'broken'; ${trigger?.sql}`)
  expect(await store.deliver('broken', { name: 'yes', id: 'yes', value: true, atMs: 1 })).toBe('accepted')
  expect(await store.claim({ limit: 9 })).toMatchObject([{ runId: 'well' }])
  expect((await store.list({ limit: 9, status: ['quarantined'] })).runs).toMatchObject([
    { runId: 'broken', reason: 'The row of broken is damaged' },
  ])
  expect(await store.revive('broken')).toBe(true)
  expect(await store.claim({ limit: 9 })).toEqual([])
  await store.fork('broken', 0, 'saved')
  expect(await store.claim({ limit: 9 })).toMatchObject([{ runId: 'saved', info: { agent: { name: 'agent' } } }])
  await store.close()
})

/** What a damaged file gives out, against what was kept. */
class Trial {
  /** What was given out and is not so. */
  readonly lies: string[] = []
  readonly seen: string[] = []
  readonly #kept: ReadonlyMap<string, KeptRun>

  constructor(kept: ReadonlyMap<string, KeptRun>) {
    this.#kept = kept
  }

  async look(path: string): Promise<void> {
    const store = await this.#told(() => sqliteJournalStore(path, { synchronous: 'normal' }))
    if (store === undefined) return void this.seen.push('not opened')
    const listed = await this.#told(() => store.list(EVERY_RUN))
    for (const summary of listed?.runs ?? []) this.#compare('list', summary.runId, summary)
    for (const runId of this.#kept.keys()) await this.#lookAt(store, runId)
    await this.#told(() => store.close())
  }

  async #lookAt(store: JournalStore, runId: string): Promise<void> {
    const kept = this.#kept.get(runId)!
    const entries = await this.#told(() => store.read(runId))
    if (entries !== undefined) this.seen.push(isDeepStrictEqual(entries, kept.entries) ? 'whole' : 'changed')
    if (entries !== undefined && !isDeepStrictEqual(entries, kept.entries)) this.lies.push(`read ${runId}`)
    const found = await this.#told(() => store.find(runId))
    if (found !== undefined) {
      const { info, ...summary } = found
      this.#compare('find', runId, summary)
      if (!isDeepStrictEqual(info, kept.info)) this.lies.push(`the info of ${runId}`)
    }
    const [claim] = (await this.#told(() => store.claim({ limit: 1, runId }))) ?? []
    if (claim === undefined) return
    if (!isDeepStrictEqual([claim.runId, claim.info], [runId, kept.info])) this.lies.push(`the claim of ${runId}`)
    if (claim.signals.length > 0 || claim.cancelReason !== undefined) this.lies.push(`signals of ${runId}`)
    const more = await this.#told(() => store.append(claim, [said('more')], { expectHead: claim.head }))
    if (more !== undefined) this.seen.push('went on')
  }

  /** A row that tells of its damage tells no lies. How many entries there are is looked at when they are read. */
  #compare(what: string, runId: string, summary: RunSummary): void {
    if (summary.reason?.includes('damaged') === true) return
    const kept = this.#kept.get(runId)?.summary
    if (!isDeepStrictEqual({ ...summary, head: kept?.head }, kept))
      this.lies.push(`${what}: ${JSON.stringify(summary)}`)
  }

  /** What it gives; `undefined` when it is told that the file is damaged. */
  async #told<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (StoreError.is(error)) this.seen.push(error.code)
      else this.lies.push(String(error))
      return undefined
    }
  }
}

/** Runs of four statuses, with texts in their rows. */
async function fill(path: string): Promise<void> {
  const store = await sqliteJournalStore(path, { synchronous: 'normal' })
  for (let index = 0; index < RUNS; index++) {
    const runId = `run-${index}`
    const claim = await begin(store, runId)
    const sayings = Array.from({ length: 16 }, (_, line) =>
      said(`${runId} says ${line} ${'x'.repeat(200 + line * 60)}`),
    )
    await store.append(claim, sayings, { expectHead: 0 })
    const output = `it is ${runId} ${'y'.repeat(300)}`
    if (index % 4 === 0) await store.release(claim)
    else if (index % 4 === 1) await store.settle(claim, { status: 'ok', stopReason: 'answered', output })
    else if (index % 4 === 2) await store.park(claim, [`${runId}/c0`, `${runId}/c1`])
    else await store.poison(claim, `${runId} crashed ${'z'.repeat(100)}`)
  }
  await store.close()
}

async function allOf(path: string): Promise<ReadonlyMap<string, KeptRun>> {
  const store = await sqliteJournalStore(path)
  const kept = new Map<string, KeptRun>()
  for (const summary of (await store.list(EVERY_RUN)).runs) {
    const { info } = (await store.find(summary.runId))!
    kept.set(summary.runId, { summary, info, entries: await store.read(summary.runId) })
  }
  await store.close()
  return kept
}

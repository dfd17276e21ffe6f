import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { createSchedule } from '@executus/schedule'
import { expect, onTestFinished, test } from 'vitest'

import { sqliteScheduleStore } from '../sqlite-schedule-store.ts'
import { rowsOf } from '../stores.test-kit.ts'
import { tempFile } from '../temp-folder.test-kit.ts'

const program = fileURLToPath(new URL('./ticker.test-kit.ts', import.meta.url))

/** Far from now, so that no clock of this machine matters. */
const START = 4_000_000_000_000

/** 20 jobs of 10 due times each; gives the ids of their firings. */
async function makeJobs(path: string): Promise<string[]> {
  const store = await sqliteScheduleStore(path)
  const schedule = createSchedule({ store })
  const ids: string[] = []
  for (let job = 0; job < 20; job++) {
    await schedule.add({ id: `job ${job}`, missed: 'all', trigger: { everyMs: 1_000, anchorMs: START } })
    for (let time = 0; time < 10; time++) ids.push(`job ${job}@${START + time * 1_000}`)
  }
  await store.close()
  return ids.toSorted()
}

interface Ticker {
  /** What it has begun so far. */
  readonly begun: () => string[]
  ready(): Promise<void>
  /** Resolves when it has ended. */
  go(): Promise<void>
}

function start(path: string, nowMs: number, work = ''): Ticker {
  const child = spawn(process.execPath, [program, path, String(nowMs), work], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  createInterface(child.stdout).on('line', (line) => lines.push(line))
  return {
    begun: () => lines.filter((line) => line !== 'ready'),
    async ready() {
      while (!lines.includes('ready')) {
        if (child.exitCode !== null) throw new Error(`The ticker ended with ${child.exitCode}`)
        await sleep(5)
      }
    },
    async go() {
      const closed = once(child, 'close')
      child.stdin.write('go\n')
      await closed
    },
  }
}

test('two processes that tick on one file begin each of 200 firings once', async () => {
  const path = tempFile()
  const ids = await makeJobs(path)
  const tickers = [start(path, START + 9_500), start(path, START + 9_500)]
  for (const ticker of tickers) await ticker.ready()
  await Promise.all(tickers.map((ticker) => ticker.go()))
  expect(tickers.flatMap(({ begun }) => begun()).toSorted()).toEqual(ids)
  expect(tickers.filter(({ begun }) => begun().length > 0)).toHaveLength(2)
  expect(rowsOf(path, `SELECT count(*) AS count FROM firings WHERE body LIKE '%"outcome":"ran"%'`)).toEqual([
    { count: 200 },
  ])
})

test('what a killed process had begun is never begun again, and all else is done by the next', async () => {
  const path = tempFile()
  const store = await sqliteScheduleStore(path)
  const later = { now: () => START + 3_600_000, after: () => () => {} }
  const schedule = createSchedule({ store, clock: later, missedAfterMs: Number.POSITIVE_INFINITY })
  const ids = Array.from({ length: 100 }, (_, index) => `job ${index}`)
  for (const [index, id] of ids.entries()) await schedule.add({ id, trigger: { atMs: START + index } })

  const killed = start(path, START + 1_000, 'die')
  await killed.ready()
  await killed.go()
  expect(killed.begun()).toHaveLength(10)
  const heir = start(path, START + 2_000)
  await heir.ready()
  await heir.go()
  expect(killed.begun().filter((id) => heir.begun().includes(id))).toEqual([])
  expect(new Set(heir.begun()).size).toBe(heir.begun().length)

  const outcomes: Record<string, string[]> = {}
  for (const { id, lastOutcome = 'none' } of (await schedule.list()).jobs) (outcomes[lastOutcome] ??= []).push(id)
  expect(Object.keys(outcomes).toSorted()).toEqual(['ran', 'unknown'])
  // Four were at work at most, the tenth among them.
  expect(outcomes['unknown']!.length).toBeLessThanOrEqual(4)
  expect(outcomes['unknown']).toContain(killed.begun().at(-1)?.split('@')[0])
  // What neither has begun was claimed by the one that died then: at most once, not at least once.
  const begun = [...killed.begun(), ...heir.begun()].map((id) => id.split('@')[0])
  expect(ids.filter((id) => !begun.includes(id) && !outcomes['unknown']!.includes(id))).toEqual([])
  await store.close()
})

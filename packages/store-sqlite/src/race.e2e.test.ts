import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { expect, onTestFinished, test } from 'vitest'

import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { tempFile } from './temp-folder.test-kit.ts'

const program = fileURLToPath(new URL('../../../torture/worker.ts', import.meta.url))
const RUNS = 200
const FREEZES = 5
const LONGEST_FREEZE_MS = 300

/** What a tool of a worker tells of itself: see torture/effect-log.ts. */
interface Effect {
  readonly at: 'start' | 'done'
  readonly life: string
  readonly runId: string
  readonly key: string
}

test('two processes do each of 200 runs once, though one of them stands still again and again', async () => {
  const path = tempFile()
  const baseMs = String(Date.now())
  const worker = (life: string): { readonly child: ChildProcess; readonly closed: Promise<unknown> } => {
    const args = [program, dirname(path), life, String(RUNS), baseMs]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    return { child, closed: once(child, 'close') }
  }
  const effects = () => effectsIn(`${dirname(path)}/effects.log`)
  const startsOf = (life: string) => effects().filter((effect) => effect.life === life && effect.at === 'start').length

  const { child: frozen, closed } = worker('frozen')
  const isAt = async (starts: number) => {
    while (startsOf('frozen') < starts && frozen.exitCode === null) await sleep(20)
  }
  await isAt(1)
  const steady = worker('steady')
  for (let freeze = 1; freeze <= FREEZES; freeze++) {
    await isAt(startsOf('frozen') + 20)
    frozen.kill('SIGSTOP')
    const wokenMs = performance.now() + LONGEST_FREEZE_MS
    const others = startsOf('steady')
    // It may have been stopped while it wrote; then the other can but wait.
    while (startsOf('steady') < others + 40 && performance.now() < wokenMs) await sleep(20)
    frozen.kill('SIGCONT')
  }
  const atLastWake = startsOf('frozen')
  expect(await Promise.all([closed, steady.closed])).toEqual([
    [0, null],
    [0, null],
  ])

  const store = await sqliteJournalStore(path)
  const { runs } = await store.list({ limit: 1_000 })
  expect(runs.filter(({ parentRunId }) => parentRunId === undefined)).toHaveLength(RUNS)
  expect(runs.filter(({ outcome, crashes }) => outcome?.status !== 'ok' || crashes > 0)).toEqual([])
  const kept: string[] = []
  for (const { runId } of runs)
    for (const entry of await store.read(runId))
      if (entry.type === 'result' && entry.kind === 'tool') kept.push(`${runId}/${entry.key}`)
  await store.close()
  const keysAt = (at: Effect['at']) => effects().flatMap((effect) => (effect.at === at ? [effect.key] : []))
  // Nobody died: each call was begun once, by one of the two, and has one result.
  expect(keysAt('start').toSorted()).toEqual(kept.toSorted())
  expect(keysAt('done').toSorted()).toEqual(kept.toSorted())
  expect(new Set(kept).size).toBe(kept.length)
  expect(startsOf('frozen')).toBeGreaterThan(atLastWake)
  expect(startsOf('steady')).toBeGreaterThan(0)
})

function effectsIn(path: string): readonly Effect[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Effect)
}

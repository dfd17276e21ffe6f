// A process that is there to be killed: node torture/worker.ts FOLDER LIFE RUNS BASE_MS. It goes on with what it finds,
// begins what was not begun, says yes or no to what is asked for, and ends when all is settled; with 3 when its storage is
// in trouble. It tells on stdout what it sees, a line of JSON each.
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { noLogger, type RunResult } from '@executus/core'

import { createCheckpoints, recoverRuns } from '../packages/checkpoint/src/index.ts'
import { sqliteJournalStore } from '../packages/store-sqlite/src/index.ts'
import { AGENTS, executorOf } from './agents.ts'
import { EffectLog } from './effect-log.ts'
import { fastClock, runIdsOf } from './folder.ts'

const [, , folder = '', life = '', count = '0', baseMs = '0'] = process.argv
const tell = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)
const runIds = runIdsOf(Number(count))
const AT_ONCE = 2
const MOST_TRIES = 2
/** A run that cannot be closed or given back is tried again at each look, and a disk may stay full. */
const PATIENCE_MS = 3_000

try {
  const store = await sqliteJournalStore(`${folder}/runs.db`, { clock: fastClock(Number(baseMs)) })
  // Who is killed all the time must not be set aside for it; that is tested elsewhere.
  const checkpoints = createCheckpoints(store, { maxCrashes: 1e6, maxCrashStreak: 1e6 })
  const executor = executorOf(checkpoints, new EffectLog(folder), life)
  tell({ type: 'ready', pid: process.pid })

  const note = (runId: string, { status, stopReason }: Pick<RunResult, 'status' | 'stopReason'>) => {
    tell({ type: 'run', runId, status, stopReason })
    if (stopReason === 'storage') throw new Error(`${runId}: its storage is in trouble`)
  }
  const waiting = runIds.entries()
  const begin = async () => {
    for (const [index, runId] of waiting)
      // What has left no record is begun again under the same id.
      for (let tries = 0; (await checkpoints.find(runId)) === undefined; tries++) {
        if (tries === MOST_TRIES) throw new Error(`${runId}: it could not be begun`)
        note(runId, await executor.run(AGENTS[index % AGENTS.length]!, 'go', { runId }))
      }
  }
  const goOn = async () => {
    let seen = ''
    let seenAtMs = performance.now()
    for (;;) {
      const { failed } = await recoverRuns(executor, checkpoints, { concurrency: AT_ONCE, logger: noLogger })
      for (const problem of failed) tell({ type: 'failed', ...problem })
      if (failed.length > 0) throw new Error('A run could not be gone on with')
      const { runs } = await checkpoints.list({ limit: 1_000, rootsOnly: true })
      for (const { runId, waits = [] } of runs) {
        if (waits.length === 0) continue
        const decisions = waits.map((id) => ({ id, isApproved: !id.endsWith('c2') }))
        await checkpoints.deliver(runId, decisions)
      }
      if (runs.filter(({ status }) => status === 'settled').length === runIds.length) return
      const sight = JSON.stringify(runs.map(({ status, epoch, head }) => [status, epoch, head]))
      if (sight !== seen) seenAtMs = performance.now()
      else if (performance.now() - seenAtMs > PATIENCE_MS) throw new Error('No run has come further for a while')
      seen = sight
      await sleep(2)
    }
  }
  await Promise.all([goOn(), ...Array.from({ length: AT_ONCE }, begin)])
  await executor.shutdown()
  await checkpoints.close()
  tell({ type: 'end' })
} catch (error) {
  tell({ type: 'trouble', problem: String(error) })
  process.exit(3)
}

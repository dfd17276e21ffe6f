import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createCheckpoints } from '@executus/checkpoint'
import { sqliteJournalStore, type SynchronousLevel } from '@executus/store-sqlite'
import Database from 'better-sqlite3'

import { bareLoop, type BareMessage } from './bare-loop.ts'
import { executusOver, executusRun } from './executus-loop.ts'
import { type Cost, cpuOf, median } from './measure.ts'
import { Script } from './script.ts'

// What a tool gives in a step: a page of text.
const RESULT_CHARS = 2_048
const ROUNDS = 5
// So many that a sample is of code that has been compiled, as in a host that has run for a while.
const STEPS_A_SAMPLE = 2_400

/** What a durable step costs: CPU in microseconds, and kilobytes written. */
export interface DurableCost {
  readonly cpu: Cost
  readonly written: Cost
}

/**
 * A step of a run whose every message is durable before the next one begins, against the same messages appended to a table
 * by hand. Both commit each message at the same level.
 */
export async function durableStepCost(steps: number, synchronous: SynchronousLevel): Promise<DurableCost> {
  const floor: Sample[] = []
  const ours: Sample[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const bare = await inFolder((folder) => bareSample(folder, steps, synchronous))
    const own = await inFolder((folder) => ourSample(folder, steps, synchronous))
    // The first round only warms up.
    if (round > 0) floor.push(bare)
    if (round > 0) ours.push(own)
  }
  const cost = (of: (sample: Sample) => number): Cost => ({
    floor: median(floor.map(of)),
    ours: median(ours.map(of)),
  })
  return { cpu: cost(({ cpuUs }) => cpuUs), written: cost(({ bytes }) => bytes / 1024) }
}

/** Milliseconds until a run of `steps` steps asks its model again after a crash, against reading and parsing its rows. */
export async function resumeCost(steps: number): Promise<Cost> {
  const floor: number[] = []
  const ours: number[] = []
  for (let round = 0; round <= ROUNDS; round++)
    await inFolder(async (folder) => {
      const path = join(folder, 'runs.db')
      await interruptedRun(path, steps)
      const read = wallOf(() => {
        const db = new Database(path, { readonly: true })
        const rows = db.prepare('SELECT body FROM entries ORDER BY seq').all() as readonly { readonly body: string }[]
        const parsed = rows.map(({ body }) => JSON.parse(body) as unknown)
        db.close()
        return parsed
      })
      const resumed = await resumedAt(path, steps)
      if (round > 0) floor.push(read)
      if (round > 0) ours.push(resumed)
    })
  return { floor: median(floor), ours: median(ours) }
}

/** Of one step. */
interface Sample {
  readonly cpuUs: number
  readonly bytes: number
}

async function bareSample(folder: string, steps: number, synchronous: SynchronousLevel): Promise<Sample> {
  const db = new Database(join(folder, 'bare.db'))
  db.pragma('journal_mode = WAL')
  db.pragma(`synchronous = ${synchronous}`)
  db.exec('CREATE TABLE messages(run TEXT, seq INTEGER, body TEXT, PRIMARY KEY(run, seq)) WITHOUT ROWID')
  const insert = db.prepare('INSERT INTO messages VALUES(?, ?, ?)')
  const sample = await sampleOf(steps, (script) => (run) => {
    let seq = 0
    const save = (message: BareMessage) => void insert.run(`run-${run}`, seq++, JSON.stringify(message))
    return bareLoop(script, false, { save })
  })
  db.close()
  return sample
}

async function ourSample(folder: string, steps: number, synchronous: SynchronousLevel): Promise<Sample> {
  const checkpoints = createCheckpoints(await sqliteJournalStore(join(folder, 'runs.db'), { synchronous }))
  const sample = await sampleOf(steps, (script) => {
    const executor = executusOver(script, { checkpointer: checkpoints })
    return () => executusRun(executor, false)
  })
  await checkpoints.close()
  return sample
}

/** Leaves a run of `steps` steps that was shut down before its last one. */
async function interruptedRun(path: string, steps: number): Promise<void> {
  const checkpoints = createCheckpoints(await sqliteJournalStore(path, { synchronous: 'normal' }))
  const script = new Script({
    steps,
    resultChars: RESULT_CHARS,
    onTurn: (turn) => {
      if (turn < steps - 1) return undefined
      void executor.shutdown()
      return new Promise(() => {})
    },
  })
  const executor = executusOver(script, { checkpointer: checkpoints })
  await executor.start(AGENT, 'go', { runId: 'run' }).result
  await checkpoints.close()
}

async function resumedAt(path: string, steps: number): Promise<number> {
  const checkpoints = createCheckpoints(await sqliteJournalStore(path, { synchronous: 'normal' }))
  let askedAt = 0
  const script = new Script({
    steps,
    resultChars: RESULT_CHARS,
    onTurn: () => {
      askedAt = performance.now()
      return undefined
    },
  })
  const executor = executusOver(script, { checkpointer: checkpoints })
  const startedAt = performance.now()
  const { status } = await executor.resume('run').result
  if (status !== 'ok') throw new Error(`The run was not resumed: ${status}`)
  await executor.shutdown()
  await checkpoints.close()
  return askedAt - startedAt
}

const AGENT = { name: 'worker', instructions: 'Work.', tools: ['step'] }

/** Runs of `steps` steps, one after the other. */
async function sampleOf(steps: number, open: (script: Script) => (run: number) => Promise<string>): Promise<Sample> {
  const runs = Math.ceil(STEPS_A_SAMPLE / steps)
  const script = new Script({ steps, resultChars: RESULT_CHARS })
  const run = open(script)
  const before = writtenBytes()
  let answer = ''
  const cpuUs = await cpuOf(async () => {
    for (let count = 0; count < runs; count++) answer = await run(count)
  })
  script.verify(runs, answer)
  return { cpuUs: cpuUs / runs / steps, bytes: (writtenBytes() - before) / runs / steps }
}

/** What this process has written to files; 0 where the system does not tell. */
function writtenBytes(): number {
  try {
    return Number(/^wchar: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

function wallOf(work: () => unknown): number {
  const startedAt = performance.now()
  work()
  return performance.now() - startedAt
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'executus-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// Kills a process at each of its writes to the file, and lets each of them fail: what random moments hardly ever meet.
import { availableParallelism } from 'node:os'

import { randomOf } from '../corpus/random.ts'
import { AGENTS } from './agents.ts'
import { tryPoint } from './fault-point.ts'
import { clearFolder, newFolder } from './folder.ts'
import type { Transcript } from './judge.ts'
import { Life } from './life.ts'
import { callsIn, type Fault, noting } from './strace.ts'

export interface SweepOptions {
  readonly inPeace: ReadonlyMap<string, Transcript>
  readonly seed: number
  /** Each point, or every so many; of a fault with few points, some are tried all the same. */
  readonly every: number
  /** Of each fault, at most. */
  readonly points: number
  readonly until: () => boolean
  readonly progress: (text: string) => void
}

const FAULTS: readonly Fault[] = [
  { calls: 'fsync,fdatasync', what: 'signal=SIGKILL' },
  { calls: 'pwrite64', what: 'signal=SIGKILL' },
  { calls: 'ftruncate', what: 'signal=SIGKILL' },
  { calls: 'unlink', what: 'signal=SIGKILL' },
  { calls: 'fsync,fdatasync', what: 'error=EIO' },
  { calls: 'fsync,fdatasync', what: 'error=ENOSPC' },
  { calls: 'pwrite64', what: 'error=EIO' },
  { calls: 'pwrite64', what: 'error=ENOSPC' },
  { calls: 'pwrite64', what: 'error=ENOSPC', stays: true },
  { calls: 'ftruncate', what: 'error=EIO' },
  { calls: 'unlink', what: 'error=EIO' },
]
/** A run of each kind in each life: a process costs more than its runs, and each kind is gone on with at each point. */
const RUNS = AGENTS.length
const LEAST_POINTS = 3

interface Row {
  readonly fault: string
  readonly points: number
  tried: number
  met: number
  /** Processes that ended by it. */
  ended: number
  hung: number
  'in doubt': number
  violations: number
  /** The files that it was met at. */
  readonly at: Map<string, number>
}

interface Point {
  readonly fault: Fault
  readonly row: Row
  readonly at: number
  /** Points are tried by this: who stops early has tried as much of each fault. */
  readonly order: number
}

/** Each fault at each of its points; a row each. */
export async function sweepSyscalls(options: SweepOptions): Promise<readonly Record<string, number | string>[]> {
  const points: Point[] = []
  const rows: Row[] = []
  const counts = new Map<string, number>()
  for (const fault of FAULTS) {
    const { calls, what, stays } = fault
    const count = counts.get(calls) ?? (await countOf(calls))
    counts.set(calls, count)
    const name = `${what.split('=')[1]} at ${calls.split(',')[0]}${stays === true ? ' and after' : ''}`
    const sums = { tried: 0, met: 0, ended: 0, hung: 0, 'in doubt': 0, violations: 0 }
    const row = { fault: name, points: count, ...sums, at: new Map<string, number>() }
    rows.push(row)
    const chosen = pointsOf(name, count, options)
    points.push(...chosen.map((at, index) => ({ fault, row, at, order: index / chosen.length })))
  }
  points.sort((one, other) => one.order - other.order)
  const waiting = points.entries()
  const work = async () => {
    for (const [index, { fault, row, at }] of waiting) {
      if (options.until()) return
      await tryInto(row, fault, at, options)
      options.progress(`${index + 1} of ${points.length} points`)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return rows.map(({ at, ...row }) => ({ ...row, at: [...at].map(([file, times]) => `${file} ${times}`).join(', ') }))
}

/** Evenly spread from a random one on, in random order. */
function pointsOf(fault: string, count: number, { every, points, seed }: SweepOptions): readonly number[] {
  if (count === 0) return []
  const random = randomOf(seed, fault)
  const step = Math.max(1, Math.min(every, Math.floor(count / LEAST_POINTS)), Math.ceil(count / points))
  const chosen: number[] = []
  for (let at = 1 + random(step); at <= count; at += step) chosen.splice(random(chosen.length + 1), 0, at)
  return chosen
}

async function tryInto(row: Row, fault: Fault, at: number, { inPeace }: SweepOptions): Promise<void> {
  const { met, isEnd, hung, inDoubt, violations, journals } = await tryPoint(fault, at, { inPeace, runs: RUNS })
  row.tried += 1
  row['in doubt'] += inDoubt
  row.violations += violations.length
  row.hung += hung.length
  if (met !== undefined) {
    row.met += 1
    row.ended += isEnd ? 1 : 0
    row.at.set(met, (row.at.get(met) ?? 0) + 1)
  }
  for (const told of hung) console.error(`\n${row.fault}, point ${at}, hung: ${told}`)
  for (const { runId, what } of violations) console.error(`\n${row.fault}, point ${at}, ${runId}: ${what}`)
  for (const journal of journals) console.error(journal)
}

/** How often a process that is left alone makes the call. */
async function countOf(calls: string): Promise<number> {
  const folder = newFolder()
  try {
    const trace = `${folder}/trace`
    const args = [folder, 'L0', String(RUNS), String(Date.now())]
    await new Life('L0', args, noting(calls, folder, trace)).ended
    return callsIn(trace).length
  } finally {
    clearFolder(folder)
  }
}

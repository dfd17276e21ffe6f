// Kills a process at each of its writes to the file, and lets each of them fail, by strace's injection: what random moments
// hardly ever meet.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

import { EffectLog } from './effect-log.ts'
import { runIdsOf } from './folder.ts'
import { doneKeys, type KeptRun, printed, readJournals } from './journals.ts'
import { judgeEffects, judgeJournals, type Transcript, type Violation } from './judge.ts'
import { Life } from './life.ts'

export interface SweepOptions {
  readonly inPeace: ReadonlyMap<string, Transcript>
  /** Each point, or every so many. */
  readonly every: number
  readonly runs: number
  readonly until: () => boolean
  readonly progress: (text: string) => void
}

interface Fault {
  readonly calls: string
  readonly what: 'signal=SIGKILL' | 'error=ENOSPC' | 'error=EIO'
}

const FAULTS: readonly Fault[] = [
  { calls: 'fsync,fdatasync', what: 'signal=SIGKILL' },
  { calls: 'ftruncate', what: 'signal=SIGKILL' },
  { calls: 'unlink', what: 'signal=SIGKILL' },
  { calls: 'pwrite64', what: 'signal=SIGKILL' },
  { calls: 'fsync,fdatasync', what: 'error=EIO' },
  { calls: 'fsync,fdatasync', what: 'error=ENOSPC' },
  { calls: 'pwrite64', what: 'error=ENOSPC' },
  { calls: 'pwrite64', what: 'error=EIO' },
]
const HANGS_MS = 20_000
const MOST_LIVES = 5

/** Why there can be no sweep here; `undefined` when there can. */
export function whyNoSweep(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has strace'
  const { status } = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=unlink', 'true'])
  return status === 0 ? undefined : 'strace is not installed, or may not trace'
}

/** Each fault at each of its points; a row each. */
export async function sweepSyscalls(options: SweepOptions): Promise<readonly Record<string, number | string>[]> {
  const rows: Record<string, number | string>[] = []
  for (const fault of FAULTS) {
    const points = await countOf(fault, options.runs)
    const row = { fault: `${fault.what.split('=')[1]} at ${fault.calls}`, points, tried: 0, met: 0 }
    const sums = { ...row, 'in doubt': 0, violations: 0 }
    for (let at = 1; at <= points && !options.until(); at += options.every) {
      const { met, inDoubt, violations } = await tryPoint(fault, at, options)
      sums.tried += 1
      sums.met += met ? 1 : 0
      sums['in doubt'] += inDoubt
      sums.violations += violations.length
      for (const { runId, what } of violations) console.error(`\n${row.fault}, point ${at}, ${runId}: ${what}`)
      options.progress(`${row.fault}: ${at} of ${points}`)
    }
    rows.push(sums)
  }
  return rows
}

/** How often a process that is left alone makes the call. */
async function countOf({ calls }: Fault, runs: number): Promise<number> {
  const { folder, clear } = newFolder()
  try {
    const trace = `${folder}/trace`
    const args = [...filter(folder, calls), '-o', trace, '-e', `trace=${calls}`]
    await lifeOf(folder, 'L0', runs, Date.now(), args).ended
    return readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => /^\d+ +\w+\(/.test(line)).length
  } finally {
    clear()
  }
}

async function tryPoint(
  { calls, what }: Fault,
  at: number,
  { inPeace, runs }: SweepOptions,
): Promise<{ readonly met: boolean; readonly inDoubt: number; readonly violations: readonly Violation[] }> {
  const { folder, clear } = newFolder()
  const log = new EffectLog(folder)
  const baseMs = Date.now()
  try {
    const args = [...filter(folder, calls), '-o', '/dev/null', '-e', `trace=${calls}`]
    const first = lifeOf(folder, 'L0', runs, baseMs, [...args, '-e', `inject=${calls}:${what}:when=${at}`])
    const ended = await endOf(first)
    log.append({ at: 'kill', life: 'L0' })
    // What fails once may have been told to nobody, and be made good; a disk that lies is another matter.
    const before = existsSync(`${folder}/runs.db`) ? await readJournals(folder, baseMs) : new Map<string, KeptRun>()
    const sight = { done: doneKeys(before), lines: log.read().length }
    let end: number | string = ended
    const told: unknown[] = [ended, ...first.lines]
    for (let lives = 1; end !== 0; lives++) {
      if (lives > MOST_LIVES) throw new Error(`No end after ${MOST_LIVES} lives: ${JSON.stringify(told)}`)
      const next = lifeOf(folder, `L${lives}`, runs, baseMs, [])
      end = await endOf(next)
      told.push(end, ...next.lines)
      log.append({ at: 'kill', life: `L${lives}` })
    }
    const journals = await readJournals(folder, baseMs)
    const { violations, inDoubt } = judgeJournals(journals, runIdsOf(runs), inPeace)
    const all = [...judgeEffects(log.read(), [sight]), ...violations]
    for (const id of new Set(all.map(({ runId }) => runId)))
      if (journals.has(id)) console.error(`\n${printed(id, journals.get(id)!)}`)
    return { met: ended !== 0, inDoubt, violations: all }
  } finally {
    clear()
  }
}

/** Its file and those beside it; a lock file that is removed is one as well. */
function filter(folder: string, calls: string): readonly string[] {
  if (calls === 'unlink') return []
  return ['', '-wal', '-shm', '-journal'].flatMap((suffix) => ['-P', `${folder}/runs.db${suffix}`])
}

function lifeOf(folder: string, name: string, runs: number, baseMs: number, strace: readonly string[]): Life {
  const through = strace.length === 0 ? [] : ['strace', '-f', '-qq', ...strace]
  return new Life(name, [folder, name, String(runs), String(baseMs)], through)
}

/** A worker that hangs is killed by its own id: strace would only let go of it. */
async function endOf(life: Life): Promise<number | string> {
  const ended = await Promise.race([life.ended, sleep(HANGS_MS, undefined, { ref: false })])
  if (ended !== undefined) return ended
  const pid = life.lines.find(({ type }) => type === 'ready')?.['pid']
  if (typeof pid === 'number') process.kill(pid, 'SIGKILL')
  else life.child.kill('SIGKILL')
  return life.ended
}

function newFolder() {
  const folder = mkdtempSync(`${tmpdir()}/torture-`)
  return { folder, clear: () => rmSync(folder, { recursive: true, force: true }) }
}

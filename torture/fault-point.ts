// One fault at one system call of a process: then others go on with what it left, and it is judged.
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { EffectLog } from './effect-log.ts'
import { clearFolder, newFolder, runIdsOf } from './folder.ts'
import { doneKeys, type KeptRun, printed, readJournals } from './journals.ts'
import { judgeEffects, judgeJournals, type Transcript, type Violation } from './judge.ts'
import { Life } from './life.ts'
import { type Fault, injecting, metIn } from './strace.ts'

export interface PointReport {
  /** The file that it was met at. */
  readonly met: string | undefined
  /** Whether the process ended by it, and not only when all was done. */
  readonly isEnd: boolean
  /** What each of the lives that hung had told. */
  readonly hung: readonly string[]
  readonly inDoubt: number
  readonly violations: readonly Violation[]
  /** The journals of runs of which something is wrong, for people. */
  readonly journals: readonly string[]
}

/** What a healthy process does takes half a second. */
const HANGS_MS = 20_000
const MOST_LIVES = 5

export async function tryPoint(
  fault: Fault,
  at: number,
  { inPeace, runs }: { readonly inPeace: ReadonlyMap<string, Transcript>; readonly runs: number },
): Promise<PointReport> {
  const folder = newFolder()
  try {
    const point = new Point(folder, runs)
    const end = await point.live(injecting(fault, at, folder, `${folder}/trace`))
    const sight = await point.look()
    let last = end
    while (last !== 0 && point.lives <= MOST_LIVES) last = await point.live([])
    const journals = await point.read()
    const { violations, inDoubt } = judgeJournals(journals, runIdsOf(runs), inPeace)
    const noEnd = { runId: 'all', what: `there was no end after ${MOST_LIVES} lives: ${point.told.join('\n')}` }
    const all = [...(last === 0 ? [] : [noEnd]), ...judgeEffects(point.log.read(), [sight]), ...violations]
    const wrong = new Set(all.map(({ runId }) => runId))
    return {
      met: metIn(fault, at, `${folder}/trace`),
      isEnd: end !== 0,
      hung: point.hung,
      inDoubt,
      violations: all,
      journals: [...journals].flatMap(([id, kept]) => (wrong.has(id) ? [printed(id, kept)] : [])),
    }
  } finally {
    clearFolder(folder)
  }
}

class Point {
  readonly log: EffectLog
  readonly hung: string[] = []
  readonly told: string[] = []
  lives = 0
  readonly #folder: string
  readonly #runs: number
  readonly #baseMs = Date.now()

  constructor(folder: string, runs: number) {
    this.#folder = folder
    this.#runs = runs
    this.log = new EffectLog(folder)
  }

  /** One process, until it ends; one that hangs is killed. Gives its exit code or signal. */
  async live(strace: readonly string[]): Promise<number | string> {
    const name = `L${this.lives}`
    this.lives += 1
    const life = new Life(name, [this.#folder, name, String(this.#runs), String(this.#baseMs)], strace)
    const over = new AbortController()
    const hangs = sleep(HANGS_MS, 'hangs', { signal: over.signal }).catch(() => 'over')
    const isHung = (await Promise.race([life.ended, hangs])) === 'hangs'
    over.abort()
    if (isHung) await life.kill()
    const end = await life.ended
    const told = `${name}: ${isHung ? 'hung' : end} ${JSON.stringify(life.lines)}`
    this.told.push(told)
    if (isHung) this.hung.push(`${told}\n${(await this.#open()).join('\n')}`)
    this.log.append({ at: 'kill', life: name })
    return end
  }

  /** The journals of runs that are not settled, for people. */
  async #open(): Promise<readonly string[]> {
    const open = [...(await this.read())].filter(([, { summary }]) => summary.status !== 'settled')
    return open.map(([id, kept]) => printed(id, kept))
  }

  read(): Promise<ReadonlyMap<string, KeptRun>> {
    return existsSync(`${this.#folder}/runs.db`) ? readJournals(this.#folder, this.#baseMs) : Promise.resolve(new Map())
  }

  /** What fails once may have been told to nobody, and be made good; a disk that lies is another matter. */
  async look(): Promise<{ readonly done: ReadonlySet<string>; readonly lines: number }> {
    return { done: doneKeys(await this.read()), lines: this.log.read().length }
  }
}

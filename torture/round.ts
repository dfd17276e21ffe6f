import { existsSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Random } from '../corpus/random.ts'
import { EffectLog } from './effect-log.ts'
import { clearFolder, newFolder, runIdsOf } from './folder.ts'
import { doneKeys, type KeptRun, printed, readJournals } from './journals.ts'
import { judgeEffects, judgeJournals, type Sight, type Transcript, type Violation } from './judge.ts'
import { Life } from './life.ts'

/**
 * How the processes of a round live: `alone`, one after the other; as a `pair`, of which one is killed; as a pair of which
 * one is `stopped` for a while before; or one of which is stopped, has its lock taken away (`deceived`), and wakes up.
 */
export type Mode = 'alone' | 'pair' | 'stopped' | 'deceived'

export interface RoundOptions {
  readonly mode: Mode
  readonly runs: number
  /** Kills at most; then the runs are left alone. */
  readonly kills: number
  readonly random: Random
  readonly inPeace: ReadonlyMap<string, Transcript>
  readonly until: () => boolean
}

export interface RoundReport {
  readonly kills: number
  readonly stops: number
  /** Lives that found, as they woke up, that a run was no longer theirs. */
  readonly fenced: number
  readonly inDoubt: number
  readonly violations: readonly Violation[]
  readonly journals: ReadonlyMap<string, KeptRun>
}

const STUCK_MS = 20_000
const MOST_LIVES = 200
/** The exit code of a worker whose storage is in trouble. */
const GAVE_UP = 3
/** Longer than all rests after crashes, on the clock of the workers. */
const STOPPED_MS = 150

/** Plays one round in a folder of its own: starts and kills until each run is settled, and judges what is left. */
export async function playRound(options: RoundOptions): Promise<RoundReport> {
  const round = new Round(options)
  try {
    return await round.play()
  } finally {
    round.clear()
  }
}

class Round {
  readonly #options: RoundOptions
  readonly #folder = newFolder()
  readonly #log = new EffectLog(this.#folder)
  readonly #baseMs = Date.now()
  readonly #sights: Sight[] = []
  readonly #lives: Life[] = []
  #kills = 0
  #stops = 0

  constructor(options: RoundOptions) {
    this.#options = options
  }

  async play(): Promise<RoundReport> {
    const { mode, runs, random, inPeace } = this.#options
    const workers: Life[] = []
    try {
      for (;;) {
        while (workers.length < (mode === 'alone' ? 1 : 2)) workers.push(this.#start())
        const isLast = this.#kills >= this.#options.kills || this.#options.until()
        if (isLast) {
          await this.#settled(workers)
          break
        }
        if (this.#lives.length > MOST_LIVES) await this.#stuck()
        const victim = workers[random(workers.length)]!
        const isMoment = await this.#moment(victim)
        if (!isMoment && (await victim.ended) === 0) break // all is done
        if (isMoment && mode === 'stopped') await this.#stop(victim)
        if (isMoment && mode === 'deceived' && this.#stops === 0) await this.#deceive(victim)
        if (isMoment && !victim.isOver) await this.#kill(victim)
        workers.splice(workers.indexOf(victim), 1)
        const journals = existsSync(`${this.#folder}/runs.db`) ? await this.#read() : new Map<string, KeptRun>()
        this.#sights.push({ done: doneKeys(journals), lines: this.#log.read().length })
      }
      await Promise.all(workers.map(({ ended }) => ended))
    } finally {
      await Promise.all(workers.map((life) => life.kill()))
    }
    const journals = await this.#read()
    const judged = judgeJournals(journals, runIdsOf(runs), inPeace)
    return {
      kills: this.#kills,
      stops: this.#stops,
      fenced: this.#lives.filter(({ lines }) => JSON.stringify(lines).includes('fenced')).length,
      inDoubt: judged.inDoubt,
      violations: [...this.#troubles(), ...judgeEffects(this.#log.read(), this.#sights), ...judged.violations],
      journals,
    }
  }

  clear(): void {
    clearFolder(this.#folder)
  }

  /** Nothing is wrong with the disk: no process has a reason to give up. */
  #troubles(): readonly Violation[] {
    if (this.#options.mode === 'deceived') return []
    return this.#lives.flatMap(({ name, lines }) =>
      lines.filter(({ type }) => type === 'trouble').map((line) => ({ runId: name, what: JSON.stringify(line) })),
    )
  }

  #start(): Life {
    const name = `L${this.#lives.length}`
    const life = new Life(name, [this.#folder, name, String(this.#options.runs), String(this.#baseMs)])
    this.#lives.push(life)
    return life
  }

  #read(): Promise<ReadonlyMap<string, KeptRun>> {
    return readJournals(this.#folder, this.#baseMs)
  }

  /** Waits for the moment of a kill; gives whether the worker is still there. */
  async #moment(life: Life): Promise<boolean> {
    const { random } = this.#options
    const kind = random(10)
    if (kind === 0) await this.#pass(life, random(200))
    else {
      await this.#wait(life, () => life.isReady)
      if (kind < 4) await this.#pass(life, random(60))
      else {
        const path = kind < 7 ? this.#log.path : `${this.#folder}/runs.db-wal`
        const events = 1 + random(12)
        let seen = 0
        let before = changeOf(path)
        await this.#wait(life, () => {
          const now = changeOf(path)
          if (now !== before) seen += 1
          before = now
          return seen >= events
        })
      }
    }
    return !life.isOver
  }

  async #pass(life: Life, ms: number): Promise<void> {
    const endMs = performance.now() + ms
    await this.#wait(life, () => performance.now() >= endMs)
  }

  /** Until it is so, or the worker has ended; nothing that a healthy worker does takes `STUCK_MS`. */
  async #wait(life: Life, isSo: () => boolean): Promise<void> {
    const startMs = performance.now()
    while (!life.isOver && !isSo()) {
      if (performance.now() - startMs > STUCK_MS) await this.#stuck()
      await sleep(1)
    }
  }

  async #settled(workers: Life[]): Promise<void> {
    const startMs = performance.now()
    while (!workers.every(({ isOver }) => isOver)) {
      if (performance.now() - startMs > STUCK_MS) await this.#stuck()
      await sleep(5)
    }
    const ends = await Promise.all(workers.map(({ ended }) => ended))
    if (ends.includes(0)) return
    const fallen = ends.find((end) => end !== GAVE_UP)
    if (fallen !== undefined) throw new Error(`A worker that was left alone ended with ${fallen}`)
    if (this.#lives.length > MOST_LIVES) await this.#stuck()
    workers.splice(0, workers.length, this.#start())
    await this.#settled(workers)
  }

  async #stuck(): Promise<never> {
    const open = [...(await this.#read())].filter(([, { summary }]) => summary.status !== 'settled')
    throw new Error(
      `No progress for ${STUCK_MS} ms, or no end after ${MOST_LIVES} lives\n${JSON.stringify(this.#lives.at(-1)?.lines)}\n${open.map(([id, kept]) => printed(id, kept)).join('\n')}`,
    )
  }

  async #kill(life: Life): Promise<void> {
    this.#log.append({ at: 'kill', life: life.name })
    this.#kills += 1
    await life.kill()
  }

  async #stop(life: Life): Promise<void> {
    this.#stops += 1
    life.child.kill('SIGSTOP')
    await sleep(STOPPED_MS)
    life.child.kill('SIGCONT')
    await sleep(this.#options.random(40))
  }

  /** Others take its runs while it stands still; then it wakes up, and must find that they are not its own any more. */
  async #deceive(life: Life): Promise<void> {
    const { random } = this.#options
    const lock = lockOf(life)
    if (lock === undefined) return
    this.#stops += 1
    life.child.kill('SIGSTOP')
    this.#log.append({ at: 'dead', life: life.name })
    rmSync(lock, { force: true })
    await sleep(STOPPED_MS)
    life.child.kill('SIGCONT')
    await sleep(random(60))
  }
}

/** The lock file that a process holds; only Linux tells. */
function lockOf({ child: { pid } }: Life): string | undefined {
  const folder = `/proc/${pid}/fd`
  if (!existsSync(folder)) return undefined
  return readdirSync(folder)
    .map((name) => linkOf(`${folder}/${name}`))
    .find((path) => path.endsWith('.lock'))
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // closed in the meantime
  }
}

function changeOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined ? '' : `${stats.mtimeMs} ${stats.size}`
}

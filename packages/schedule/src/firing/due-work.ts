import { StoreError } from '@executus/core/store-error'

import { changeJob } from '../change-job.ts'
import type { FiringRecord, Job } from '../job.ts'
import type { ScheduleConfig } from '../options.ts'
import { nextTimeOf } from '../times/next-time.ts'
import { type FiringPlan, planFiring } from '../times/plan-firing.ts'
import { claimedJob, freedJob, isFiringOf } from './claim-firing.ts'
import type { FiringReport } from './firing-report.ts'
import { Places } from './places.ts'
import { retryStore } from './retry-store.ts'
import { type Firing, runFiring, type RunFiring } from './run-firing.ts'

/** Who looks for what is due. */
export interface Look {
  /** What is due by then is due. */
  readonly nowMs: number
  /** How far the clock that this look goes by is ahead of the schedule's. */
  readonly aheadMs: number
  readonly stop: AbortSignal
  /** Is told each firing as it begins; the promise never rejects. */
  readonly began: (report: Promise<FiringReport>) => void
}

/** Beyond the free places: jobs that nothing can be done about must not hide those behind them. */
const MORE_JOBS = 16

/** Beside what a firing may take: for its end to be written, and for clocks of other machines. */
const SLACK_MS = 60_000

const MOST_COMPLAINTS = 1_000

/** Begins what is due, and keeps what came of it. One for each schedule, as it bounds what is at work. */
export class DueWork {
  readonly #config: ScheduleConfig
  readonly #run: RunFiring
  readonly #onEnd: () => void
  readonly #places: Places
  /** Ids of jobs, one for each firing that is at work. */
  #atWork: readonly string[] = []
  readonly #complaints = new Set<string>()

  constructor(config: ScheduleConfig, run: RunFiring, onEnd: () => void) {
    this.#config = config
    this.#run = run
    this.#onEnd = onEnd
    this.#places = new Places(config.concurrency)
  }

  get isFull(): boolean {
    return this.#places.free <= 0
  }

  /** Resolves when something ends that holds a place. */
  placeFrees(): Promise<void> {
    return this.#places.oneLeaves()
  }

  /**
   * Begins what is due, oldest first, one firing of each job at most, while there are places; gives how many it began.
   * Rejects with `StoreError`.
   */
  async begin(look: Look): Promise<number> {
    let count = 0
    for (let after: string | undefined; ;) {
      if (this.isFull || look.stop.aborted) return count
      const limit = Math.min(this.#places.free, 1_000) + MORE_JOBS
      const query = { nowMs: look.nowMs, limit, ...(after !== undefined && { after }) }
      const { jobs, damaged, next } = await this.#config.store.due(query)
      for (const jobId of damaged) this.#complainOnce(`The job ${jobId} is damaged`)
      for (const job of jobs) {
        if (this.isFull || look.stop.aborted) return count
        if (await this.#take(job, look)) count += 1
      }
      if (next === undefined) return count
      after = next
    }
  }

  /** Whether a firing was begun. */
  async #take(job: Job, look: Look): Promise<boolean> {
    if (job.mayOverlap !== true && this.#atWork.includes(job.id)) return false
    const plan = this.#planOf(job, look.nowMs)
    if (plan === undefined) return false
    this.#places.take()
    let isBegun = false
    try {
      isBegun = await this.#claim(job, plan, look)
    } finally {
      if (!isBegun) this.#places.leave()
    }
    return isBegun
  }

  #planOf({ dueAtMs, ...job }: Job, nowMs: number): FiringPlan | undefined {
    if (dueAtMs === undefined) return undefined
    const what = `The next time of the job ${job.id} cannot be told`
    try {
      const next = nextTimeOf(job.trigger, this.#config.triggers)
      if (next !== undefined) return planFiring({ ...job, dueAtMs }, next, nowMs, this.#config)
      this.#complainOnce(`${what}: its trigger is not known here`)
    } catch (error) {
      this.#complainOnce(what, error)
    }
    return undefined
  }

  /** Writes what comes next before anything is begun. */
  async #claim(job: Job, plan: FiringPlan, look: Look): Promise<boolean> {
    const { store, historySize, triggers, graceMs } = this.#config
    const startedAtMs = this.#nowOf(look)
    const expiresAtMs = startedAtMs + this.#timeoutOf(job) + graceMs + SLACK_MS
    const claimed = claimedJob(job, plan, { startedAtMs, expiresAtMs }, triggers)
    const firings = [claimed.skipped, claimed.fired].filter((firing) => firing !== undefined)
    let isOurs: boolean
    try {
      isOurs = await store.save(claimed.job, { expectRevision: job.revision, firings, keep: historySize })
    } catch (error) {
      if (!StoreError.is(error) || error.code !== 'corrupt') throw error
      this.#complainOnce(`The job ${job.id} is damaged`, error)
      return false
    }
    const { fired, skipped } = claimed
    if (!isOurs) {
      const { id, dueAtMs } = (fired ?? skipped)!
      look.began(Promise.resolve({ id, jobId: job.id, dueAtMs, outcome: 'taken' }))
      return false
    }
    if (skipped !== undefined) look.began(Promise.resolve(reportOf(job, { ...skipped, outcome: 'skipped' })))
    if (fired !== undefined) look.began(this.#fire(job, fired, look))
    return fired !== undefined
  }

  async #fire(job: Job, begun: FiringRecord, look: Look): Promise<FiringReport> {
    const { clock, graceMs, logger } = this.#config
    this.#atWork = [...this.#atWork, job.id]
    const bounds = { clock, graceMs, timeoutMs: this.#timeoutOf(job), stop: look.stop }
    const end = await runFiring(this.#run, firingOf(job, begun), bounds)
    if (end.outcome === 'failed') logger.error(`The firing ${begun.id} failed: ${end.error}`)
    const ended = { ...begun, ...end, endedAtMs: this.#nowOf(look) }
    await this.#keepEnd(job.id, ended).catch((error: unknown) => {
      logger.error(`The end of the firing ${begun.id} could not be kept`, error)
    })
    this.#atWork = this.#atWork.toSpliced(this.#atWork.indexOf(job.id), 1)
    this.#places.leave()
    this.#onEnd()
    return reportOf(job, ended)
  }

  async #keepEnd(jobId: string, firing: FiringRecord): Promise<void> {
    const { store, historySize, clock, triggers } = this.#config
    await retryStore(clock, () =>
      changeJob(store, jobId, historySize, (job) => ({
        job: freedJob(job, firing, triggers),
        firings: isFiringOf(job, firing) ? [firing] : [],
      })),
    )
  }

  #timeoutOf(job: Job): number {
    return job.timeoutMs ?? this.#config.timeoutMs
  }

  #nowOf({ aheadMs }: Look): number {
    return Math.floor(this.#config.clock.now() + aheadMs)
  }

  /** What stays as it is is told once, not at every look. */
  #complainOnce(message: string, error?: unknown): void {
    if (this.#complaints.has(message)) return
    if (this.#complaints.size >= MOST_COMPLAINTS) this.#complaints.clear()
    this.#complaints.add(message)
    this.#config.logger.error(message, error)
  }
}

function firingOf(job: Job, { id, dueAtMs, sinceMs, startedAtMs }: FiringRecord): Firing {
  return {
    id,
    jobId: job.id,
    ...(job.name !== undefined && { name: job.name }),
    ...(job.owner !== undefined && { owner: job.owner }),
    payload: job.payload,
    dueAtMs,
    ...(sinceMs !== undefined && { sinceMs }),
    startedAtMs,
  }
}

function reportOf(
  job: Job,
  { id, dueAtMs, sinceMs, untilMs, error, outcome }: FiringRecord & Pick<FiringReport, 'outcome'>,
): FiringReport {
  return {
    id,
    jobId: job.id,
    dueAtMs,
    outcome,
    ...(error !== undefined && { error }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(untilMs !== undefined && { untilMs }),
  }
}

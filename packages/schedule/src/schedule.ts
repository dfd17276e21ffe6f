import { checkCount, checkKeys, checkObject, checkText, expected } from '@executus/core/check-option'
import { StoreError } from '@executus/core/store-error'

import { changeJob } from './change-job.ts'
import { Alarm } from './firing/alarm.ts'
import { DueWork } from './firing/due-work.ts'
import type { FiringReport } from './firing/firing-report.ts'
import { loopUntil } from './firing/loop.ts'
import { tickOnce } from './firing/tick.ts'
import type { FiringRecord, Job, JobChange, NewJob } from './job.ts'
import { changedJob, disabledJob, enabledJob, makeJob } from './make-job.ts'
import { checkOptions, type ScheduleConfig, type ScheduleOptions } from './options.ts'
import type { JobPage, JobQuery } from './schedule-store.ts'
import { checkSpan, checkTime, LAST_TIME_MS } from './times/time-limits.ts'
import { seenFiring, seenJob } from './view.ts'

/** Jobs, and what does them when they are due. All that asks the store rejects with `StoreError`. */
export interface Schedule {
  /**
   * Keeps a new job and gives it. Rejects with `exists` when there is one of its id; with TypeError or RangeError that names
   * the field, also when the job would never be due, or was so longer than `missedAfterMs` ago.
   */
  add(job: NewJob): Promise<Job>
  /**
   * Changes a job and gives it as it is then. Rejects with `not-found`; with `fenced` when its `version` is not the one that
   * is given; with TypeError or RangeError as `add`.
   */
  update(jobId: string, change: JobChange, options?: { readonly version?: number }): Promise<Job>
  /** Lets a job be due again from now on; what was due in the meantime is past. Rejects with `not-found`, or as `add`. */
  enable(jobId: string): Promise<Job>
  /** Lets a job be due no more, until it is enabled; what is at work goes on. Rejects with `not-found`. */
  disable(jobId: string): Promise<Job>
  /** Forgets a job and its history; what is at work goes on. Gives whether there was one. */
  remove(jobId: string): Promise<boolean>
  get(jobId: string): Promise<Job | undefined>
  /** Jobs by their next time, those without one last. A job that is fired between two pages has moved on. */
  list(query?: Partial<JobQuery>): Promise<JobPage>
  /** What became of the newest due times of a job, the newest first. */
  history(jobId: string, query?: { readonly limit?: number }): Promise<readonly FiringRecord[]>
  /** Forgets jobs that have no more times, the last one before `endedBeforeMs`; at most `limit`. Gives how many. */
  sweep(query: { readonly endedBeforeMs: number; readonly limit: number }): Promise<number>
  /**
   * Does all that is due by `nowMs`, by default the clock's now, and resolves when it has ended: what came of each due time,
   * in the order in which they were begun. When `signal` aborts, nothing more is begun, and what is at work is aborted.
   */
  tick(nowMs?: number, options?: { readonly signal?: AbortSignal }): Promise<readonly FiringReport[]>
  /**
   * Does what is due when it is due, until `signal` aborts; resolves when all that is at work, aborted as well, has ended or
   * had its `graceMs`. Failures of the store are logged, and it asks again. One loop at a time.
   */
  loop(options: LoopOptions): Promise<void>
  /** Closes the store. To be called when no loop and no tick is under way. */
  close(): Promise<void>
}

export interface LoopOptions {
  readonly signal: AbortSignal
  /** It looks this often at least, as another process may have made a job. @default 10_000 */
  readonly everyMs?: number
}

/** Well below `missedAfterMs`, so that a job of another process is not missed. */
const EVERY_MS = 10_000

/**
 * A schedule of jobs.
 *
 * @throws TypeError or RangeError that names the option
 * @example
 * const schedule = createSchedule({ run: ({ payload }) => console.log(payload) })
 * await schedule.add({ trigger: { cron: '0 9 * * 1-5', timeZone: 'Europe/Oslo' }, payload: 'Good morning' })
 * await schedule.loop({ signal })
 */
export function createSchedule(options: ScheduleOptions = {}): Schedule {
  return new StoredSchedule(checkOptions(options))
}

class StoredSchedule implements Schedule {
  readonly #config: ScheduleConfig
  readonly #alarm: Alarm
  readonly #work: DueWork | undefined
  #isLooping = false

  constructor(config: ScheduleConfig) {
    this.#config = config
    this.#alarm = new Alarm(config.clock)
    if (config.run !== undefined) this.#work = new DueWork(config, config.run, () => this.#alarm.ring())
  }

  async add(given: NewJob): Promise<Job> {
    checkObject('job', given)
    const id = given.id ?? this.#config.ids.next()
    checkText('job.id', id)
    const job = makeJob(given, id, this.#nowMs, this.#config)
    await this.#config.store.add(job)
    this.#alarm.ring()
    return job
  }

  async update(jobId: string, change: JobChange, options: { readonly version?: number } = {}): Promise<Job> {
    checkKeys('options', options, ['version'])
    const { version } = options
    if (version !== undefined) checkCount('options.version', version, 1)
    return this.#change(jobId, (job) => {
      if (version !== undefined && version !== job.version)
        throw new StoreError('fenced', `The job ${jobId} was changed: it has version ${job.version}, not ${version}`)
      return changedJob(job, change, this.#nowMs, this.#config)
    })
  }

  async enable(jobId: string): Promise<Job> {
    return this.#change(jobId, (job) => (job.isEnabled ? job : enabledJob(job, this.#nowMs, this.#config)))
  }

  async disable(jobId: string): Promise<Job> {
    return this.#change(jobId, (job) => (job.isEnabled ? disabledJob(job) : job))
  }

  async remove(jobId: string): Promise<boolean> {
    checkText('jobId', jobId)
    return this.#config.store.remove(jobId)
  }

  async get(jobId: string): Promise<Job | undefined> {
    checkText('jobId', jobId)
    const job = await this.#config.store.get(jobId)
    return job && seenJob(job, this.#nowMs)
  }

  async list(query: Partial<JobQuery> = {}): Promise<JobPage> {
    checkKeys('query', query, ['limit', 'owner', 'after'])
    const { limit = 100, owner, after } = query
    checkCount('query.limit', limit, 1)
    const asked = { limit, ...(owner !== undefined && { owner }), ...(after !== undefined && { after }) }
    const page = await this.#config.store.list(asked)
    return { ...page, jobs: page.jobs.map((job) => seenJob(job, this.#nowMs)) }
  }

  async history(jobId: string, query: { readonly limit?: number } = {}): Promise<readonly FiringRecord[]> {
    checkText('jobId', jobId)
    checkKeys('query', query, ['limit'])
    const { limit = this.#config.historySize } = query
    checkCount('query.limit', limit, 1)
    const firings = await this.#config.store.history(jobId, { limit })
    return firings.map((firing) => seenFiring(firing, this.#nowMs))
  }

  async sweep(query: { readonly endedBeforeMs: number; readonly limit: number }): Promise<number> {
    checkKeys('query', query, ['endedBeforeMs', 'limit'])
    checkTime('query.endedBeforeMs', query.endedBeforeMs)
    checkCount('query.limit', query.limit, 1)
    return this.#config.store.sweep(query)
  }

  close(): Promise<void> {
    return this.#config.store.close()
  }

  async tick(nowMs?: number, options: { readonly signal?: AbortSignal } = {}): Promise<readonly FiringReport[]> {
    if (nowMs !== undefined) checkTime('nowMs', nowMs)
    checkKeys('options', options, ['signal'])
    const { signal = new AbortController().signal } = options
    checkSignal(signal)
    const clockMs = this.#config.clock.now()
    const look = { nowMs: nowMs ?? clockMs, aheadMs: nowMs === undefined ? 0 : nowMs - clockMs, stop: signal }
    return tickOnce(this.#worker(), look)
  }

  async loop(options: LoopOptions): Promise<void> {
    checkKeys('options', options, ['signal', 'everyMs'])
    const { signal, everyMs = EVERY_MS } = options
    checkSignal(signal)
    checkSpan('options.everyMs', everyMs, 100, LAST_TIME_MS)
    const work = this.#worker()
    if (this.#isLooping) throw new TypeError('Expected a schedule that is not looping: this one is')
    this.#isLooping = true
    try {
      await loopUntil(this.#config, work, this.#alarm, { signal, everyMs })
    } finally {
      this.#isLooping = false
    }
  }

  async #change(jobId: string, change: (job: Job) => Job): Promise<Job> {
    checkText('jobId', jobId)
    const { store, historySize } = this.#config
    const changed = await changeJob(store, jobId, historySize, (job) => ({ job: change(job) }))
    if (changed === undefined) throw new StoreError('not-found', `There is no job ${jobId}`)
    this.#alarm.ring()
    return seenJob(changed, this.#nowMs)
  }

  #worker(): DueWork {
    if (this.#work === undefined) throw expected('options.run', 'a function, to do what is due', undefined)
    return this.#work
  }

  get #nowMs(): number {
    return Math.floor(this.#config.clock.now())
  }
}

function checkSignal(signal: unknown): void {
  if (!(signal instanceof AbortSignal)) throw expected('options.signal', 'an AbortSignal', signal)
}

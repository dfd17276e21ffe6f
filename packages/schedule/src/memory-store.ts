import { StoreError } from '@executus/core/store-error'

import type { FiringRecord, Job } from './job.ts'
import type { DueQuery, JobPage, JobQuery, SaveOptions, ScheduleStore } from './schedule-store.ts'

export interface MemoryScheduleStore extends ScheduleStore {
  /** The same jobs, opened once more, as another process opens the same file. */
  connect(): MemoryScheduleStore
}

/** Jobs in memory: all of them are lost with the process. */
export function memoryScheduleStore(): MemoryScheduleStore {
  return new MemoryStore({ jobs: new Map(), made: 0 })
}

interface Memory {
  readonly jobs: Map<string, MemoryJob>
  made: number
}

interface MemoryJob {
  /** The order of making. */
  readonly number: number
  /** Nobody else holds it. */
  job: Job
  firings: readonly FiringRecord[]
}

// A method is done before its promise is there, so each is one step to all who have opened it.
class MemoryStore implements MemoryScheduleStore {
  readonly #memory: Memory
  #isClosed = false

  constructor(memory: Memory) {
    this.#memory = memory
  }

  connect(): MemoryScheduleStore {
    return new MemoryStore(this.#memory)
  }

  async add(job: Job): Promise<void> {
    const { jobs } = this.#open()
    if (jobs.has(job.id)) throw new StoreError('exists', `There is a job ${job.id} already`)
    jobs.set(job.id, { number: this.#memory.made, job: copyOf(job), firings: [] })
    this.#memory.made += 1
  }

  async get(jobId: string): Promise<Job | undefined> {
    const kept = this.#open().jobs.get(jobId)
    return kept && copyOf(kept.job)
  }

  async save(job: Job, { expectRevision, firings = [], keep }: SaveOptions): Promise<boolean> {
    const kept = this.#open().jobs.get(job.id)
    if (kept?.job.revision !== expectRevision) return false
    const byDueTime = new Map([...kept.firings, ...firings].map((firing) => [firing.dueAtMs, firing]))
    const newest = [...byDueTime.values()].toSorted((a, b) => b.dueAtMs - a.dueAtMs).slice(0, keep)
    ;[kept.job, kept.firings] = [copyOf(job), copyOf(newest)]
    return true
  }

  async remove(jobId: string): Promise<boolean> {
    return this.#open().jobs.delete(jobId)
  }

  async list({ owner, ...query }: JobQuery): Promise<JobPage> {
    return this.#page(query, ({ job }) => owner === undefined || job.owner === owner)
  }

  async due({ nowMs, ...query }: DueQuery): Promise<JobPage> {
    return this.#page(query, ({ job }) => {
      const isBusy = job.mayOverlap !== true && (job.busyUntilMs ?? 0) > nowMs
      return !isBusy && job.nextAtMs !== undefined && job.nextAtMs <= nowMs
    })
  }

  async nextAt(afterMs: number): Promise<number | undefined> {
    let first = Number.POSITIVE_INFINITY
    for (const { job } of this.#open().jobs.values())
      if (job.nextAtMs !== undefined && job.nextAtMs > afterMs) first = Math.min(first, job.nextAtMs)
    return first === Number.POSITIVE_INFINITY ? undefined : first
  }

  async history(jobId: string, { limit }: { readonly limit: number }): Promise<readonly FiringRecord[]> {
    const firings = this.#open().jobs.get(jobId)?.firings ?? []
    return copyOf(firings.slice(0, Math.max(0, limit)))
  }

  async sweep(query: { readonly endedBeforeMs: number; readonly limit: number }): Promise<number> {
    const { jobs } = this.#open()
    const ended = [...jobs.values()]
      .filter(({ job }) => job.endedAtMs !== undefined && job.endedAtMs < query.endedBeforeMs)
      .toSorted((a, b) => a.job.endedAtMs! - b.job.endedAtMs! || a.number - b.number)
      .slice(0, Math.max(0, query.limit))
    for (const { job } of ended) jobs.delete(job.id)
    return ended.length
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  #open(): Memory {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed')
    return this.#memory
  }

  #page({ limit, after }: Pick<JobQuery, 'limit' | 'after'>, fits: (kept: MemoryJob) => boolean): JobPage {
    const { jobs } = this.#open()
    const from = after === undefined ? undefined : placeOfCursor(after)
    if (limit <= 0) return { jobs: [], damaged: [] }
    const found = [...jobs.values()]
      .filter((kept) => fits(kept) && (from === undefined || compare(placeOf(kept), from) > 0))
      .toSorted((a, b) => compare(placeOf(a), placeOf(b)))
    const page = found.slice(0, limit)
    const last = page.at(-1)
    return {
      jobs: page.map(({ job }) => copyOf(job)),
      damaged: [],
      ...(last !== undefined && found.length > page.length && { next: placeOf(last).join(' ') }),
    }
  }
}

/** Where a job stands in a list: its next time, and its number. */
type Place = readonly [atMs: number, number: number]

function placeOf({ job, number }: MemoryJob): Place {
  return [job.nextAtMs ?? Number.MAX_SAFE_INTEGER, number]
}

function compare(a: Place, b: Place): number {
  return a[0] - b[0] || a[1] - b[1]
}

function placeOfCursor(after: string): Place {
  const [, atMs, number] = /^(\d+) (\d+)$/.exec(after) ?? []
  if (number === undefined) throw new RangeError('Expected `query.after` to be the `next` of a page')
  return [Number(atMs), Number(number)]
}

/** As a store on a disk gives it back. */
function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

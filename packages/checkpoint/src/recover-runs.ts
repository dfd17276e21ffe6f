import {
  type Agent,
  type Clock,
  consoleLogger,
  type Executor,
  type Logger,
  type ResumedInvocation,
  type RunResult,
  systemClock,
} from '@executus/core'
import { checkCount, checkKeys, checkPort, expected } from '@executus/core/check-option'

import type { Checkpoints } from './checkpoints.ts'
import type { RunSummary } from './journal-store.ts'

export interface RecoverOptions {
  /** How many runs are at work at once. @default 8 */
  readonly concurrency?: number
  /** The agent as it is now; `undefined` leaves the run as it is. @default the agent as it was stored */
  readonly agentOf?: (run: RunSummary) => Agent | undefined | Promise<Agent | undefined>
  /** What cannot be stored, and is given again. @default nothing */
  readonly invocationOf?: (run: RunSummary) => ResumedInvocation | Promise<ResumedInvocation>
  /** Ends it: no other run is begun then, and those under way are awaited; `executor.shutdown` interrupts them. */
  readonly signal?: AbortSignal
  /** Hears of each run when something has become of it. What it throws is logged. */
  readonly onProgress?: (progress: RecoveryProgress) => void
  /** @default consoleLogger */
  readonly logger?: Logger
}

/**
 * What became of a run.
 *
 * - `resumed`: it was gone on with, and ended with this status.
 * - `poisoned`: it had crashed too often, and was set aside.
 * - `skipped`: another process was faster, or the host has no agent for it.
 * - `failed`: it could not be gone on with as things are; it stays where it was.
 */
export type RecoveryProgress =
  | { readonly type: 'resumed'; readonly runId: string; readonly status: RunResult['status'] }
  | { readonly type: 'poisoned' | 'skipped' | 'failed'; readonly runId: string; readonly reason: string }

/** What became of each run, in the order in which it did. */
export interface RecoveryReport {
  readonly resumed: readonly { readonly runId: string; readonly status: RunResult['status'] }[]
  readonly poisoned: readonly { readonly runId: string; readonly reason: string }[]
  readonly skipped: readonly { readonly runId: string; readonly reason: string }[]
  readonly failed: readonly { readonly runId: string; readonly reason: string }[]
}

export interface WatchRecordsOptions extends RecoverOptions {
  /** How long to wait between two looks, in milliseconds. @default 1_000 */
  readonly everyMs?: number
  /** @default systemClock */
  readonly clock?: Clock
  /** Ends the watch. */
  readonly signal: AbortSignal
}

// The models' provider is what limits a recovery, and this many runs at once are what one tier of an account bears.
const CONCURRENCY = 8
const EVERY_MS = 1_000
/** Summaries are small; transcripts are read when a run has its slot. */
const PAGE = 100

/** A watch is not to be kept busy by a run that nobody here can go on with. */
const LOOKS_TO_REST = 60

const OPTIONS = ['concurrency', 'agentOf', 'invocationOf', 'signal', 'onProgress', 'logger']

/**
 * Goes on with the root runs that nobody works on: those that were interrupted or released, and those whose signal has come,
 * oldest first. Each is tried once; resolves when the last of them has ended. Rejects with `StoreError` when the records
 * cannot be listed.
 *
 * @throws TypeError or RangeError that names the option
 * @example
 * await recoverRuns(executor, checkpoints) // when the process has started
 */
export async function recoverRuns(
  executor: Pick<Executor, 'resume'>,
  checkpoints: Checkpoints,
  options: RecoverOptions = {},
): Promise<RecoveryReport> {
  checkOptions(executor, checkpoints, options, OPTIONS)
  const report = { resumed: [], poisoned: [], skipped: [], failed: [] } as Writable<RecoveryReport>
  const recovery = new Recovery(executor, checkpoints, options, ({ type, ...rest }) => {
    report[type].push(rest as never)
  })
  try {
    await recovery.look()
  } finally {
    await recovery.idle()
  }
  return report
}

type Writable<Report> = {
  -readonly [Key in keyof Report]: Report[Key] extends readonly (infer Item)[] ? Item[] : never
}

/**
 * Looks for such runs again and again until `signal` aborts, so that a run goes on soon after another process has delivered
 * its approval, or died. Resolves when the last of them has ended. A look that fails is logged.
 *
 * @throws TypeError or RangeError that names the option
 */
export async function watchRecords(
  executor: Pick<Executor, 'resume'>,
  checkpoints: Checkpoints,
  options: WatchRecordsOptions,
): Promise<void> {
  checkOptions(executor, checkpoints, options, [...OPTIONS, 'everyMs', 'clock'])
  const { everyMs = EVERY_MS, clock = systemClock, signal, logger = consoleLogger } = options
  if (!(signal instanceof AbortSignal)) throw expected('options.signal', 'an AbortSignal', signal)
  checkCount('options.everyMs', everyMs, 1)
  const recovery = new Recovery(executor, checkpoints, options)
  while (!signal.aborted) {
    try {
      await recovery.look()
    } catch (error) {
      logger.error('the records of runs could not be listed', error)
    }
    await pause(clock, everyMs, signal)
  }
  await recovery.idle()
}

function checkOptions(
  executor: unknown,
  checkpoints: unknown,
  options: RecoverOptions,
  known: readonly string[],
): void {
  checkPort('executor', executor, ['resume'])
  checkPort('checkpoints', checkpoints, ['list', 'find'])
  checkKeys('options', options, known)
  checkCount('options.concurrency', options.concurrency ?? CONCURRENCY, 1)
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(delayMs, done)
    signal.addEventListener('abort', done, { once: true })
    if (signal.aborted) done()
  })
}

class Recovery {
  readonly #executor: Pick<Executor, 'resume'>
  readonly #checkpoints: Checkpoints
  readonly #options: RecoverOptions
  readonly #report: (progress: RecoveryProgress) => void
  readonly #underWay = new Map<string, Promise<void>>()
  /** Looks that are left until a run is tried again that could not be gone on with. */
  readonly #resting = new Map<string, number>()

  constructor(
    executor: Pick<Executor, 'resume'>,
    checkpoints: Checkpoints,
    options: RecoverOptions,
    report: (progress: RecoveryProgress) => void = () => {},
  ) {
    this.#executor = executor
    this.#checkpoints = checkpoints
    this.#options = options
    this.#report = report
  }

  /** Begins what there is to do; resolves when the last of it has begun. */
  async look(): Promise<void> {
    const { concurrency = CONCURRENCY, signal } = this.#options
    for (const [runId, looks] of this.#resting)
      if (looks > 1) this.#resting.set(runId, looks - 1)
      else this.#resting.delete(runId)
    for (let after: string | undefined; ;) {
      const query = { limit: PAGE, claimableOnly: true, rootsOnly: true, ...(after !== undefined && { after }) }
      const { runs, next } = await this.#checkpoints.list(query)
      for (const run of runs) {
        while (this.#underWay.size >= concurrency) await Promise.race(this.#underWay.values())
        if (signal?.aborted === true) return
        if (this.#underWay.has(run.runId) || this.#resting.has(run.runId)) continue
        const work = this.#recover(run).finally(() => this.#underWay.delete(run.runId))
        this.#underWay.set(run.runId, work)
      }
      if (next === undefined) return
      after = next
    }
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values())
  }

  async #recover(run: RunSummary): Promise<void> {
    let progress: RecoveryProgress
    try {
      progress = await this.#resume(run)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      progress = { type: 'failed', runId: run.runId, reason }
    }
    if (progress.type === 'failed' || progress.type === 'skipped') this.#resting.set(run.runId, LOOKS_TO_REST)
    this.#tell(progress)
  }

  /** The record is claimed by the executor, which asks the checkpoints for it. */
  async #resume(run: RunSummary): Promise<RecoveryProgress> {
    const { runId } = run
    const { agentOf, invocationOf } = this.#options
    const agent = await agentOf?.(run)
    if (agentOf !== undefined && agent === undefined)
      return { type: 'skipped', runId, reason: `there is no agent ${run.agent} for it` }
    const invocation = await invocationOf?.(run)
    const resumption = { ...(agent !== undefined && { agent }), ...(invocation !== undefined && { invocation }) }
    const result = await this.#executor.resume(runId, resumption).result
    const { status, stopReason } = result
    if (status !== 'rejected' && status !== 'error' && stopReason !== 'storage')
      return { type: 'resumed', runId, status }
    const now = await this.#checkpoints.find(runId)
    if (now?.status === 'quarantined') return { type: 'failed', runId, reason: now.reason ?? 'an entry is damaged' }
    if (stopReason === 'storage' || (status === 'error' && now?.status === 'settled'))
      return { type: 'resumed', runId, status }
    if (stopReason !== 'not-resumable') return { type: 'failed', runId, reason: result.error.message }
    if (now?.status === 'poisoned') return { type: 'poisoned', runId, reason: now.reason ?? 'it crashed too often' }
    return { type: 'skipped', runId, reason: 'another process was faster' }
  }

  #tell(progress: RecoveryProgress): void {
    const { onProgress, logger = consoleLogger } = this.#options
    this.#report(progress)
    try {
      onProgress?.(progress)
    } catch (error) {
      logger.error('a listener of the recovery failed', error)
    }
  }
}

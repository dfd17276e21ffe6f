import { type Checkpoints, watchRecords } from '@executus/checkpoint'
import type { Clock, Executor, Logger, ResumeOptions, Schema } from '@executus/core'

import type { BotRun } from '../store/run-store.ts'
import type { Stores } from '../store/stores.ts'
import type { AnswerDesk } from './answers/answer-desk.ts'
import type { RunDesk } from './run-desk.ts'

export interface RecoverOptions {
  readonly executor: Executor
  readonly checkpoints: Checkpoints
  readonly stores: Stores
  readonly runs: RunDesk
  readonly answers: AnswerDesk
  readonly clock: Clock
  readonly logger: Logger
  /** Ends it. */
  readonly signal: AbortSignal
}

/** For runs that could not go on at the start: those that rest after crashes, or met a full disk. */
const LOOK_EVERY_MS = 5_000

const SET_ASIDE = 'It stopped the bot again and again, and was set aside.'

/** Brings what the bot kept and what the journal knows together, after whatever happened to the process. */
export async function reconcile(options: RecoverOptions): Promise<void> {
  const { stores, runs, logger } = options
  const conversations = new Set(stores.entries.conversationsWaiting())
  for (const run of stores.runs.open()) {
    conversations.add(run.conversationId)
    // One that cannot be looked up must not keep the others from going on.
    if (run.state === 'open')
      await reconcileRun(options, run).catch((error: unknown) =>
        logger.error(`run ${run.id} could not be looked up`, error),
      )
  }
  for (const conversationId of conversations) runs.advance(conversationId)
}

async function reconcileRun({ checkpoints, runs, answers }: RecoverOptions, run: BotRun): Promise<void> {
  const record = await checkpoints.find(run.id)
  // It was kept, and the process died before it was begun.
  if (record === undefined) runs.begin(run)
  else if (record.status === 'settled') await answers.tellOutcome(run, record.outcome!)
  else if (record.status === 'waiting') runs.showWaiting(run)
  else if (record.status === 'poisoned' || record.status === 'quarantined') answers.tellFailed(run, SET_ASIDE)
}

/** Goes on with interrupted runs, now and whenever there are any, until the signal aborts. */
export function goOn({
  executor,
  checkpoints,
  stores,
  runs,
  answers,
  clock,
  logger,
  signal,
}: RecoverOptions): Promise<void> {
  const resuming: Pick<Executor, 'resume'> = {
    resume<S extends Schema>(runId: string, options?: ResumeOptions<S>) {
      const run = stores.runs.find(runId)
      if (run?.state === 'paused') throw new Error('It waits for its budget')
      // One that no conversation knows goes on all the same: what was begun is brought to its end.
      return run === undefined ? executor.resume(runId, options) : runs.resume(run, { ...options, state: 'recovered' })
    },
  }
  return watchRecords(resuming, checkpoints, {
    everyMs: LOOK_EVERY_MS,
    clock,
    logger,
    signal,
    onProgress(progress) {
      const run = stores.runs.find(progress.runId)
      if (progress.type !== 'poisoned' || run === undefined) return
      answers.tellFailed(run, SET_ASIDE)
      runs.advance(run.conversationId)
    },
  })
}

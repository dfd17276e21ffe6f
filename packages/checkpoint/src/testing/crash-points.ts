import type { Agent, ApprovalDecision, ApprovalRequest, Executor, RunInput, RunResult } from '@executus/core'

import { type Checkpoints, createCheckpoints } from '../checkpoints.ts'
import { openMemoryStores } from './memory-stores.ts'
import { type StopMode, stoppingStore } from './stopping-store.ts'
import type { OpenedStores } from './store-cases/store-case.ts'

/** What a process is made with. */
export interface CrashedHost {
  readonly checkpointer: Checkpoints
  /** To be called by a tool as it takes effect, with its context's `idempotencyKey`, if it must not do so twice. */
  readonly effect: (idempotencyKey: string) => void
}

export interface CrashPointsOptions {
  /**
   * Makes the executor of a process, anew after each crash. Its models must answer by what they are shown alone, or the
   * runs cannot be compared.
   */
  readonly createExecutor: (host: CrashedHost) => Executor
  readonly agent: Agent
  readonly input: RunInput
  /** What people say. @default yes */
  readonly decide?: (request: ApprovalRequest) => ApprovalDecision
  /** Empty records, whose owners can be killed. @default openMemoryStores */
  readonly open?: () => OpenedStores | Promise<OpenedStores>
}

export interface CrashPointsReport {
  /** Writes of the run that was left alone: so many points there are, each tried in two ways. */
  readonly writes: number
  /** Runs that came to another end, effects that were made twice or not at all. Empty when all is well. */
  readonly problems: readonly string[]
}

/** What is left of a run in the end. */
interface EndedRun {
  readonly status: string
  readonly output: string
  /** Whether the model was told that nobody knows what became of a call. */
  readonly isInDoubt: boolean
  /** How often each effect was made, by key. */
  readonly effects: ReadonlyMap<string, number>
}

const RUN_ID = 'crash-points'
/** A run that is suspended more often than this waits for something that never comes. */
const MOST_ROUNDS = 100

/**
 * Runs an agent once in peace, and then once for each write to its records: there the process dies, before its next write
 * or before it has heard of this one, and another goes on.
 *
 * @example
 * const { problems } = await crashPoints({ createExecutor: myHost, agent, input: 'go' })
 * assert.deepEqual(problems, [])
 */
export async function crashPoints(options: CrashPointsOptions): Promise<CrashPointsReport> {
  const whole = await play(options, Number.POSITIVE_INFINITY, 'before')
  const problems = [...doubles(whole.ended, 'in peace')]
  for (let writes = 1; writes < whole.writes; writes++)
    for (const mode of MODES) {
      // A run whose record seems not to be made goes on without one: no other process takes that up.
      if (mode === 'unheard' && writes === 1) continue
      const { ended } = await play(options, writes, mode)
      const where = mode === 'before' ? `after write ${writes}` : `after write ${writes}, unheard`
      problems.push(...doubles(ended, where), ...differences(whole.ended, ended, where))
    }
  return { writes: whole.writes, problems }
}

const MODES: readonly StopMode[] = ['before', 'unheard']

async function play(
  options: CrashPointsOptions,
  writes: number,
  mode: StopMode,
): Promise<{ readonly ended: EndedRun; readonly writes: number }> {
  const { createExecutor, agent, input, open = openMemoryStores } = options
  const stores = await open()
  const effects = new Map<string, number>()
  const effect = (key: string) => effects.set(key, (effects.get(key) ?? 0) + 1)
  try {
    const owner = await stores.connect()
    const store = stoppingStore(owner, writes, mode)
    const checkpointer = createCheckpoints(store)
    const executor = createExecutor({ checkpointer, effect })
    const first = executor.run(agent, input, { runId: RUN_ID })
    let result = await untilEnd(options, executor, checkpointer, first)
    if (store.writes >= writes) {
      await stores.kill!(owner)
      const next = createCheckpoints(await stores.connect())
      const again = createExecutor({ checkpointer: next, effect })
      result = await untilEnd(options, again, next, again.resume(RUN_ID).result)
    }
    return { ended: await endOf(await stores.connect(), result, effects), writes: store.writes }
  } finally {
    await stores.close?.()
  }
}

async function untilEnd(
  { decide = ({ id }) => ({ id, isApproved: true }) }: CrashPointsOptions,
  executor: Executor,
  checkpoints: Checkpoints,
  first: Promise<RunResult>,
): Promise<RunResult> {
  let result = await first
  for (let round = 0; round < MOST_ROUNDS && result.status === 'suspended'; round++) {
    try {
      await checkpoints.deliver(RUN_ID, result.approvals.map(decide))
    } catch {
      return result // the world has stopped
    }
    result = await executor.resume(RUN_ID).result
  }
  return result
}

/** The record is what counts: an answer may have been written just before the crash. */
async function endOf(
  store: Awaited<ReturnType<OpenedStores['connect']>>,
  result: RunResult,
  effects: ReadonlyMap<string, number>,
): Promise<EndedRun> {
  const record = await store.find(RUN_ID)
  const { runs } = await store.list({ limit: 1_000 })
  const journals = await Promise.all(runs.map(({ runId }) => store.read(runId)))
  const isInDoubt = JSON.stringify(journals).includes('outcome is unknown')
  const status = record === undefined ? `${result.status}, without a record` : (record.outcome?.status ?? record.status)
  return { status, output: record?.outcome?.output ?? '', isInDoubt, effects }
}

function doubles({ effects }: EndedRun, where: string): readonly string[] {
  return [...effects].flatMap(([key, times]) => (times > 1 ? [`${where}: ${key} was done ${times} times`] : []))
}

function differences(whole: EndedRun, ended: EndedRun, where: string): readonly string[] {
  const problems: string[] = []
  if (ended.status !== whole.status) problems.push(`${where}: it ended as ${ended.status}, not as ${whole.status}`)
  // A model that is told of a doubt may go another way.
  if (ended.isInDoubt) return problems
  if (ended.output !== whole.output) problems.push(`${where}: the output was ${ended.output}, not ${whole.output}`)
  for (const key of whole.effects.keys()) if (!ended.effects.has(key)) problems.push(`${where}: ${key} was never done`)
  return problems
}

import type { JournalEntry, RunInfo } from '@executus/core'
import { StoreError } from '@executus/core/store-error'

import { restMs } from './crash-rules.ts'
import type { Claim, NewRun, RecordStatus, RunSummary, Signal, StoredOutcome } from './journal-store.ts'

/** Who opened the memory: as a process has one. */
export interface MemoryOwner {
  /** Dead owners leave behind what they held, and those who look find it. */
  isAlive: boolean
  isClosed: boolean
}

/** The record of one run. What came from outside is kept as JSON, so that nobody else holds it. */
export interface MemoryRun {
  /** The place in the order of making. */
  readonly number: number
  readonly runId: string
  readonly rootRunId: string
  readonly parent: MemoryRun | undefined
  readonly children: MemoryRun[]
  readonly agent: string
  readonly infoText: string
  readonly entryTexts: string[]
  readonly signals: { readonly name: string; readonly id: string; readonly text: string }[]
  readonly createdAtMs: number
  status: RecordStatus
  owner: MemoryOwner | undefined
  epoch: number
  /** Of the last claim or append. */
  atMs: number
  crashes: number
  crashStreak: number
  waits: readonly string[]
  cancelReason: string | undefined
  reason: string | undefined
  outcome: StoredOutcome | undefined
  settledAtMs: number | undefined
}

/** The record of a run that nobody has claimed. */
export function newMemoryRun({ runId, info }: NewRun, place: Pick<MemoryRun, 'number' | 'parent' | 'atMs'>): MemoryRun {
  const run: MemoryRun = {
    ...place,
    runId,
    rootRunId: info.rootRunId,
    children: [],
    agent: info.agent.name,
    infoText: JSON.stringify(info),
    entryTexts: [],
    signals: [],
    createdAtMs: place.atMs,
    status: 'released',
    owner: undefined,
    epoch: 0,
    crashes: 0,
    crashStreak: 0,
    waits: [],
    cancelReason: undefined,
    reason: undefined,
    outcome: undefined,
    settledAtMs: undefined,
  }
  place.parent?.children.push(run)
  return run
}

/** Whether its owner is gone without having given it back. */
export function isAbandoned({ status, owner }: MemoryRun): boolean {
  return status === 'running' && owner?.isAlive !== true
}

/** Whether anybody may take it who looks for work. */
export function isClaimable(run: MemoryRun, nowMs: number): boolean {
  const restedMs = nowMs - run.atMs
  // A clock that was set back must not let a run rest for as long again.
  if (isAbandoned(run)) return restedMs < 0 || restedMs >= restMs(run.crashStreak + 1)
  return run.status === 'released' || run.status === 'signalled'
}

/** Whether it may be taken by its id. */
export function isClaimableByName(run: MemoryRun): boolean {
  return isAbandoned(run) || run.status === 'released' || run.status === 'signalled' || run.status === 'waiting'
}

export function take(run: MemoryRun, owner: MemoryOwner, nowMs: number): Claim {
  if (isAbandoned(run)) {
    run.crashes += 1
    run.crashStreak += 1
  }
  run.status = 'running'
  run.owner = owner
  run.epoch += 1
  run.atMs = nowMs
  run.waits = []
  const cancelReason = cancelReasonOf(run)
  return {
    runId: run.runId,
    epoch: run.epoch,
    info: JSON.parse(run.infoText) as RunInfo,
    head: run.entryTexts.length,
    signals: run.signals.map(({ text }) => JSON.parse(text) as Signal),
    crashStreak: run.crashStreak,
    crashes: run.crashes,
    ...(cancelReason !== undefined && { cancelReason }),
  }
}

/** Gives it back. */
export function giveBack(run: MemoryRun, status: RecordStatus): void {
  run.status = status
  run.owner = undefined
}

export function settle(run: MemoryRun, outcome: StoredOutcome, nowMs: number): void {
  giveBack(run, 'settled')
  run.waits = []
  run.outcome = outcome
  run.settledAtMs = nowMs
  for (const child of run.children)
    if (child.status !== 'settled') settle(child, { status: 'cancelled', stopReason: 'cancelled', output: '' }, nowMs)
}

/** Why it is to end: as somebody said of itself or of one above it. */
export function cancelReasonOf(run: MemoryRun): string | undefined {
  return run.cancelReason ?? (run.parent === undefined ? undefined : cancelReasonOf(run.parent))
}

export function rootOf(run: MemoryRun): MemoryRun {
  return run.parent === undefined ? run : rootOf(run.parent)
}

export function summaryOf(run: MemoryRun): RunSummary {
  const { runId, rootRunId, parent, agent, status, epoch, crashes, crashStreak, createdAtMs } = run
  return {
    runId,
    rootRunId,
    ...(parent !== undefined && { parentRunId: parent.runId }),
    agent,
    status,
    head: run.entryTexts.length,
    epoch,
    crashes,
    crashStreak,
    createdAtMs,
    ...(run.settledAtMs !== undefined && { settledAtMs: run.settledAtMs }),
    ...(run.outcome !== undefined && { outcome: { ...run.outcome } }),
    ...(run.reason !== undefined && { reason: run.reason }),
    ...(status === 'waiting' && { waits: [...run.waits] }),
  }
}

/** @throws StoreError of code `corrupt` when that entry is damaged */
export function entryOf({ runId, entryTexts }: MemoryRun, index: number): JournalEntry {
  try {
    return JSON.parse(entryTexts[index]!) as JournalEntry
  } catch (cause) {
    throw new StoreError('corrupt', `Entry ${index} of ${runId} is damaged`, { cause })
  }
}

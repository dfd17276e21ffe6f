import type { Clock } from '@executus/core'

import type { NewRun, StoredOutcome } from './journal-store.ts'
import { type MemoryRun, newMemoryRun, settle } from './memory-run.ts'

/** What all owners of a memory share. */
export interface Memory {
  readonly clock: Clock
  readonly maxSettled: number
  /** In the order of making. */
  readonly runs: Map<string, MemoryRun>
  /** In the order of settling. */
  settledRoots: MemoryRun[]
  made: number
}

/** A record of a new run, which nobody has claimed. */
export function makeRun(memory: Memory, { runId, info }: NewRun): MemoryRun {
  const parent = info.parentRunId === undefined ? undefined : memory.runs.get(info.parentRunId)
  const run = newMemoryRun({ runId, info }, { number: memory.made, parent, atMs: memory.clock.now() })
  memory.made += 1
  memory.runs.set(runId, run)
  return run
}

/** Closes a record; the oldest closed ones make room for it. */
export function settleRun(memory: Memory, run: MemoryRun, outcome: StoredOutcome): void {
  settle(run, outcome, memory.clock.now())
  if (run.parent !== undefined) return
  memory.settledRoots.push(run)
  while (memory.settledRoots.length > memory.maxSettled) forget(memory, memory.settledRoots.shift()!)
}

/** Forgets a run and all below it. */
export function forget(memory: Memory, run: MemoryRun): void {
  memory.runs.delete(run.runId)
  for (const child of run.children) forget(memory, child)
}

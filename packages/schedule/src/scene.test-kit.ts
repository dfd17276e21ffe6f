import { type FakeClock, fakeClock, type RecordingLogger, recordingLogger } from '@executus/core/testing'

import type { FiringReport } from './firing/firing-report.ts'
import type { Firing } from './firing/run-firing.ts'
import { type MemoryScheduleStore, memoryScheduleStore } from './memory-store.ts'
import type { ScheduleOptions } from './options.ts'
import { createSchedule, type Schedule } from './schedule.ts'

/** 2026-01-06 12:00 UTC, when the fake clock begins. */
export const NOON: number = Date.UTC(2026, 0, 6, 12)

export const MINUTE = 60_000
export const HOUR: number = 60 * MINUTE

export interface Scene {
  readonly schedule: Schedule
  readonly store: MemoryScheduleStore
  readonly clock: FakeClock
  readonly logger: RecordingLogger
  /** What was begun, in order. */
  readonly begun: Firing[]
}

/** A schedule over a memory and a clock that stands still, whose handler remembers what it was given. */
export function scene(options: ScheduleOptions = {}, store: MemoryScheduleStore = memoryScheduleStore()): Scene {
  const clock = (options.clock as FakeClock | undefined) ?? fakeClock(NOON)
  const logger = recordingLogger()
  const begun: Firing[] = []
  const { run = () => {} } = options
  const schedule = createSchedule({
    store,
    logger,
    ...options,
    clock,
    run(firing, context) {
      begun.push(firing)
      return run(firing, context)
    },
  })
  return { schedule, store, clock, logger, begun }
}

/** A handler whose firings end when they are told to. */
export function handHeld(): {
  readonly run: (firing: Firing, context: { readonly signal: AbortSignal }) => Promise<void>
  readonly signals: AbortSignal[]
  readonly end: (index: number) => void
} {
  const ends: (() => void)[] = []
  const signals: AbortSignal[] = []
  return {
    signals,
    run: (_, { signal }) =>
      new Promise((resolve) => {
        signals.push(signal)
        ends.push(resolve)
      }),
    end: (index) => ends[index]!(),
  }
}

/** Reports in few words: `id outcome`. */
export function wordsOf(reports: readonly FiringReport[]): string[] {
  return reports.map(({ jobId, dueAtMs, outcome }) => `${jobId} ${clockText(dueAtMs)} ${outcome}`)
}

/** `12:00:00` */
export function clockText(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19)
}

/** Lets what can settle do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

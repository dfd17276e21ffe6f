import type { AuditLog } from '@executus/audit'
import type { Checkpoints } from '@executus/checkpoint'
import type { Clock, Logger } from '@executus/core'
import type { Schedule } from '@executus/schedule'
import type { SqliteFileStore } from '@executus/store-sqlite'

import { pause } from '../process/pause.ts'

export interface HousekeepingOptions {
  readonly checkpoints: Checkpoints
  readonly audit: AuditLog
  readonly files: SqliteFileStore
  readonly schedule: Schedule
  /** What ended longer ago is forgotten. */
  readonly keepDays: number
  readonly clock: Clock
  readonly logger: Logger
}

const DAY_MS = 24 * 60 * 60_000
const EVERY_MS = DAY_MS / 4
/** A piece at a time: the bot answers in between. */
const AT_ONCE = 100
const PAUSE_MS = 50

/** Forgets what nobody asks for any more, now and every few hours, until the signal aborts. */
export async function keepHouse(options: HousekeepingOptions, signal: AbortSignal): Promise<void> {
  const { clock, logger } = options
  while (!signal.aborted) {
    try {
      await sweepAll(options, signal)
    } catch (error) {
      logger.error('what is long past could not be forgotten', error)
    }
    await pause(clock, EVERY_MS, signal)
  }
}

async function sweepAll(options: HousekeepingOptions, signal: AbortSignal): Promise<void> {
  const { checkpoints, audit, files, schedule, keepDays, clock } = options
  const beforeMs = clock.now() - keepDays * DAY_MS
  const sweeps = [
    () => checkpoints.sweep({ settledBeforeMs: beforeMs, limit: AT_ONCE }),
    () => audit.sweep({ endedBeforeMs: beforeMs, limit: AT_ONCE }),
    () => files.sweep({ savedBeforeMs: beforeMs, limit: AT_ONCE }),
    () => schedule.sweep({ endedBeforeMs: beforeMs, limit: AT_ONCE }),
  ]
  for (const sweep of sweeps) while (!signal.aborted && (await sweep()) >= AT_ONCE) await pause(clock, PAUSE_MS, signal)
}

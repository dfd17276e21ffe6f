import type { Clock, Logger } from '@executus/core'
import { StoreError } from '@executus/core/store-error'

import type { ScheduleStore } from '../schedule-store.ts'
import { Alarm } from './alarm.ts'
import type { DueWork } from './due-work.ts'

export interface LoopBounds {
  readonly signal: AbortSignal
  /** It looks this often at least, for jobs that another process made. */
  readonly everyMs: number
}

interface LoopHost {
  readonly store: ScheduleStore
  readonly clock: Clock
  readonly logger: Logger
}

/** After a failure of the store it waits, twice as long each time. */
const FIRST_REST_MS = 1_000
const LONGEST_REST_MS = 60_000

/**
 * Does what is due when it is due, until `signal` aborts or the store is closed; resolves when all that it began has ended.
 */
export async function loopUntil(host: LoopHost, work: DueWork, alarm: Alarm, bounds: LoopBounds): Promise<void> {
  const { store, clock, logger } = host
  const { signal: stop, everyMs } = bounds
  const atWork = new Set<Promise<unknown>>()
  const began = (report: Promise<unknown>) => {
    atWork.add(report)
    void report.finally(() => atWork.delete(report))
  }
  let restMs = FIRST_REST_MS
  while (!stop.aborted) {
    alarm.quiet()
    const nowMs = clock.now()
    try {
      while ((await work.begin({ nowMs, aheadMs: 0, stop, began })) > 0);
      const nextAtMs = await store.nextAt(nowMs)
      restMs = FIRST_REST_MS
      // Times are looked at anew each time, so it does not drift.
      const untilMs = Math.min(everyMs, (nextAtMs ?? Number.POSITIVE_INFINITY) - clock.now())
      await alarm.sleep(Math.max(0, untilMs), stop)
    } catch (error) {
      if (StoreError.is(error) && error.code === 'closed') {
        if (!stop.aborted) logger.error('The loop of a schedule ended, as its store is closed', error)
        break
      }
      logger.error('A schedule could not ask its store', error)
      // On an alarm of its own: nothing that ends meanwhile makes the store well.
      await new Alarm(clock).sleep(restMs, stop)
      restMs = Math.min(2 * restMs, LONGEST_REST_MS)
    }
  }
  await Promise.all(atWork)
}

import type { JsonObject } from '@executus/core'
import type { Job } from '@executus/schedule'

import { momentInWords, whenInWords } from './when.ts'

/** A job as its owner reads of it. */
interface JobInWords {
  readonly id: string
  readonly name?: string
  readonly task: string
  readonly when: string
  /** What became of the newest time: `ran, Sunday 22 November 2026, 08:00`. */
  readonly last?: string
  readonly next: string
}

export function jobInWords(job: Job, timeZone: string): JobInWords {
  const zone = 'timeZone' in job.trigger ? job.trigger.timeZone : timeZone
  const moment = (ms: number) => `${momentInWords(ms, zone)} (${zone})`
  const last = job.lastAtMs === undefined ? undefined : `${job.lastOutcome ?? 'unknown'}, ${moment(job.lastAtMs)}`
  return {
    id: job.id,
    ...(job.name !== undefined && { name: job.name }),
    task: taskOf(job),
    when: jobWhen(job, timeZone),
    ...(last !== undefined && { last }),
    next: job.nextAtMs === undefined ? 'none' : moment(job.nextAtMs),
  }
}

/** What is done each time. */
export function taskOf({ payload }: Job): string {
  const input = (payload as JsonObject | null)?.['input']
  return typeof input === 'string' ? input : ''
}

function jobWhen({ trigger }: Job, timeZone: string): string {
  if ('cron' in trigger) return whenInWords(trigger)
  if ('everyMs' in trigger) return whenInWords({ everyMinutes: Math.round(trigger.everyMs / 60_000), timeZone })
  return 'atMs' in trigger ? `once, ${momentInWords(trigger.atMs, timeZone)} (${timeZone})` : trigger.named
}

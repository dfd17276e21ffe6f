import type { JsonValue } from '@executus/core'
import { checkKeys, checkOneOf, checkText, expected } from '@executus/core/check-option'

import { checkTrigger } from './check-trigger.ts'
import type { Job, JobChange, NewJob } from './job.ts'
import { LONGEST_MS, type ScheduleConfig } from './options.ts'
import { fireTime } from './times/jitter.ts'
import { nextTimeOf } from './times/next-time.ts'
import { checkSpan, LAST_TIME_MS } from './times/time-limits.ts'
import type { Trigger } from './trigger.ts'

type JobConfig = Pick<ScheduleConfig, 'timeZone' | 'triggers' | 'missedAfterMs'>

const OPTIONAL = ['name', 'owner', 'jitterMs', 'timeoutMs', 'mayOverlap'] as const
const CHANGES = [...OPTIONAL, 'trigger', 'payload', 'missed']

/**
 * A job as it is first kept.
 *
 * @throws TypeError or RangeError that names the field; a RangeError when it would never be due
 */
export function makeJob(given: NewJob, id: string, nowMs: number, config: JobConfig): Job {
  checkKeys('job', given, [...CHANGES, 'id', 'isEnabled'])
  const { isEnabled = true, missed = 'once', payload = null, trigger } = given
  checkFields(given)
  if (typeof isEnabled !== 'boolean') throw expected('job.isEnabled', 'a boolean', isEnabled)
  const job: Job = {
    id,
    ...optionalOf(given),
    trigger: checkTrigger(trigger, { ...config, nowMs }),
    payload: jsonOf(payload),
    missed,
    isEnabled,
    runs: 0,
    createdAtMs: nowMs,
    version: 1,
    revision: 1,
  }
  const begun = withNext(job, nowMs, config)
  return isEnabled ? begun : job
}

/**
 * A job with what its owner changed; its next time is another only where the trigger is.
 *
 * @throws as `makeJob`
 */
export function changedJob(job: Job, change: JobChange, nowMs: number, config: JobConfig): Job {
  checkKeys('change', change, CHANGES)
  checkFields(change)
  const kept = Object.fromEntries(
    Object.entries(job).filter(([key]) => !(key in change && isOptional(key))),
  ) as unknown as Job
  const changed: Job = {
    ...kept,
    ...optionalOf(change),
    ...(change.missed !== undefined && { missed: change.missed }),
    ...(change.payload !== undefined && { payload: jsonOf(change.payload) }),
    version: job.version + 1,
  }
  if (change.trigger !== undefined) {
    const trigger = checkTrigger(change.trigger, { ...config, nowMs })
    const begun = withNext({ ...changed, trigger }, nowMs, config)
    return job.isEnabled ? begun : { ...changed, trigger }
  }
  return changed.dueAtMs === undefined ? changed : withTimes(changed, changed.dueAtMs, config)
}

/**
 * The job, enabled from now on; what was due in the meantime is no concern of its.
 *
 * @throws RangeError when it would never be due
 */
export function enabledJob(job: Job, nowMs: number, config: JobConfig): Job {
  return { ...withNext(job, nowMs, config), isEnabled: true, version: job.version + 1 }
}

export function disabledJob(job: Job): Job {
  const { dueAtMs: _due, nextAtMs: _next, endedAtMs: _ended, ...rest } = job
  return { ...rest, isEnabled: false, version: job.version + 1 }
}

/** The job with these as its next times, or as one that has ended. */
export function withTimes(job: Job, dueAtMs: number | undefined, config: Pick<JobConfig, 'triggers'>): Job {
  const { dueAtMs: _due, nextAtMs: _next, endedAtMs: _ended, ...rest } = job
  if (dueAtMs === undefined)
    return { ...rest, endedAtMs: Math.max(job.lastAtMs ?? job.createdAtMs, job.busyUntilMs ?? 0) }
  const next = nextTimeOf(job.trigger, config.triggers)
  // Another host may know the trigger; here only what is not about time can be changed.
  const nextAtMs = next === undefined ? (job.nextAtMs ?? dueAtMs) : fireTime(job, dueAtMs, next)
  return { ...rest, dueAtMs, nextAtMs }
}

/** From the last time on: what was fired or skipped is not due a second time when the clock was set back. */
function withNext(job: Job, nowMs: number, config: JobConfig): Job {
  const { trigger, lastAtMs = -1 } = job
  const next = nextTimeOf(trigger, config.triggers)
  if (next === undefined) throw unknownTrigger(trigger)
  // Whoever says "now" says it a moment ago.
  const slackMs = 'atMs' in trigger ? config.missedAfterMs + 1 : 0
  const dueAtMs = next(Math.max(nowMs - slackMs, lastAtMs))
  if (dueAtMs === undefined)
    throw new RangeError(`Expected \`trigger\` to have a time to come, got ${describe(trigger)}`)
  return withTimes(job, dueAtMs, config)
}

function unknownTrigger(trigger: Trigger): RangeError {
  return new RangeError(`Expected the trigger to be known here, got ${describe(trigger)}`)
}

function describe(trigger: Trigger): string {
  return 'atMs' in trigger ? `\`${new Date(trigger.atMs).toISOString()}\`` : `\`${JSON.stringify(trigger)}\``
}

function isOptional(key: string): boolean {
  return (OPTIONAL as readonly string[]).includes(key)
}

function optionalOf(given: JobChange): Pick<Job, (typeof OPTIONAL)[number]> {
  return Object.fromEntries(OPTIONAL.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]))
}

function checkFields(given: JobChange): void {
  if (given.name !== undefined) checkText('job.name', given.name)
  if (given.owner !== undefined) checkText('job.owner', given.owner)
  if (given.jitterMs !== undefined) checkSpan('job.jitterMs', given.jitterMs, 0, LAST_TIME_MS)
  if (given.timeoutMs !== undefined) checkSpan('job.timeoutMs', given.timeoutMs, 1, LONGEST_MS)
  if (given.mayOverlap !== undefined && typeof given.mayOverlap !== 'boolean')
    throw expected('job.mayOverlap', 'a boolean', given.mayOverlap)
  if (given.missed !== undefined) checkOneOf('job.missed', given.missed, ['skip', 'once', 'all'])
}

/** What a store will give back. @throws TypeError when it cannot be kept */
function jsonOf(payload: unknown): JsonValue {
  let text: string | undefined
  try {
    text = JSON.stringify(payload) as string | undefined
  } catch {
    // A circle, or a BigInt.
  }
  if (text === undefined) throw expected('job.payload', 'plain JSON', payload)
  return JSON.parse(text) as JsonValue
}

import { createHash } from 'node:crypto'

import { defineTool, type RunInfo, StoreError, type Tool } from '@executus/core'
import type { Job } from '@executus/schedule'
import { z } from 'zod'

import { isTimeZone } from '../../config/is-time-zone.ts'
import { cut } from '../../text/cut.ts'
import { callerOf } from '../caller-of.ts'
import { taskOf } from './job-in-words.ts'
import type { ScheduleToolsConfig } from './schedule-tools-options.ts'
import { LEAST_EVERY_MS, momentInWords, timesOf, triggerOf, whenInWords } from './when.ts'

/** Of one person; each may be a run every few minutes. */
const MOST_JOBS = 20
const LEAST_MINUTES = LEAST_EVERY_MS / 60_000
const MOST_MINUTES = 366 * 24 * 60
/** Of one that is named by its task. */
const LONGEST_NAME = 60

/** The tool `create_schedule` of one run: what it makes runs the run's agent, and answers where the run does. */
export function createScheduleTool(config: ScheduleToolsConfig, info: RunInfo): Tool {
  const { schedule, clock, inTurn, timeZone: usual } = config
  return defineTool({
    name: 'create_schedule',
    description:
      'Has a task done at later times, with the answer given in this conversation. The person is asked first. Say when by ' +
      'exactly one of `cron`, `at` and `everyMinutes`: "every morning at 8 in Oslo" is cron `0 8 * * *`, timeZone Europe/Oslo.',
    effect: 'write',
    approval: 'ask',
    // The job's id is made of the call's key, so a second attempt finds what the first has made.
    replay: 'idempotent',
    capabilities: ['x:schedule.write'],
    input: inputOf(usual),
    async resources(input) {
      await checkTimes(input, clock.now())
      return [
        { kind: 'schedule', value: whenInWords(input) },
        { kind: 'task', value: input.task },
      ]
    },
    run: (input, context) => {
      const owner = callerOf(context)
      const id = jobIdOf(context.idempotencyKey)
      return inTurn(async () => {
        const job = (await schedule.get(id)) ?? (await add(config, info, { id, owner, input }))
        if (job.owner !== owner || taskOf(job) !== input.task) throw new Error('There is another schedule of this id')
        const nowMs = clock.now()
        const times = await timesOf(job.trigger, nowMs, 3).catch(() => [])
        return inWords(
          job,
          whenInWords(input),
          times.map((ms) => momentInWords(ms, input.timeZone)),
        )
      })
    },
  })
}

type Input = z.infer<ReturnType<typeof inputOf>>

function inputOf(usual: string) {
  return z
    .object({
      task: z.string().trim().min(1).max(2_000).describe('What to do each time, in words that stand for themselves.'),
      name: z.string().trim().min(1).max(80).optional().describe('What to call it, in a few words.'),
      cron: z
        .string()
        .trim()
        .regex(/^\S+(\s+\S+){4}$/, 'five fields: minute, hour, day of the month, month, day of the week')
        .max(200)
        .optional(),
      at: z
        .string()
        .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/, 'a local date and time as 2026-11-22T08:00')
        .optional()
        .describe('Once, at this date and time by the clocks of timeZone: 2026-11-22T08:00.'),
      everyMinutes: z.number().int().min(LEAST_MINUTES).max(MOST_MINUTES).optional(),
      timeZone: z
        .string()
        .max(64)
        .default(usual)
        .refine(isTimeZone, 'an IANA name such as Europe/Oslo')
        .describe('IANA name.'),
    })
    .refine(
      ({ cron, at, everyMinutes }) => [cron, at, everyMinutes].filter((one) => one !== undefined).length === 1,
      'give exactly one of cron, at and everyMinutes',
    )
}

/** Before a person is asked: nobody should say yes to what cannot be. @throws Error worded for the model */
async function checkTimes(input: Input, nowMs: number): Promise<void> {
  const times = await timesOf(triggerOf(input), nowMs, 3)
  if (times.length === 0) throw new Error(`${input.at ?? input.cron} has passed: ask current_time what time it is`)
  if (times.some((ms, index) => index > 0 && ms - times[index - 1]! < LEAST_EVERY_MS))
    throw new Error(`There must be ${LEAST_MINUTES} minutes between two times at least`)
}

interface Wanted {
  readonly id: string
  readonly owner: string
  readonly input: Input
}

async function add(config: ScheduleToolsConfig, info: RunInfo, { id, owner, input }: Wanted): Promise<Job> {
  const { schedule, clock, placeOf } = config
  await checkTimes(input, clock.now())
  const { jobs } = await schedule.list({ owner, limit: MOST_JOBS })
  // Those that have ended come last.
  if (jobs.length === MOST_JOBS && jobs.every((job) => !job.isEnabled || job.nextAtMs !== undefined))
    throw new Error(`There are ${MOST_JOBS} schedules already, which is the most: cancel one first`)
  const { channel, guild } = info
  const deliverTo = placeOf(info)
  const payload = {
    // Of a delegated run, the one at the top is whom the person talks to.
    agent: info.ancestors[0] ?? info.agent.name,
    input: input.task,
    caller: owner,
    ...(deliverTo !== undefined && { deliverTo }),
    ...(channel !== undefined && { channel }),
    ...(guild !== undefined && { guild }),
  }
  const name = input.name ?? cut(input.task, LONGEST_NAME)
  try {
    return await schedule.add({ id, name, owner, trigger: triggerOf(input), payload })
  } catch (error) {
    const earlier = StoreError.is(error) && error.code === 'exists' ? await schedule.get(id) : undefined
    if (earlier === undefined) throw error
    return earlier
  }
}

function jobIdOf(idempotencyKey: string): string {
  return `job-${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 16)}`
}

function inWords({ id, name }: Job, when: string, times: readonly string[]): string {
  const next = times.length === 0 ? '' : `\n${times.length === 1 ? 'Due' : 'Next'}: ${times.join('; ')}.`
  return `Scheduled "${name}", ${when}. Its id is ${id}.${next}`
}

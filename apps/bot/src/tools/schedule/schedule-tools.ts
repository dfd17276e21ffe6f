import { defineTool, type SessionToolFactory, systemClock, type Tool } from '@executus/core'
import { z } from 'zod'

import { callerOf } from '../caller-of.ts'
import { createScheduleTool } from './create-schedule.ts'
import { jobInWords } from './job-in-words.ts'
import type { ScheduleToolsConfig, ScheduleToolsOptions } from './schedule-tools-options.ts'

export const SCHEDULE_TOOL_NAMES = ['create_schedule', 'list_schedules', 'cancel_schedule'] as const

/**
 * The tools `create_schedule`, `list_schedules` and `cancel_schedule` of a run: a job must know the conversation that it
 * answers in.
 */
export function scheduleTools(options: ScheduleToolsOptions): SessionToolFactory {
  const config: ScheduleToolsConfig = {
    placeOf: ({ deliverTo }) => deliverTo,
    mayUse: () => true,
    clock: systemClock,
    inTurn: queue(),
    ...options,
  }
  return ({ info }) => ({
    tools: [createScheduleTool(config, info), listTool(config), cancelTool(config)].filter(({ name }) =>
      config.mayUse(info, name),
    ),
  })
}

function queue(): ScheduleToolsConfig['inTurn'] {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
}

function listTool({ schedule, timeZone }: ScheduleToolsConfig): Tool {
  return defineTool({
    name: 'list_schedules',
    description:
      'Lists what the person you talk to has scheduled: what, when, the next time, and what became of the last.',
    effect: 'read',
    capabilities: ['x:schedule.read'],
    input: z.object({}),
    async run(_input, context) {
      const { jobs } = await schedule.list({ owner: callerOf(context), limit: MOST_LISTED })
      return jobs.length === 0 ? 'Nothing is scheduled.' : jobs.map((job) => jobInWords(job, timeZone))
    },
  })
}

// All that one may have, and as many that have ended.
const MOST_LISTED = 40

function cancelTool({ schedule, isOwner }: ScheduleToolsConfig): Tool {
  return defineTool({
    name: 'cancel_schedule',
    description: 'Cancels something that is scheduled, by its id, which list_schedules tells.',
    effect: 'write',
    // Cancelling what is gone changes nothing.
    replay: 'idempotent',
    capabilities: ['x:schedule.write'],
    input: z.object({ id: z.string().min(1).max(100) }),
    resources: ({ id }) => [{ kind: 'schedule', value: id }],
    async run({ id }, context) {
      const caller = callerOf(context)
      const job = await schedule.get(id)
      if (job === undefined && context.attempt > 1) return `${id} is cancelled.`
      // Of others' nobody hears whether they are there.
      if (job === undefined || (job.owner !== caller && !isOwner(caller)))
        throw new Error(`Nothing of id ${id} is scheduled for this person; list_schedules tells what is`)
      await schedule.remove(id)
      return `${job.name ?? id} is cancelled.`
    },
  })
}

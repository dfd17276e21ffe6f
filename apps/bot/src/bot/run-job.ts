import type { Clock, JsonObject } from '@executus/core'
import { agentJob, type Firing } from '@executus/schedule'

import type { Stores } from '../store/stores.ts'
import type { Cast } from './cast.ts'
import type { RunDesk } from './run-desk.ts'

export interface JobOptions {
  readonly stores: Stores
  readonly cast: Cast
  readonly runs: RunDesk
  readonly clock: Clock
}

/** Does a job that is due: a run of its own in the conversation in which it was made, begun once for each time. */
export async function runJob(
  { stores, cast, runs, clock }: JobOptions,
  firing: Firing,
  context: { readonly signal: AbortSignal },
): Promise<void> {
  const conversation = stores.conversations.find(conversationIdOf(firing))
  if (conversation === undefined) throw new RangeError('The conversation of this job is not there any more')
  const caller = firing.owner ?? ''
  let isFirstParty = false
  const starting = {
    start: ((agent, input, invocation = {}) => {
      const task = typeof input === 'string' ? input : ''
      const { id, name = 'a schedule' } = firing
      const run = {
        id,
        conversationId: conversation.id,
        cause: 'job',
        caller,
        agent: agent.name,
        task,
        job: name,
      } as const
      const about = { ...invocation, isFirstParty }
      return runs.startJob({ ...run, state: 'open', begunAtMs: clock.now() }, agent, input, about)
    }) satisfies Parameters<typeof agentJob>[0]['start'],
  }
  const job = agentJob(starting, async (agentName) => {
    const member = await cast.find(agentName, cast.viewerOf(caller, conversation.guild))
    isFirstParty = member?.isFirstParty ?? false
    return member?.agent
  })
  await job(firing, context)
}

function conversationIdOf({ payload }: Firing): string {
  const target = (payload as { readonly deliverTo?: JsonObject } | null)?.deliverTo
  const id = target?.['conversationId']
  return typeof id === 'string' ? id : ''
}

import type { Agent, Executor, JsonObject, JsonValue } from '@executus/core'
import { checkText, expected } from '@executus/core/check-option'

import type { Firing, RunFiring } from './firing/run-firing.ts'

/** The payload of a job that runs an agent. */
export interface AgentPayload {
  readonly agent: string
  readonly input: string
  /** Where the executor's `delivery` brings the answer. */
  readonly deliverTo?: JsonValue
  /** Whom the run is for. @default the job's owner */
  readonly caller?: string
  readonly channel?: string
  readonly guild?: string
}

export interface AgentJobOptions {
  /** Whether the host itself wrote the agents; of those that people made, private tools stay hidden. @default true */
  readonly isFirstParty?: boolean
}

/**
 * A handler that runs the agent which a job's payload names, see `AgentPayload`. The run has the firing's id, so it is begun
 * once; a durable one that is interrupted or waits for people has been begun, and goes on by its record. A firing that takes
 * too long aborts its run. The end of a loop does not: that is for `executor.shutdown`, which leaves durable runs to go on.
 */
export function agentJob(
  executor: Pick<Executor, 'start'>,
  agentOf: (name: string, firing: Firing) => Agent | undefined | Promise<Agent | undefined>,
  { isFirstParty = true }: AgentJobOptions = {},
): RunFiring {
  return async (firing, { signal }) => {
    const { agent: name, input, deliverTo, ...who } = payloadOf(firing)
    const agent = await agentOf(name, firing)
    if (agent === undefined) throw new RangeError(`There is no agent ${name}`)
    const handle = executor.start(agent, input, {
      runId: firing.id,
      requestKey: firing.id,
      isFirstParty,
      ...(firing.name !== undefined && { subject: firing.name }),
      ...(firing.owner !== undefined && { caller: firing.owner }),
      ...who,
      ...(deliverTo !== undefined && { deliverTo }),
    })
    const onAbort = () => {
      if ((signal.reason as { readonly name?: unknown } | undefined)?.name === 'TimeoutError')
        handle.abort(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    const result = await handle.result
    signal.removeEventListener('abort', onAbort)
    if (result.status === 'ok' || result.status === 'suspended') return
    if (result.status === 'interrupted' && result.durable) return
    throw new Error(`The run ended as ${result.status} (${result.stopReason}): ${result.error.message}`)
  }
}

function payloadOf({ payload }: Firing): AgentPayload {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw expected('payload', 'an object with `agent` and `input`', payload)
  const { agent, input, deliverTo, caller, channel, guild } = payload as JsonObject
  checkText('payload.agent', agent)
  checkText('payload.input', input)
  const who = Object.entries({ caller, channel, guild }).filter(([, value]) => value !== undefined)
  for (const [key, value] of who) checkText(`payload.${key}`, value)
  return {
    agent: agent as string,
    input: input as string,
    ...(deliverTo !== undefined && { deliverTo }),
    ...Object.fromEntries(who),
  }
}

import { jsonSchemaOf } from '@executus/llm'

import { type Agent, checkAgent } from '../agent.ts'
import { DEFAULT_TIER, type ExecutorConfig } from '../config.ts'
import { messagesOf, type RunInput } from '../input.ts'
import { checkInvocation, type Invocation } from '../invocation.ts'
import type { Checkpointer } from '../journal/checkpointer.ts'
import { type Limits, mergeLimits } from '../limits.ts'
import type { ApprovalDecision } from '../permission/approvals.ts'
import type { RunInfo } from '../run-info.ts'
import { toolsByName } from '../tool/registry.ts'
import { ANSWER } from './answer-tool.ts'
import { createRun, type OpenPhase, type Run, type RunHead } from './run.ts'
import { withParts } from './stage-input.ts'

/** A run that is to begin: everything that its caller said is checked and resolved. */
export interface RunPlan {
  readonly info: RunInfo
  readonly invocation: Invocation
  readonly phases: readonly OpenPhase[]
}

/**
 * Checks and resolves all that a caller said, before anything is done.
 *
 * @throws TypeError or RangeError that names what is wrong
 */
export function planRun(
  config: ExecutorConfig,
  runId: string,
  agent: Agent,
  input: RunInput,
  invocation: Invocation,
  parent?: Run,
): RunPlan {
  checkAgent(agent)
  checkInvocation(invocation)
  const phases = openPhases(config, agent)
  checkOwnTools(config, phases, invocation)
  const { images = [], files = [], caller, channel, guild, subject, deliverTo, requestKey, permissions } = invocation
  const parts = [...images, ...(config.fileStore === undefined ? files : [])]
  const isBlank = typeof input === 'string' && input.trim() === '' && (images.length > 0 || files.length > 0)
  const messages = isBlank ? [{ role: 'user' as const, content: [] }] : messagesOf(input)
  const above = parent?.info
  const info: RunInfo = {
    runId,
    rootRunId: above?.rootRunId ?? runId,
    ...(above !== undefined && { parentRunId: above.runId }),
    ancestors: above === undefined ? [] : [...above.ancestors, above.agent.name],
    agent,
    tier: agent.tier ?? DEFAULT_TIER,
    model: phases[0]!.model.spec,
    input: withParts(messages, parts),
    ...(subject !== undefined && { subject }),
    ...(caller !== undefined && { caller }),
    ...(channel !== undefined && { channel }),
    ...(guild !== undefined && { guild }),
    ...(deliverTo !== undefined && { deliverTo }),
    ...(requestKey !== undefined && { requestKey }),
    limits: limitsOf(config, agent, parent),
    isFirstParty: (invocation.isFirstParty ?? true) && above?.isFirstParty !== false,
    ...(parent !== undefined && { grant: delegableTools(parent) }),
    rules: [...(above?.rules ?? []), ...(permissions === undefined ? [] : [permissions])],
    startedAtMs: config.clock.now(),
  }
  return { info, invocation, phases }
}

/** A new run of a plan. */
export function openRun(head: RunHead, plan: RunPlan, parent?: Run): Run {
  return createRun({ head, ...plan, parent })
}

/** What a host gives again to a run that is resumed: what cannot be stored. */
export type ResumedInvocation = Pick<Invocation, 'signal' | 'extraTools' | 'sessionTools' | 'output'>

/**
 * A run as its record leaves it.
 *
 * @throws TypeError or RangeError when its agent does not fit this executor any more
 */
export function reopenRun(
  head: RunHead,
  reopened: Checkpointer,
  options: {
    readonly agent?: Agent
    readonly invocation?: ResumedInvocation
    readonly given?: readonly ApprovalDecision[]
    readonly parent?: Run
  },
): Run {
  const { config } = head
  const { agent = revived(reopened.info.agent), invocation = {}, given = [], parent } = options
  checkAgent(agent)
  const phases = openPhases(config, agent)
  checkOwnTools(config, phases, invocation)
  const info = {
    ...reopened.info,
    agent,
    tier: agent.tier ?? DEFAULT_TIER,
    model: phases[0]!.model.spec,
    limits: limitsOf(config, agent, parent),
  }
  const run = createRun({ head, info, invocation, phases, parent, reopened, given })
  if (run.state.phase >= phases.length)
    throw new RangeError(`Expected \`agent.phases\` to have the ${run.state.phase} that have ended and one more`)
  return run
}

/** Numbers without end are `null` once they have been written down. */
function revived(agent: Agent): Agent {
  const { limits, phases } = agent
  return {
    ...agent,
    ...(limits !== undefined && { limits: withoutNull(limits) }),
    ...(phases !== undefined && { phases: phases.map(withoutNull) }),
  }
}

function withoutNull<T extends object>(value: T): T {
  const entries = Object.entries(value as Readonly<Record<string, unknown>>).map(
    ([key, inner]) => [key, inner === null ? Number.POSITIVE_INFINITY : inner] as const,
  )
  return Object.fromEntries(entries) as T
}

/** How deep runs may delegate is bound by each of those above. */
function limitsOf(config: ExecutorConfig, agent: Agent, parent: Run | undefined): Required<Limits> {
  const limits = mergeLimits(config.limits, agent.limits, 'agent.limits')
  if (parent === undefined || limits.maxDepth <= parent.limits.maxDepth) return limits
  return { ...limits, maxDepth: parent.limits.maxDepth }
}

function openPhases(config: ExecutorConfig, agent: Agent): readonly OpenPhase[] {
  const { maxSteps } = mergeLimits(config.limits, agent.limits, 'agent.limits')
  const { tier = DEFAULT_TIER, tools = [], phases } = agent
  for (const name of agent.delegateTools ?? []) config.registry.get(name, 'agent.delegateTools')
  if (phases === undefined) {
    for (const name of tools) config.registry.get(name, 'agent.tools')
    return [{ model: config.tiers.resolve(tier), tools, maxSteps }]
  }
  return phases.map((phase, index) => {
    for (const name of phase.tools ?? []) config.registry.get(name, `agent.phases[${index}].tools`)
    return {
      name: phase.name,
      instructions: phase.instructions,
      model: config.tiers.resolve(phase.tier ?? tier),
      tools: phase.tools ?? tools,
      maxSteps: phase.maxSteps ?? maxSteps,
    }
  })
}

function checkOwnTools(
  config: ExecutorConfig,
  phases: readonly OpenPhase[],
  { extraTools = [], output }: Invocation,
): void {
  const own = extraTools.length > 0 || output !== undefined
  if (!own) return
  const names = new Set(phases.flatMap(({ tools }) => tools))
  const named = [...names].map((name) => config.registry.get(name, 'agent.tools'))
  const byName = toolsByName([...named, ...extraTools], 'invocation.extraTools')
  if (output === undefined) return
  jsonSchemaOf(output, 'invocation.output')
  if (byName.has(ANSWER))
    throw new RangeError(`Expected no tool to be named \`${ANSWER}\` where \`invocation.output\` asks for a shape`)
}

/** What the runs below a run may use at most: never more than it may itself pass on. */
function delegableTools({ info: { agent, grant }, session }: Run): readonly string[] {
  const own = agent.delegateTools ?? [
    ...(agent.tools ?? []),
    ...(agent.phases ?? []).flatMap(({ tools = [] }) => tools),
    ...(session?.tools ?? []).map(({ name }) => name),
  ]
  return own.filter((name) => grant?.includes(name) !== false)
}

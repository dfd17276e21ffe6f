import type { Agent, Phase } from '../agent.ts'
import { DEFAULT_TIER } from '../config.ts'
import { DEFAULT_LIMITS, type Limits } from '../limits.ts'

/** How a thing that people make runs; its name is that of the thing. */
export type OwnedAgent = Omit<Agent, 'name'>

/**
 * What agents that people make may name. Looked at when one is saved and again when it runs: what has been forbidden since
 * is left out then.
 */
export interface AgentPolicy {
  /** Tools of the executor. @default none */
  readonly tools?: readonly string[] | 'any'
  /** Tiers, or chains of specs, in so many words. @default the tier `fast` */
  readonly tiers?: readonly string[] | 'any'
  /** As far as its limits may go. @default core's `DEFAULT_LIMITS` */
  readonly maxLimits?: Limits
  /** Agents and skills that it may delegate to. @default 'any' */
  readonly palette?: readonly string[] | 'any'
}

/** The parts of an agent that a policy speaks of; those of its phases among them. */
type Part = 'tools' | 'delegateTools' | 'palette' | 'tier' | 'limits'

/** Told of each thing that is not allowed, before it is left out. */
export type Complain = (part: Part, what: string, allowed: string) => void

/** The agent with nothing that the policy does not allow. */
export function bindAgent(policy: AgentPolicy, agent: OwnedAgent, complain: Complain): OwnedAgent {
  const { tools = [], palette = 'any' } = policy
  const keep = (part: Part, names: readonly string[], allowed: readonly string[] | 'any') =>
    names.filter((name) => {
      const isAllowed = allowed === 'any' || allowed.includes(name)
      if (!isAllowed) complain(part, name, listOf(allowed))
      return isAllowed
    })
  const bound: Mutable<OwnedAgent> = { ...agent, ...tierOf(policy, agent.tier, complain) }
  if (agent.tools !== undefined) bound.tools = keep('tools', agent.tools, tools)
  if (agent.delegateTools !== undefined) bound.delegateTools = keep('delegateTools', agent.delegateTools, tools)
  if (agent.palette !== undefined) bound.palette = keep('palette', agent.palette, palette)
  const limits = boundLimits(policy, agent.limits ?? {}, complain)
  if (Object.keys(limits).length > 0) bound.limits = limits
  const { maxSteps } = { ...DEFAULT_LIMITS, ...policy.maxLimits }
  if (agent.phases !== undefined)
    bound.phases = agent.phases.map((phase) => {
      const one: Mutable<Phase> = { ...phase }
      if (phase.tier !== undefined) Object.assign(one, tierOf(policy, phase.tier, complain))
      if (phase.tools !== undefined) one.tools = keep('tools', phase.tools, tools)
      if (phase.maxSteps !== undefined) one.maxSteps = within('maxSteps', phase.maxSteps, maxSteps, complain)
      return one
    })
  return bound
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A tier that is not allowed gives way to core's default, or to the first that is. */
function tierOf(
  { tiers = [DEFAULT_TIER] }: AgentPolicy,
  tier: string | undefined,
  complain: Complain,
): Pick<OwnedAgent, 'tier'> {
  if (tiers === 'any') return tier === undefined ? {} : { tier }
  if (tier !== undefined) {
    if (tiers.includes(tier)) return { tier }
    complain('tier', tier, listOf(tiers))
  }
  return { tier: tiers.includes(DEFAULT_TIER) ? DEFAULT_TIER : tiers[0]! }
}

/** What the host has bounded is set also where the agent leaves it open: an executor's own limits may be wider. */
function boundLimits({ maxLimits = {} }: AgentPolicy, limits: Limits, complain: Complain): Limits {
  const bound: Record<string, number> = {}
  const most: Readonly<Record<string, number>> = { ...DEFAULT_LIMITS, ...maxLimits }
  for (const [name, value] of Object.entries({ ...maxLimits, ...limits }))
    if (value !== undefined) bound[name] = within(name, value, most[name]!, complain)
  return bound
}

function within(name: string, value: number, most: number, complain: Complain): number {
  if (value <= most) return value
  complain('limits', `${name} ${value}`, `${name} up to ${most}`)
  return most
}

function listOf(allowed: readonly string[] | 'any'): string {
  return allowed.length === 0 ? 'none' : String(allowed)
}

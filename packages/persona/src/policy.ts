import { type Agent, DEFAULT_LIMITS, DEFAULT_TIER, type Limits } from '@executus/core'
import { checkCount, checkKeys, checkOneOf, checkTexts } from '@executus/core/check-option'

import { type PersonaAgent, type Visibility, VISIBILITIES } from './persona.ts'

/**
 * What personas may name. Looked at when one is saved and again when it runs: what has been forbidden since is left out
 * then.
 */
export interface PersonaPolicy {
  /** Tools of the executor. @default none */
  readonly tools?: readonly string[] | 'any'
  /** Tiers, or chains of specs, in so many words. @default the tier `fast` */
  readonly tiers?: readonly string[] | 'any'
  /** As far as its limits may go. @default core's `DEFAULT_LIMITS` */
  readonly maxLimits?: Limits
  /** Agents and skills that it may delegate to. @default 'any' */
  readonly palette?: readonly string[] | 'any'
  /** Who may see it, by the word of an owner who is no admin. @default 'private' and 'shared' */
  readonly visibilities?: readonly Visibility[]
}

/** @throws TypeError or RangeError that names the option */
export function checkPolicy(policy: PersonaPolicy): void {
  const option = 'options.allow'
  checkKeys(option, policy, ['tools', 'tiers', 'maxLimits', 'palette', 'visibilities'])
  for (const name of ['tools', 'tiers', 'palette'] as const)
    if (policy[name] !== undefined && policy[name] !== 'any') checkTexts(`${option}.${name}`, policy[name])
  if (policy.tiers?.length === 0) throw new RangeError(`Expected \`${option}.tiers\` to name at least one tier`)
  if (policy.visibilities !== undefined) {
    checkTexts(`${option}.visibilities`, policy.visibilities)
    for (const one of policy.visibilities) checkOneOf(`${option}.visibilities`, one, VISIBILITIES)
  }
  if (policy.maxLimits === undefined) return
  checkKeys(`${option}.maxLimits`, policy.maxLimits, Object.keys(DEFAULT_LIMITS))
  for (const [name, value] of Object.entries(policy.maxLimits)) checkCount(`${option}.maxLimits.${name}`, value, 1)
}

/** The parts of an agent that a policy speaks of; those of its phases among them. */
type Part = 'tools' | 'delegateTools' | 'palette' | 'tier' | 'limits'

/** @throws RangeError that names what a persona may not have */
export function checkAllowed(policy: PersonaPolicy, agent: PersonaAgent): void {
  bindAgent(policy, agent, (part, what, allowed) => {
    throw new RangeError(
      `Expected \`persona.agent.${part}\` to stay within what is allowed (${allowed}), got \`${what}\``,
    )
  })
}

/** Told of each thing that is not allowed, before it is left out. */
export type Complain = (part: Part, what: string, allowed: string) => void

/** The agent with nothing that the policy does not allow. */
export function bindAgent(policy: PersonaPolicy, agent: PersonaAgent, complain: Complain): PersonaAgent {
  const { tools = [], palette = 'any' } = policy
  const keep = (part: Part, names: readonly string[] | undefined, allowed: readonly string[] | 'any') =>
    names?.filter((name) => {
      const isAllowed = allowed === 'any' || allowed.includes(name)
      if (!isAllowed) complain(part, name, listOf(allowed))
      return isAllowed
    })
  const bound: Mutable<PersonaAgent> = { ...agent, ...tierOf(policy, agent.tier, complain) }
  if (agent.tools !== undefined) bound.tools = keep('tools', agent.tools, tools)!
  if (agent.delegateTools !== undefined) bound.delegateTools = keep('delegateTools', agent.delegateTools, tools)!
  if (agent.palette !== undefined) bound.palette = keep('palette', agent.palette, palette)!
  const limits = boundLimits(policy, agent.limits ?? {}, complain)
  if (Object.keys(limits).length > 0) bound.limits = limits
  const { maxSteps } = { ...DEFAULT_LIMITS, ...policy.maxLimits }
  if (agent.phases !== undefined)
    bound.phases = agent.phases.map((phase) => {
      const one: Mutable<NonNullable<Agent['phases']>[number]> = { ...phase }
      if (phase.tier !== undefined) Object.assign(one, tierOf(policy, phase.tier, complain))
      if (phase.tools !== undefined) one.tools = keep('tools', phase.tools, tools)!
      if (phase.maxSteps !== undefined) one.maxSteps = within('maxSteps', phase.maxSteps, maxSteps, complain)
      return one
    })
  return bound
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A tier that is not allowed gives way to core's default, or to the first that is. */
function tierOf(
  { tiers = [DEFAULT_TIER] }: PersonaPolicy,
  tier: string | undefined,
  complain: Complain,
): Pick<PersonaAgent, 'tier'> {
  if (tiers === 'any') return tier === undefined ? {} : { tier }
  if (tier !== undefined) {
    if (tiers.includes(tier)) return { tier }
    complain('tier', tier, listOf(tiers))
  }
  return { tier: tiers.includes(DEFAULT_TIER) ? DEFAULT_TIER : tiers[0]! }
}

/** What the host has bounded is set also where the agent leaves it open: an executor's own limits may be wider. */
function boundLimits({ maxLimits = {} }: PersonaPolicy, limits: Limits, complain: Complain): Limits {
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

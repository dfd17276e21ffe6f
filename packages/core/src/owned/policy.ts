import type { Agent } from '../agent.ts'
import { checkCount, checkKeys, checkOneOf, checkTexts } from '../check-option.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Logger } from '../logger.ts'
import { type AgentPolicy, bindAgent, type OwnedAgent } from './bind-agent.ts'
import { VISIBILITIES, type Visibility } from './owned.ts'

/** What things that people make may name, and who may see them. */
export interface OwnedPolicy extends AgentPolicy {
  /** Who may see it, by the word of an owner who is no admin. @default 'private' and 'shared' */
  readonly visibilities?: readonly Visibility[]
}

/** @throws TypeError or RangeError that names the option; `known` are those that this kind of thing has */
export function checkPolicy(policy: OwnedPolicy, known: readonly (keyof OwnedPolicy)[]): void {
  const option = 'options.allow'
  checkKeys(option, policy, known)
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

/** @throws RangeError that names what an agent may not have */
export function checkAllowed(noun: string, policy: OwnedPolicy, agent: OwnedAgent): void {
  bindAgent(policy, agent, (part, what, allowed) => {
    throw new RangeError(
      `Expected \`${noun}.agent.${part}\` to stay within what is allowed (${allowed}), got \`${what}\``,
    )
  })
}

/** The agent to run, under the name of the thing, without what is not allowed; that is logged. */
export function allowedAgent(
  noun: string,
  policy: OwnedPolicy,
  { name, agent }: { readonly name: string; readonly agent: OwnedAgent },
  logger: Logger,
): Agent {
  const bound = bindAgent(policy, agent, (part, what) =>
    logger.warn(`${noun} ${name} names ${what} in its ${part}, which is not allowed`),
  )
  return { ...bound, name }
}

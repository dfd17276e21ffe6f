import { type Agent, checkAgent } from '@executus/core'
import { checkCount, checkKeys, expected } from '@executus/core/check-option'
import { checkChars, checkLength, checkNames, LONGEST_NAME } from '@executus/core/owned'

import type { Persona, PersonaAgent } from './persona.ts'

/** How large a persona may be, and how many one may have. */
export interface PersonaBounds {
  /** @default 64 */
  readonly maxNameChars?: number
  /** It is read by every agent that may delegate to the persona. @default 1_024 */
  readonly maxDescriptionChars?: number
  /** Of the agent, and of each phase. @default 32_000 */
  readonly maxInstructionsChars?: number
  /** @default 8 */
  readonly maxPhases?: number
  /** Tools, and names in its palette. @default 64 */
  readonly maxNames?: number
  /** Of one owner. @default 100 */
  readonly maxPerOwner?: number
}

export const DEFAULT_BOUNDS: Required<PersonaBounds> = Object.freeze({
  maxNameChars: 64, // as long as the name of a tool may be
  maxDescriptionChars: 1_024, // what Agent Skills allow: about 250 tokens in every request
  maxInstructionsChars: 32_000, // about 8,000 tokens: longer than any system prompt that is written by hand
  maxPhases: 8,
  maxNames: 64,
  maxPerOwner: 100,
})

/** @throws TypeError or RangeError that names the option */
export function checkBounds(bounds: PersonaBounds): void {
  checkKeys('options.bounds', bounds, Object.keys(DEFAULT_BOUNDS))
  for (const [name, value] of Object.entries(bounds)) checkCount(`options.bounds.${name}`, value, 1)
}

/**
 * Looks whether a persona from outside has a name and an agent, and is no larger than it may be.
 *
 * @throws TypeError or RangeError that names the field
 */
export function checkPersona({ name, agent }: Persona, bounds: Required<PersonaBounds>): void {
  checkChars('persona.name', name, bounds.maxNameChars)
  // It becomes the name of a tool, and stands in lists.
  if (/\p{C}/u.test(name) || name.trim() !== name)
    throw new RangeError('Expected `persona.name` to have no control characters, and no spaces around it')
  checkAgentSize(agent, bounds)
  checkAgent({ ...agent, name })
}

function checkAgentSize(agent: PersonaAgent, bounds: Required<PersonaBounds>): void {
  if (typeof agent !== 'object' || agent === null || Array.isArray(agent))
    throw expected('persona.agent', 'an object', agent)
  if ('name' in agent) throw new TypeError('Expected `persona.agent` to have no `name`: it is the one of the persona')
  const { description, instructions, phases, tools, palette, delegateTools, tier } = agent
  checkChars('persona.agent.description', description, bounds.maxDescriptionChars)
  checkChars('persona.agent.instructions', instructions, bounds.maxInstructionsChars)
  checkChars('persona.agent.tier', tier, LONGEST_NAME)
  for (const [field, names] of Object.entries({ tools, palette, delegateTools }))
    checkNames(`persona.agent.${field}`, names, bounds.maxNames)
  if (!Array.isArray(phases)) return // what else it may be, is told by `checkAgent`
  checkLength('persona.agent.phases', phases, bounds.maxPhases)
  for (const [index, phase] of (phases as NonNullable<Agent['phases']>).entries()) {
    const option = `persona.agent.phases[${index}]`
    checkChars(`${option}.name`, phase?.name, bounds.maxNameChars)
    checkChars(`${option}.instructions`, phase?.instructions, bounds.maxInstructionsChars)
    checkChars(`${option}.tier`, phase?.tier, LONGEST_NAME)
    checkNames(`${option}.tools`, phase?.tools, bounds.maxNames)
  }
}

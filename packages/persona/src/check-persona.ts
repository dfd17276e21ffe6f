import { type Agent, checkAgent } from '@executus/core'
import { checkCount, checkKeys, checkOneOf, checkText, expected } from '@executus/core/check-option'

import { type Persona, type PersonaAgent, VISIBILITIES } from './persona.ts'

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

/** A tier, a tool or a delegate; nothing that exists has a longer name. */
const LONGEST_NAME = 256

/**
 * Looks whether a persona from outside is one, and no larger than it may be.
 *
 * @throws TypeError or RangeError that names the field
 */
export function checkPersona(persona: Persona, bounds: Required<PersonaBounds>): void {
  const { id, name, owner, visibility, scope, agent } = persona
  for (const [field, value] of Object.entries({ id, owner })) checkText(`persona.${field}`, value)
  checkText('persona.name', name)
  checkChars('persona.name', name, bounds.maxNameChars)
  // It becomes the name of a tool, and stands in lists.
  if (/\p{C}/u.test(name) || name.trim() !== name)
    throw new RangeError('Expected `persona.name` to have no control characters, and no spaces around it')
  checkOneOf('persona.visibility', visibility, VISIBILITIES)
  if (visibility === 'shared') checkText('persona.scope', scope)
  else if (scope !== undefined)
    throw new RangeError('Expected `persona.scope` to be set only with `visibility: shared`')
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
  checkNames('persona.agent', { tools, palette, delegateTools }, bounds)
  if (!Array.isArray(phases)) return // what else it may be, is told by `checkAgent`
  checkLength('persona.agent.phases', phases, bounds.maxPhases)
  for (const [index, phase] of (phases as NonNullable<Agent['phases']>).entries()) {
    const option = `persona.agent.phases[${index}]`
    checkChars(`${option}.name`, phase?.name, bounds.maxNameChars)
    checkChars(`${option}.instructions`, phase?.instructions, bounds.maxInstructionsChars)
    checkChars(`${option}.tier`, phase?.tier, LONGEST_NAME)
    checkNames(option, { tools: phase?.tools }, bounds)
  }
}

function checkNames(
  option: string,
  lists: Readonly<Record<string, unknown>>,
  { maxNames }: Required<PersonaBounds>,
): void {
  for (const [field, names] of Object.entries(lists)) {
    if (!Array.isArray(names)) continue
    checkLength(`${option}.${field}`, names, maxNames)
    for (const [index, name] of names.entries()) checkChars(`${option}.${field}[${index}]`, name, LONGEST_NAME)
  }
}

function checkLength(option: string, list: readonly unknown[], most: number): void {
  if (list.length > most) throw new RangeError(`Expected \`${option}\` to hold at most ${most}, got ${list.length}`)
}

function checkChars(option: string, text: unknown, most: number): void {
  if (typeof text === 'string' && text.length > most)
    throw new RangeError(`Expected \`${option}\` to be of at most ${most} characters, got ${text.length}`)
}

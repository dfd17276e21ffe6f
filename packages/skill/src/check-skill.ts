import { checkAgent } from '@executus/core'
import { checkCount, checkKeys, checkText, expected } from '@executus/core/check-option'
import { checkChars, checkLength, checkNames, LONGEST_NAME } from '@executus/core/owned'

import { checkPrompt } from './fill-prompt.ts'
import { checkInputs, type SkillInput } from './skill-inputs.ts'
import type { Skill, SkillAgent } from './skill.ts'

/** How large a skill may be, and how many one may have. */
export interface SkillBounds {
  /** It is read by every agent that may call the skill; also of each input. @default 1_024 */
  readonly maxDescriptionChars?: number
  /** @default 32_000 */
  readonly maxPromptChars?: number
  /** Of the agent, and of each phase. @default 32_000 */
  readonly maxInstructionsChars?: number
  /** @default 16 */
  readonly maxInputs?: number
  /** @default 8 */
  readonly maxPhases?: number
  /** Tools, and choices of an input. @default 64 */
  readonly maxNames?: number
  /** Of one owner. @default 100 */
  readonly maxPerOwner?: number
}

export const DEFAULT_BOUNDS: Required<SkillBounds> = Object.freeze({
  maxDescriptionChars: 1_024, // what Agent Skills allow: about 250 tokens in every request
  maxPromptChars: 32_000, // about 8,000 tokens: longer than any prompt that is written by hand
  maxInstructionsChars: 32_000,
  maxInputs: 16, // models leave out more of them
  maxPhases: 8,
  maxNames: 64,
  maxPerOwner: 100,
})

/** @throws TypeError or RangeError that names the option */
export function checkBounds(bounds: SkillBounds): void {
  checkKeys('options.bounds', bounds, Object.keys(DEFAULT_BOUNDS))
  for (const [name, value] of Object.entries(bounds)) checkCount(`options.bounds.${name}`, value, 1)
}

/** As Agent Skills name them (https://agentskills.io/specification, 2026-08). */
export const SKILL_NAME: RegExp = /^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/

const AGENT: readonly string[] = ['instructions', 'tier', 'tools', 'limits', 'phases'] satisfies (keyof SkillAgent)[]

/**
 * Looks whether a skill from outside has all that a skill has, and is no larger than it may be.
 *
 * @throws TypeError or RangeError that names the field
 */
export function checkSkill(skill: Skill, bounds: Required<SkillBounds>): void {
  const { name, description, inputs, prompt, agent } = skill
  for (const [field, value] of Object.entries({ description, prompt })) checkText(`skill.${field}`, value)
  if (!SKILL_NAME.test(name))
    throw new RangeError('Expected `skill.name` to be 1 to 64 small letters, digits and single hyphens between them')
  checkChars('skill.description', description, bounds.maxDescriptionChars)
  checkChars('skill.prompt', prompt, bounds.maxPromptChars)
  if (Array.isArray(inputs)) checkInputSizes(inputs, bounds)
  checkInputs(inputs)
  checkPrompt(prompt, inputs)
  checkKeys('skill.agent', agent, AGENT)
  checkAgentSize(agent, bounds)
  checkAgent({ ...agent, name })
}

function checkInputSizes(inputs: readonly SkillInput[], bounds: Required<SkillBounds>): void {
  checkLength('skill.inputs', inputs, bounds.maxInputs)
  for (const [index, input] of inputs.entries()) {
    const option = `skill.inputs[${index}]`
    checkChars(`${option}.description`, input?.description, bounds.maxDescriptionChars)
    checkChars(`${option}.default`, input?.default, bounds.maxPromptChars)
    if (input?.type === 'enum') checkNames(`${option}.choices`, input.choices, bounds.maxNames)
  }
}

function checkAgentSize(agent: SkillAgent, bounds: Required<SkillBounds>): void {
  const { instructions, phases, tools, tier } = agent
  checkChars('skill.agent.instructions', instructions, bounds.maxInstructionsChars)
  checkChars('skill.agent.tier', tier, LONGEST_NAME)
  checkNames('skill.agent.tools', tools, bounds.maxNames)
  if (phases === undefined) return
  if (!Array.isArray(phases)) throw expected('skill.agent.phases', 'a list of phases', phases)
  checkLength('skill.agent.phases', phases, bounds.maxPhases)
  for (const [index, phase] of (phases as NonNullable<SkillAgent['phases']>).entries()) {
    const option = `skill.agent.phases[${index}]`
    checkChars(`${option}.name`, phase?.name, LONGEST_NAME)
    checkChars(`${option}.instructions`, phase?.instructions, bounds.maxInstructionsChars)
    checkChars(`${option}.tier`, phase?.tier, LONGEST_NAME)
    checkNames(`${option}.tools`, phase?.tools, bounds.maxNames)
  }
}

import type { Agent, Palette } from '@executus/core'
import { checkKeys } from '@executus/core/check-option'
import {
  allowedAgent,
  checkAllowed,
  checkPolicy,
  type OwnedChange,
  type OwnedDraft,
  type OwnedItems,
  ownedItems,
  type OwnedListQuery,
  ownedPalette,
  type OwnedPolicy,
  type OwnedPorts,
  PORT_OPTIONS,
  portsOf,
  type Viewer,
} from '@executus/core/owned'

import { checkBounds, checkSkill, DEFAULT_BOUNDS, type SkillBounds } from './check-skill.ts'
import { fillPrompt } from './fill-prompt.ts'
import { skillDelegate } from './skill-delegate.ts'
import { readInputs, type SkillInput } from './skill-inputs.ts'
import { type Skill, type SkillAgent, skillKind } from './skill.ts'

export interface SkillsOptions extends OwnedPorts<Skill> {
  /** What skills may name. @default no tools, the tier `fast`, core's default limits */
  readonly allow?: SkillPolicy
  readonly bounds?: SkillBounds
}

/** A skill delegates to nobody, so there is no palette to bound. */
export type SkillPolicy = Omit<OwnedPolicy, 'palette'>

/** Skills as stored data: made, changed and found as core's `OwnedItems` tells, and run. */
export interface Skills extends Omit<OwnedItems<Skill, SkillDraft>, 'list'> {
  /** Those that one sees, in the order of their making. */
  list(query: OwnedListQuery, options: { readonly as: Viewer }): Promise<SkillPage>
  /**
   * The agent to run, without what is not allowed (any more). It is data from outside: run it with `isFirstParty: false`.
   */
  agentOf(skill: Skill): Agent
  /**
   * What to run it on: the prompt with these inputs.
   *
   * @throws RangeError when they are not what it takes
   */
  promptOf(skill: Skill, inputs: Readonly<Record<string, string | number | boolean>>): string
  /** For an executor: the skills that a run may call as `skill__name`, as its caller sees them. */
  palette(): Palette
}

export interface SkillDraft extends OwnedDraft {
  readonly description: string
  /** @default none */
  readonly inputs?: readonly SkillInput[]
  readonly prompt: string
  /** @default {} */
  readonly agent?: SkillAgent
}

export type SkillChange = OwnedChange<SkillDraft>

export interface SkillPage {
  readonly skills: readonly Skill[]
  /** Where to go on; absent when that was all. */
  readonly next?: string
}

const OPTIONS = [...PORT_OPTIONS, 'allow', 'bounds']

/**
 * Skills in a store.
 *
 * @throws TypeError or RangeError that names the option
 * @example
 * const skills = createSkills({ allow: { tools: ['web_fetch'] } })
 * const executor = createExecutor({ ...fromEnv(), palette: skills.palette() })
 */
export function createSkills(options: SkillsOptions = {}): Skills {
  checkKeys('options', options, OPTIONS)
  const ports = portsOf(skillKind, options)
  const { logger } = ports
  const { allow = {}, bounds = {} } = options
  checkPolicy(allow, ['tools', 'tiers', 'maxLimits', 'visibilities'])
  checkBounds(bounds)
  const sizes = { ...DEFAULT_BOUNDS, ...bounds }
  const items = ownedItems<Skill, SkillDraft>({
    kind: skillKind,
    content: { description: undefined, inputs: [], prompt: undefined, agent: {} },
    visibilities: allow.visibilities,
    maxPerOwner: sizes.maxPerOwner,
    check(skill) {
      checkSkill(skill, sizes)
      checkAllowed('skill', allow, skill.agent)
    },
    ports,
  })
  const agentOf = (skill: Skill) => allowedAgent('skill', allow, skill, logger)
  return {
    ...items,
    async list(query, { as }) {
      const { found, ...page } = await items.list(query, { as })
      return { skills: found, ...page }
    },
    agentOf,
    promptOf(skill, inputs) {
      const read = readInputs(skill.inputs, inputs)
      if (!read.ok) throw new RangeError(`The inputs of ${skill.name} are wrong: ${read.problem}`)
      return fillPrompt(skill.prompt, read.value)
    },
    palette: () => ownedPalette(skillKind, ports, (name, skill) => skillDelegate(name, skill, agentOf, logger)),
  }
}

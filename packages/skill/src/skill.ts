import type { Agent } from '@executus/core'
import { nameKeyOf, type Owned, type OwnedKind } from '@executus/core/owned'

import type { SkillInput } from './skill-inputs.ts'

/** Something that agents can have done, as it is kept: a prompt with places for inputs, and how it runs. Plain data. */
export interface Skill extends Owned {
  /** Small letters, digits and single hyphens, at most 64: as Agent Skills have it. Unique among those of its owner. */
  readonly name: string
  /** What it does and when to use it: all that a model knows about it. */
  readonly description: string
  readonly inputs: readonly SkillInput[]
  /** What its run is given: `{{name}}` stands for an input. */
  readonly prompt: string
  readonly agent: SkillAgent
}

/** How it runs; its name is the skill's. It delegates to nobody. */
export type SkillAgent = Pick<Agent, 'instructions' | 'tier' | 'tools' | 'limits' | 'phases'>

/** What stores of skills go by. A search looks into the name and the description. */
export const skillKind: OwnedKind<Skill> = {
  noun: 'skill',
  wordsOf: ({ name, description }) => nameKeyOf(`${name}\n${description}`),
}

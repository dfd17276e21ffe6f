import type { Agent } from '@executus/core'

import type { SkillInput } from './skill-inputs.ts'

/** Who sees it: its owner, all who are in its scope, or everybody. */
export type Visibility = 'private' | 'shared' | 'public'

export const VISIBILITIES: readonly Visibility[] = ['private', 'shared', 'public']

/** Something that agents can have done, as it is kept: a prompt with places for inputs, and how it runs. Plain data. */
export interface Skill {
  readonly id: string
  /** Small letters, digits and single hyphens, at most 64: as Agent Skills have it. Unique among those of its owner. */
  readonly name: string
  readonly owner: string
  readonly visibility: Visibility
  /** Of a shared one: who is in this scope sees it. A guild, say. */
  readonly scope?: string
  /** What it does and when to use it: all that a model knows about it. */
  readonly description: string
  readonly inputs: readonly SkillInput[]
  /** What its run is given: `{{name}}` stands for an input. */
  readonly prompt: string
  readonly agent: SkillAgent
  /** Counts its changes, from 1. */
  readonly version: number
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** How it runs; its name is the skill's. It delegates to nobody. */
export type SkillAgent = Pick<Agent, 'instructions' | 'tier' | 'tools' | 'limits' | 'phases'>

/** What two names have in common that are one. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase().toWellFormed()
}

/** What a search looks into: its name and its description. */
export function wordsOf({ name, description }: Pick<Skill, 'name' | 'description'>): string {
  return nameKeyOf(`${name}\n${description}`)
}

import type { Agent } from '@executus/core'

/** Who sees it: its owner, all who are in its scope, or everybody. */
export type Visibility = 'private' | 'shared' | 'public'

export const VISIBILITIES: readonly Visibility[] = ['private', 'shared', 'public']

/** An agent that somebody made, as it is kept. Plain data. */
export interface Persona {
  readonly id: string
  /** Unique among those of its owner, whatever the case of its letters. */
  readonly name: string
  readonly owner: string
  readonly visibility: Visibility
  /** Of a shared one: who is in this scope sees it. A guild, say. */
  readonly scope?: string
  readonly agent: PersonaAgent
  /** Counts its changes, from 1. */
  readonly version: number
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** How it runs; its name is the persona's. */
export type PersonaAgent = Omit<Agent, 'name'>

/** What two names have in common that are one: `Ann` and `ann`. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase().toWellFormed()
}

/** What a search looks into: its name and its description. */
export function wordsOf({ name, agent }: Pick<Persona, 'name' | 'agent'>): string {
  return nameKeyOf(`${name}\n${agent.description ?? ''}`)
}

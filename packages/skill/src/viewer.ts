import type { Principal } from '@executus/core'
import { checkTexts, expected } from '@executus/core/check-option'

import { SkillError } from './errors.ts'
import { isSeenBy, type SkillQuery } from './skill-store.ts'
import type { Skill } from './skill.ts'

/** Who asks. */
export interface Viewer extends Principal {
  /** The scopes that one is in: sees what is shared there. @default none */
  readonly scopes?: readonly string[]
}

/** @throws TypeError or RangeError when it is none */
export function checkViewer(as: Viewer | undefined): asserts as is Viewer {
  if (!Array.isArray(as?.roles) || typeof as.isAdmin !== 'boolean')
    throw expected('as', 'a principal with `roles` and `isAdmin`', as)
  if (as.id !== undefined && typeof as.id !== 'string') throw expected('as.id', 'a string', as.id)
  if (as.scopes !== undefined) checkTexts('as.scopes', as.scopes)
}

/** What a query asks for somebody; an admin sees all. */
export function seenByOf(as: Viewer): Pick<SkillQuery, 'seenBy'> {
  if (as.isAdmin) return {}
  return { seenBy: { ...(as.id !== undefined && { id: as.id }), scopes: as.scopes ?? [] } }
}

export function maySee(as: Viewer, skill: Skill): boolean {
  const { seenBy } = seenByOf(as)
  return seenBy === undefined || isSeenBy(skill, seenBy)
}

/** @throws SkillError `forbidden` unless it is one's own, or one is an admin */
export function checkMayChange(as: Viewer, { name, owner }: Skill): void {
  if (!as.isAdmin && owner !== as.id)
    throw new SkillError('forbidden', `Skill ${name} can only be changed by who made it`)
}

/**
 * Whose a skill is to be.
 *
 * @throws SkillError `forbidden` when nobody asks, or for somebody else
 */
export function ownerFor(as: Viewer, wanted: string | undefined): string {
  const owner = wanted ?? as.id
  if (owner === undefined) throw new SkillError('forbidden', 'A skill is made by somebody, and nobody was named')
  if (owner !== as.id && !as.isAdmin)
    throw new SkillError('forbidden', 'A skill for somebody else can only be made by an admin')
  return owner
}

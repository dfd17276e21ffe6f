import type { Principal } from '@executus/core'
import { checkTexts, expected } from '@executus/core/check-option'

import { PersonaError } from './errors.ts'
import { isSeenBy, type PersonaQuery } from './persona-store.ts'
import type { Persona } from './persona.ts'

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
export function seenByOf(as: Viewer): Pick<PersonaQuery, 'seenBy'> {
  if (as.isAdmin) return {}
  return { seenBy: { ...(as.id !== undefined && { id: as.id }), scopes: as.scopes ?? [] } }
}

export function maySee(as: Viewer, persona: Persona): boolean {
  const { seenBy } = seenByOf(as)
  return seenBy === undefined || isSeenBy(persona, seenBy)
}

/** @throws PersonaError `forbidden` unless it is one's own, or one is an admin */
export function checkMayChange(as: Viewer, { name, owner }: Persona): void {
  if (!as.isAdmin && owner !== as.id)
    throw new PersonaError('forbidden', `Persona ${name} can only be changed by who made it`)
}

/**
 * Whose a persona is to be.
 *
 * @throws PersonaError `forbidden` when nobody asks, or for somebody else
 */
export function ownerFor(as: Viewer, wanted: string | undefined): string {
  const owner = wanted ?? as.id
  if (owner === undefined) throw new PersonaError('forbidden', 'A persona is made by somebody, and nobody was named')
  if (owner !== as.id && !as.isAdmin)
    throw new PersonaError('forbidden', 'A persona for somebody else can only be made by an admin')
  return owner
}

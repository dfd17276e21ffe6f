import { checkTexts, expected } from '../check-option.ts'
import type { Principal } from '../ports/identity.ts'
import { OwnedError } from './errors.ts'
import { isSeenBy, type OwnedQuery, type Sight } from './owned-store.ts'
import { capital, type Owned } from './owned.ts'

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

/** What somebody sees who is no admin, or is not to see as one. */
export function sightOf({ id, scopes = [] }: Viewer): Sight {
  return { ...(id !== undefined && { id }), scopes }
}

/** What a query asks for somebody; an admin sees all. */
export function seenByOf(as: Viewer): Pick<OwnedQuery, 'seenBy'> {
  return as.isAdmin ? {} : { seenBy: sightOf(as) }
}

export function maySee(as: Viewer, item: Owned): boolean {
  return as.isAdmin || isSeenBy(item, sightOf(as))
}

/** @throws OwnedError `forbidden` unless it is one's own, or one is an admin */
export function checkMayChange(noun: string, as: Viewer, { name, owner }: Owned): void {
  if (!as.isAdmin && owner !== as.id)
    throw new OwnedError('forbidden', `${capital(noun)} ${name} can only be changed by who made it`)
}

/**
 * Whose it is to be.
 *
 * @throws OwnedError `forbidden` when nobody asks, or for somebody else
 */
export function ownerFor(noun: string, as: Viewer, wanted: string | undefined): string {
  const owner = wanted ?? as.id
  if (owner === undefined) throw new OwnedError('forbidden', `A ${noun} is made by somebody, and nobody was named`)
  if (owner !== as.id && !as.isAdmin)
    throw new OwnedError('forbidden', `A ${noun} for somebody else can only be made by an admin`)
  return owner
}

/** Who sees it: its owner, all who are in its scope, or everybody. */
export type Visibility = 'private' | 'shared' | 'public'

export const VISIBILITIES: readonly Visibility[] = ['private', 'shared', 'public']

/** What every thing has that somebody made, owns and shares. Plain data. */
export interface Owned {
  readonly id: string
  /** Unique among those of its owner, by `nameKeyOf`. */
  readonly name: string
  readonly owner: string
  readonly visibility: Visibility
  /** Of a shared one: who is in this scope sees it. A guild, say. */
  readonly scope?: string
  /** Counts its changes, from 1. */
  readonly version: number
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What sets one kind apart from the others. */
export interface OwnedKind<Item extends Owned> {
  /** As messages call it: `persona`. More of them are called with an `s`. */
  readonly noun: string
  /** What a search looks into: its name and its description, folded by `nameKeyOf`. */
  readonly wordsOf: (item: Item) => string
}

/** What two names have in common that are one: `Ann` and `ann`. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase().toWellFormed()
}

/** As a sentence begins with it: `Persona`. */
export function capital(noun: string): string {
  return noun.charAt(0).toUpperCase() + noun.slice(1)
}

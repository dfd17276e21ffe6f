import { nameKeyOf, type Owned, type OwnedKind, type Visibility } from './owned.ts'

/**
 * Where the things of one kind are kept.
 *
 * Contract for every method: it resolves only when its effect is durable, and is then seen by every opened store; it rejects
 * with a `StoreError` and leaves the store as it was. What is given out are copies, and what is taken in is copied. Ids,
 * names and texts are any strings, but that a half of a surrogate pair may come back well-formed. Whoever asks may do so:
 * permission is looked at before.
 */
export interface OwnedStore<Item extends Owned> {
  /**
   * Keeps a new one, unless its owner has `maxOfOwner` already. Rejects with `exists` when its id is taken, or its name
   * (by `nameKeyOf`) among those of its owner.
   */
  create(item: Item, options: { readonly maxOfOwner: number }): Promise<'created' | 'too-many'>

  /**
   * Puts it in the place of the one with its id. Rejects with `not-found`; with `fenced` when that is not of version
   * `expectVersion`, and the message tells which it is; with `exists` when another of its owner has its name.
   */
  update(item: Item, options: { readonly expectVersion: number }): Promise<void>

  /** The one with this id; `undefined` when there is none. Rejects with `corrupt` when it is damaged. */
  find(id: string): Promise<Item | undefined>

  /**
   * Those that fit a query, in the order in which they were made. `next` is there when more may follow, and holds whatever
   * is removed in the meantime. One that is damaged hides no other: its id is in `damaged`.
   */
  list(query: OwnedQuery): Promise<FoundOwned<Item>>

  /**
   * Forgets one, also when it is damaged; gives whether it was there. Rejects with `fenced` when it is not of version
   * `expectVersion`.
   */
  remove(id: string, options?: { readonly expectVersion?: number }): Promise<boolean>

  /** Closes it. Every later call but another `close` rejects with `closed`. */
  close(): Promise<void>
}

export const STORE_METHODS: readonly string[] = [
  'create',
  'update',
  'find',
  'list',
  'remove',
  'close',
] satisfies (keyof OwnedStore<Owned>)[]

/** Which: those for which all holds that is said. */
export interface OwnedQuery {
  /** At most so many, 1 or more. */
  readonly limit: number
  /** Where to go on: the `next` of an earlier page. */
  readonly after?: string
  readonly owner?: string
  readonly visibility?: Visibility
  readonly scope?: string
  /** As `nameKeyOf` gives it. */
  readonly nameKey?: string
  /** What the name or the description holds, whatever the case of the letters. */
  readonly text?: string
  readonly seenBy?: Sight
}

/** Who sees them: one's own, the shared ones of these scopes, and the public ones. */
export interface Sight {
  readonly id?: string
  readonly scopes: readonly string[]
}

export interface FoundOwned<Item> {
  readonly found: readonly Item[]
  readonly damaged: readonly string[]
  readonly next?: string
}

/** Whether one fits a query, but for its page. */
export function fitsQuery<Item extends Owned>(kind: OwnedKind<Item>, item: Item, query: OwnedQuery): boolean {
  const { owner, visibility, scope, nameKey, text, seenBy } = query
  return (
    (owner === undefined || item.owner === owner) &&
    (visibility === undefined || item.visibility === visibility) &&
    (scope === undefined || item.scope === scope) &&
    (nameKey === undefined || nameKeyOf(item.name) === nameKey) &&
    (text === undefined || kind.wordsOf(item).includes(nameKeyOf(text))) &&
    (seenBy === undefined || isSeenBy(item, seenBy))
  )
}

/** Whether somebody sees it. */
export function isSeenBy(item: Owned, { id, scopes }: Sight): boolean {
  if (item.visibility === 'public' || (id !== undefined && item.owner === id)) return true
  return item.visibility === 'shared' && item.scope !== undefined && scopes.includes(item.scope)
}

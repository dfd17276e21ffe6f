import { fitsQuery, type OwnedQuery, type OwnedStore, type Sight } from './owned-store.ts'
import { nameKeyOf, type Owned, type OwnedKind } from './owned.ts'

export interface FindNamedOptions<Item extends Owned> {
  /** Counts in the place of what is kept under its id. */
  readonly pending?: { readonly item: Item; readonly kind: OwnedKind<Item> }
  readonly onDamaged?: (id: string) => void
}

/**
 * What a name means to somebody: one's own, else one that is shared with one, scope by scope, else a public one, the oldest.
 */
export async function findNamed<Item extends Owned>(
  store: OwnedStore<Item>,
  name: string,
  seenBy: Sight,
  { pending, onDamaged }: FindNamedOptions<Item> = {},
): Promise<Item | undefined> {
  const nameKey = nameKeyOf(name)
  for (const part of partsOf(seenBy)) {
    const query = { ...part, nameKey, limit: 2 }
    const { found, damaged } = await store.list(query)
    for (const id of damaged) onDamaged?.(id)
    const [first] = found.filter(({ id }) => id !== pending?.item.id)
    if (first !== undefined) return first
    if (pending !== undefined && fitsQuery(pending.kind, pending.item, query)) return pending.item
  }
  return undefined
}

function partsOf({ id, scopes }: Sight): readonly Omit<OwnedQuery, 'limit'>[] {
  return [
    ...(id === undefined ? [] : [{ owner: id }]),
    ...scopes.map((scope) => ({ visibility: 'shared' as const, scope })),
    { visibility: 'public' },
  ]
}

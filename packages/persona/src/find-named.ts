import { fitsQuery, type FoundPersonas, type PersonaQuery, type PersonaStore } from './persona-store.ts'
import { nameKeyOf, type Persona } from './persona.ts'

/** Whose view a name is looked up in. */
export type Sight = NonNullable<PersonaQuery['seenBy']>

/**
 * What a name means to somebody: one's own persona, else one that is shared with one, scope by scope, else a public one, the
 * oldest. `pending` counts in the place of what is kept under its id.
 */
export async function findNamed(
  store: PersonaStore,
  name: string,
  seenBy: Sight,
  { pending, onDamaged }: { readonly pending?: Persona; readonly onDamaged?: (id: string) => void } = {},
): Promise<Persona | undefined> {
  const nameKey = nameKeyOf(name)
  for (const part of partsOf(seenBy)) {
    const query = { ...part, nameKey, limit: 2 }
    const { found, damaged }: FoundPersonas = await store.list(query)
    for (const id of damaged) onDamaged?.(id)
    const [first] = found.filter(({ id }) => id !== pending?.id)
    if (first !== undefined) return first
    if (pending !== undefined && fitsQuery(pending, query)) return pending
  }
  return undefined
}

function partsOf({ id, scopes }: Sight): readonly Omit<PersonaQuery, 'limit'>[] {
  return [
    ...(id === undefined ? [] : [{ owner: id }]),
    ...scopes.map((scope) => ({ visibility: 'shared' as const, scope })),
    { visibility: 'public' },
  ]
}

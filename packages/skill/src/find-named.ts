import { fitsQuery, type FoundSkills, type SkillQuery, type SkillStore } from './skill-store.ts'
import { nameKeyOf, type Skill } from './skill.ts'

/** Whose view a name is looked up in. */
export type Sight = NonNullable<SkillQuery['seenBy']>

/**
 * What a name means to somebody: one's own skill, else one that is shared with one, scope by scope, else a public one, the
 * oldest. `pending` counts in the place of what is kept under its id.
 */
export async function findNamed(
  store: SkillStore,
  name: string,
  seenBy: Sight,
  { pending, onDamaged }: { readonly pending?: Skill; readonly onDamaged?: (id: string) => void } = {},
): Promise<Skill | undefined> {
  const nameKey = nameKeyOf(name)
  for (const part of partsOf(seenBy)) {
    const query = { ...part, nameKey, limit: 2 }
    const { found, damaged }: FoundSkills = await store.list(query)
    for (const id of damaged) onDamaged?.(id)
    const [first] = found.filter(({ id }) => id !== pending?.id)
    if (first !== undefined) return first
    if (pending !== undefined && fitsQuery(pending, query)) return pending
  }
  return undefined
}

function partsOf({ id, scopes }: Sight): readonly Omit<SkillQuery, 'limit'>[] {
  return [
    ...(id === undefined ? [] : [{ owner: id }]),
    ...scopes.map((scope) => ({ visibility: 'shared' as const, scope })),
    { visibility: 'public' },
  ]
}

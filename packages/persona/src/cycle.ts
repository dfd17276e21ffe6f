import { findNamed } from '@executus/core/owned'

import type { PersonaStore } from './persona-store.ts'
import { type Persona, personaKind } from './persona.ts'

/** A larger web of personas is left to core, which holds at run time. */
const MOST_VISITED = 100

/**
 * Looks whether a persona would lead back to itself through those in its palette, as their owners see them.
 *
 * @throws RangeError that tells the way
 */
export async function refuseCycle(store: PersonaStore, persona: Persona): Promise<void> {
  const visited = new Set<string>()
  const left: { readonly at: Persona; readonly way: readonly string[] }[] = [{ at: persona, way: [persona.name] }]
  const pending = { item: persona, kind: personaKind }
  for (const { at, way } of left) {
    const scopes = at.scope === undefined ? [] : [at.scope]
    for (const name of at.agent.palette ?? []) {
      const next = await findNamed(store, name, { id: at.owner, scopes }, { pending })
      if (next === undefined || visited.has(next.id)) continue
      const further = [...way, next.name]
      if (next.id === persona.id)
        throw new RangeError(`Expected \`persona.agent.palette\` not to lead back, got \`${further.join(' -> ')}\``)
      if (visited.size >= MOST_VISITED) return
      visited.add(next.id)
      left.push({ at: next, way: further })
    }
  }
}

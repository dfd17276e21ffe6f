import { type MemoryOwnedStore, memoryOwnedStore, type OwnedStore } from '@executus/core/owned'

import { type Persona, personaKind } from './persona.ts'

/** Where personas are kept. The contract is that of core's `OwnedStore`. */
export type PersonaStore = OwnedStore<Persona>

/** A store in memory: all of it is lost with the process. */
export function memoryPersonaStore(): MemoryOwnedStore<Persona> {
  return memoryOwnedStore(personaKind)
}

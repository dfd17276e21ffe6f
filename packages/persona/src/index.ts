// Keep agents as data, and let people make them.
export {
  createPersonas,
  type PersonaChange,
  type PersonaDraft,
  type PersonaListQuery,
  type PersonaPage,
  type Personas,
  type PersonasOptions,
} from './personas.ts'
export { DEFAULT_BOUNDS, type PersonaBounds } from './check-persona.ts'
export type { PersonaPolicy } from './policy.ts'
export type { Viewer } from './viewer.ts'
export { PersonaError, type PersonaErrorCode } from './errors.ts'

// Let models make them.
export { personaTools, type PersonaToolsOptions } from './persona-tools.ts'

// What a store must be able to do.
export { type MemoryPersonaStore, memoryPersonaStore } from './memory-store.ts'
export { nameKeyOf, type Persona, type PersonaAgent, type Visibility, wordsOf } from './persona.ts'
export { fitsQuery, type FoundPersonas, type PersonaQuery, type PersonaStore } from './persona-store.ts'

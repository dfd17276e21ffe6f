// Keep agents as data, and let people make them. What they share with other things that people make is in
// `@executus/core/owned`: who sees what, `Viewer`, `OwnedError`, `OwnedStore`.
export {
  createPersonas,
  type PersonaChange,
  type PersonaDraft,
  type PersonaPage,
  type PersonaPolicy,
  type Personas,
  type PersonasOptions,
} from './personas.ts'
export { DEFAULT_BOUNDS, type PersonaBounds } from './check-persona.ts'

// Let models make them.
export { personaTools, type PersonaToolsOptions } from './persona-tools.ts'

// What a store keeps.
export { memoryPersonaStore, type PersonaStore } from './persona-store.ts'
export { type Persona, type PersonaAgent, personaKind } from './persona.ts'

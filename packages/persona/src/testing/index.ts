/** The contract of `PersonaStore`, as test cases. */
export { type PersonaConformanceCase, type PersonaConformanceOptions, personaStoreConformance } from './conformance.ts'
export type { OpenedPersonaStores, PersonaStoreAbilities } from './store-cases/store-case.ts'

/** The contract of `PersonaStore`, as test cases. */
export { personaStoreConformance } from './conformance.ts'

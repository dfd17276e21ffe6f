/** The contract of `SkillStore`, as test cases. */
export { skillStoreConformance } from './conformance.ts'

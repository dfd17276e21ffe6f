/** The contract of `SkillStore`, as test cases. */
export { type SkillConformanceCase, type SkillConformanceOptions, skillStoreConformance } from './conformance.ts'
export type { OpenedSkillStores, SkillStoreAbilities } from './store-cases/store-case.ts'

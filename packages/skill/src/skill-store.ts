import { type MemoryOwnedStore, memoryOwnedStore, type OwnedStore } from '@executus/core/owned'

import { type Skill, skillKind } from './skill.ts'

/** Where skills are kept. The contract is that of core's `OwnedStore`. */
export type SkillStore = OwnedStore<Skill>

/** A store in memory: all of it is lost with the process. */
export function memorySkillStore(): MemoryOwnedStore<Skill> {
  return memoryOwnedStore(skillKind)
}

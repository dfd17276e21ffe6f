// Keep skills as data, and let agents call them.
export {
  createSkills,
  type SkillChange,
  type SkillDraft,
  type SkillListQuery,
  type SkillPage,
  type Skills,
  type SkillsOptions,
} from './skills.ts'
export type { BooleanInput, ChoiceInput, NumberInput, SkillInput, TextInput } from './skill-inputs.ts'
export { DEFAULT_BOUNDS, type SkillBounds } from './check-skill.ts'
export type { SkillPolicy } from './policy.ts'
export type { Viewer } from './viewer.ts'
export { SkillError, type SkillErrorCode } from './errors.ts'

// Read Agent Skills folders.
export {
  digestOf,
  type FolderSkill,
  type SkillFolder,
  skillFolder,
  type SkillFolderOptions,
} from './folder/skill-folder.ts'
export { DEFAULT_FOLDER_BOUNDS, type SkillFile, type SkillFolderBounds } from './folder/read-files.ts'
export type { SkillDiagnostic, SkillDiagnosticCode } from './folder/diagnostic.ts'

// What a store must be able to do.
export { type MemorySkillStore, memorySkillStore } from './memory-store.ts'
export { nameKeyOf, type Skill, type SkillAgent, type Visibility, wordsOf } from './skill.ts'
export { fitsQuery, type FoundSkills, type SkillQuery, type SkillStore } from './skill-store.ts'

// Keep skills as data, and let agents call them. What they share with other things that people make is in
// `@executus/core/owned`: who sees what, `Viewer`, `OwnedError`, `OwnedStore`.
export {
  createSkills,
  type SkillChange,
  type SkillDraft,
  type SkillPage,
  type SkillPolicy,
  type Skills,
  type SkillsOptions,
} from './skills.ts'
export type { BooleanInput, ChoiceInput, NumberInput, SkillInput, TextInput } from './skill-inputs.ts'
export { DEFAULT_BOUNDS, type SkillBounds } from './check-skill.ts'

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

// What a store keeps.
export { memorySkillStore, type SkillStore } from './skill-store.ts'
export { type Skill, type SkillAgent, skillKind } from './skill.ts'

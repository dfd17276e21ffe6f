import { type Skill, skillKind, type SkillStore } from '@executus/skill'

import { OwnedRecords } from '../persona/owned-records.ts'
import type { SqliteDatabase } from '../sqlite-database.ts'

/** A skill store on a file that is open; with `isDatabaseOurs` the file is closed with it. */
export function openSkills(db: SqliteDatabase, isDatabaseOurs: boolean): SkillStore {
  return new OwnedRecords<Skill>(db, isDatabaseOurs, 'skills', skillKind)
}

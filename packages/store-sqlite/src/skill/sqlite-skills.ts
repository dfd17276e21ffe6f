import { fitsQuery, nameKeyOf, type Skill, type SkillStore, wordsOf } from '@executus/skill'

import { OwnedRecords } from '../persona/owned-records.ts'
import type { SqliteDatabase } from '../sqlite-database.ts'

/** A skill store on a file that is open; with `isDatabaseOurs` the file is closed with it. */
export function openSkills(db: SqliteDatabase, isDatabaseOurs: boolean): SkillStore {
  return new OwnedRecords<Skill>(db, isDatabaseOurs, {
    table: 'skills',
    noun: 'skill',
    nameKeyOf,
    wordsOf,
    fits: fitsQuery,
  })
}
